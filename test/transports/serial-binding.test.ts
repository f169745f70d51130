import { expect, test, vi } from 'vitest';
import { serialTransport } from '../../src/transports/serial.ts';
import { recordingListener } from '../support/recording-listener.ts';

test('a native part that cannot be loaded is said in words, with what to do', async () => {
  vi.doMock('serialport', () => {
    throw new Error('No native build was found for platform=linux arch=riscv64');
  });
  const line = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const opening = serialTransport({ path: '/dev/ttyACM0', ...line }).open(recordingListener());
  await expect(opening).rejects.toMatchObject({
    code: 'connection-failed',
    effect: 'none',
    message: expect.stringMatching(/serialport cannot be loaded on this machine .*npm ci/),
  });
});
