import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMockHid, type MockHid, type MockHidOptions } from '../../mocks/hid.ts';
import { createMockTerminal, type MockTerminal } from '../../mocks/mock-terminal.ts';
import { toHex } from '../../src/framing/bytes.ts';
import { TerminalError } from '../../src/model/error.ts';
import { hidTransport } from '../../src/transports/hid.ts';
import type {
  HidDeviceEntry,
  HidPort,
  HidPortListener,
  HidSystem,
} from '../../src/transports/hid-port.ts';
import { createFakeClock, settle } from '../support/fake-clock.ts';
import { recordingListener } from '../support/recording-listener.ts';

/** A HID system whose one device does what a test says. */
function oneDevice(overrides: Partial<HidSystem> = {}) {
  const entry: HidDeviceEntry = { path: '/dev/hidraw0', vendorId: '0b00', productId: '0074' };
  const written: string[] = [];
  const state = {
    listener: undefined as HidPortListener | undefined,
    closed: 0,
    take: async (_report: Uint8Array): Promise<void> => {},
  };
  const system: HidSystem = {
    list: async () => [entry],
    describe: async () => entry,
    descriptor: async () => undefined,
    holders: async () => [],
    async open(_path, listener): Promise<HidPort> {
      state.listener = listener;
      return {
        async write(report) {
          written.push(toHex(report));
          await state.take(report);
        },
        async close() {
          state.closed++;
        },
      };
    },
    ...overrides,
  };
  return { entry, system, written, state };
}

const rba = { vendorId: '0b00', productId: '0074', packing: 'rba' } as const;

const failure = async (promise: Promise<unknown>): Promise<TerminalError> => {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof TerminalError) return error;
  throw new Error(`no TerminalError: ${String(error)}`);
};

describe('a HID connection', () => {
  it('writes 1 + report size bytes, the id in front, whatever the message', async () => {
    const { system, written } = oneDevice();
    const connection = await hidTransport({ ...rba, system }).open(recordingListener());
    expect(connection.write(Uint8Array.of(0x06))).toBe(true);
    connection.write(new Uint8Array(31).fill(0x41));
    await settle();
    expect(written).toEqual([
      `020106${'00'.repeat(29)}`,
      `021e${'41'.repeat(30)}`,
      `020141${'00'.repeat(29)}`,
    ]);
    await connection.close();
  });

  it('puts 0 in front where the device has no ids', async () => {
    const { system, written } = oneDevice();
    const connection = await hidTransport({ ...rba, packing: 'length', system }).open(
      recordingListener(),
    );
    connection.write(Uint8Array.of(0x05));
    await settle();
    expect(written).toEqual([`000105${'00'.repeat(62)}`]);
    await connection.close();
  });

  it('has one report on its way at a time, in the order they were given', async () => {
    const { system, written, state } = oneDevice();
    let onTheWay = 0;
    let most = 0;
    state.take = async () => {
      most = Math.max(most, ++onTheWay);
      await settle();
      onTheWay--;
    };
    const connection = await hidTransport({ ...rba, system }).open(recordingListener());
    for (const byte of [1, 2, 3]) connection.write(new Uint8Array(40).fill(byte));
    await vi.waitFor(() => expect(written).toHaveLength(6));
    expect(most).toBe(1);
    expect(written.map((report) => report.slice(4, 6))).toEqual([
      '01',
      '01',
      '02',
      '02',
      '03',
      '03',
    ]);
    await connection.close();
  });

  it('whose report was not taken ends as lost, and not one more report leaves', async () => {
    const { system, written, state } = oneDevice();
    const listener = recordingListener();
    const connection = await hidTransport({ ...rba, system }).open(listener);
    const refusal = new Error('Cannot write to hid device: No such device');
    state.take = () => Promise.reject(refusal);
    expect(connection.write(new Uint8Array(100))).toBe(true);
    await settle();
    expect(written).toHaveLength(1);
    expect(listener.closings).toEqual([
      { type: 'lost', cause: refusal, message: expect.stringContaining('could not be written') },
    ]);
    expect(connection.write(Uint8Array.of(1))).toBe(false);
    expect(written).toHaveLength(1);
    expect(state.closed).toBeGreaterThan(0);
  });

  it('ends as lost when the device is unplugged, once, and delivers nothing after it', async () => {
    const { system, state } = oneDevice();
    const listener = recordingListener();
    const connection = await hidTransport({ ...rba, system }).open(listener);
    state.listener?.report(Uint8Array.from([1, 1, 6, 0]));
    state.listener?.failed('could not read from HID device');
    state.listener?.report(Uint8Array.from([1, 1, 6, 0]));
    state.listener?.failed('again');
    expect(toHex(listener.bytes())).toBe('06');
    expect(listener.closings).toHaveLength(1);
    expect(listener.closings[0]).toMatchObject({
      type: 'lost',
      cause: 'could not read from HID device',
    });
    expect(connection.write(Uint8Array.of(6))).toBe(false);
    await connection.close();
    expect(listener.closings).toHaveLength(1);
  });

  it('ends as lost where a report is missing', async () => {
    const { system, state } = oneDevice();
    const listener = recordingListener();
    await hidTransport({ ...rba, packing: 'mms', system }).open(listener);
    const head = new Uint8Array(64);
    head.set([1, 0, 0, 1, 0]);
    const second = new Uint8Array(64);
    second.set([2, 0, 2]);
    state.listener?.report(head);
    state.listener?.report(second);
    expect(listener.closings).toEqual([
      { type: 'lost', message: expect.stringContaining('part 2 came where part 1 was due') },
    ]);
  });

  it('tells of other reports once, and goes on', async () => {
    const { system, state } = oneDevice();
    const warnings: string[] = [];
    const listener = recordingListener();
    await hidTransport({ ...rba, system, onWarning: (text) => warnings.push(text) }).open(listener);
    for (const id of [7, 7, 8]) state.listener?.report(Uint8Array.from([id, 1, 6]));
    state.listener?.report(Uint8Array.from([1, 1, 6]));
    expect(warnings).toEqual([expect.stringContaining('report 7 does not carry the stream')]);
    expect(toHex(listener.bytes())).toBe('06');
  });

  it('ends rather than cut a message that the packing cannot carry', async () => {
    const { system, written } = oneDevice();
    const listener = recordingListener();
    const connection = await hidTransport({ ...rba, packing: 'neo2', system }).open(listener);
    expect(connection.write(new Uint8Array(1_501))).toBe(false);
    expect(written).toEqual([]);
    expect(listener.closings[0]).toMatchObject({ message: expect.stringContaining('1501 bytes') });
  });

  it('finishes the message on its way before it closes', async () => {
    const { system, written, state } = oneDevice();
    state.take = () => settle();
    const listener = recordingListener();
    const connection = await hidTransport({ ...rba, system }).open(listener);
    connection.write(new Uint8Array(90));
    await connection.close();
    expect(written).toHaveLength(3);
    expect(listener.closings).toEqual([{ type: 'closed' }]);
    expect(state.closed).toBeGreaterThan(0);
    expect(connection.write(Uint8Array.of(6))).toBe(false);
  });

  describe('to a device that takes nothing', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('ends as lost after ten seconds', async () => {
      const { system, state } = oneDevice();
      state.take = () => new Promise(() => {});
      const listener = recordingListener();
      const connection = await hidTransport({ ...rba, system }).open(listener);
      connection.write(Uint8Array.of(6));
      await vi.advanceTimersByTimeAsync(10_001);
      expect(listener.closings[0]).toMatchObject({
        message: expect.stringContaining('took no report for 10 s'),
      });
    });

    it('closes all the same', async () => {
      const { system, state } = oneDevice();
      state.take = () => new Promise(() => {});
      const connection = await hidTransport({ ...rba, system }).open(recordingListener());
      connection.write(Uint8Array.of(6));
      const closed = connection.close();
      await vi.advanceTimersByTimeAsync(600);
      await closed;
      expect(state.closed).toBeGreaterThan(0);
    });

    it('is given up when it does not open', async () => {
      const { system } = oneDevice({ open: () => new Promise(() => {}) });
      const opening = failure(hidTransport({ ...rba, system }).open(recordingListener()));
      await vi.advanceTimersByTimeAsync(10_001);
      expect(await opening).toMatchObject({ code: 'connection-failed', effect: 'none' });
    });
  });
});

describe('opening a HID device', () => {
  const open = (overrides: Partial<HidSystem>, options = {}) =>
    failure(
      hidTransport({ ...rba, ...options, ...oneDevice(overrides) }).open(recordingListener()),
    );

  it('finds none', async () => {
    expect(await open({ list: async () => [] })).toMatchObject({
      code: 'no-such-device',
      effect: 'none',
      message: expect.stringContaining('no HID device 0b00:0074'),
    });
    expect(await open({}, { serialNumber: 'X' })).toMatchObject({
      message: expect.stringMatching(
        /0b00:0074 with serial number X.*Found: 0b00:0074 \(\/dev\/hidraw0\)/,
      ),
    });
  });

  it('takes neither of two that fit', async () => {
    const { entry } = oneDevice();
    const two = [entry, { ...entry, path: '/dev/hidraw1', serialNumber: 'B' }];
    expect(await open({ list: async () => two })).toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(
        /several HID devices 0b00:0074.*Say which with serial=.*None was opened/,
      ),
    });
  });

  it('checks what is at a path', async () => {
    const path = '/dev/hidraw0';
    expect(await open({ describe: async () => undefined }, { path })).toMatchObject({
      code: 'no-such-device',
    });
    expect(await open({}, { path, productId: '9999' })).toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('another HID device'),
    });
  });

  it('is refused while another program holds it, and lets it go', async () => {
    const { system, state } = oneDevice({ holders: async () => ['steam (4711)'] });
    const error = await failure(hidTransport({ ...rba, system }).open(recordingListener()));
    expect(error).toMatchObject({
      code: 'device-busy',
      message: expect.stringContaining('steam (4711)'),
    });
    expect(state.closed).toBe(1);
    const connection = await hidTransport({ ...rba, lock: false, system }).open(
      recordingListener(),
    );
    await connection.close();
  });

  it('is refused to a second terminal of the same program', async () => {
    const { system } = oneDevice();
    const first = await hidTransport({ ...rba, system }).open(recordingListener());
    const second = hidTransport({ ...rba, system });
    expect(await failure(second.open(recordingListener()))).toMatchObject({ code: 'device-busy' });
    await first.close();
    await (await second.open(recordingListener())).close();
  });

  it('notices that another device took the path meanwhile', async () => {
    const { entry } = oneDevice();
    const { system, state } = oneDevice({
      describe: async () => ({ ...entry, productId: '0057' }),
    });
    const error = await failure(hidTransport({ ...rba, system }).open(recordingListener()));
    expect(error).toMatchObject({
      code: 'connection-failed',
      message: expect.stringContaining('took its place'),
    });
    expect(state.closed).toBe(1);
  });

  it('notices that the device went away meanwhile', async () => {
    const { system, state } = oneDevice({
      holders: async () => {
        state.listener?.failed('gone');
        return [];
      },
    });
    const listener = recordingListener();
    expect(await failure(hidTransport({ ...rba, system }).open(listener))).toMatchObject({
      code: 'connection-failed',
    });
    expect(listener.closings).toEqual([]);
  });

  it('sends nothing to a device whose reports do not fit', async () => {
    const opened = vi.fn();
    const descriptor = Uint8Array.from([0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0xc0]);
    const error = await open({ descriptor: async () => descriptor, open: opened });
    expect(error).toMatchObject({ code: 'bad-settings', effect: 'none' });
    expect(opened).not.toHaveBeenCalled();
  });
});

describe('the transport hid to a mock terminal', () => {
  const setUp = (options: Partial<MockHidOptions> = {}): { mock: MockTerminal; hid: MockHid } => {
    const mock = createMockTerminal({ protocol: 'transbank', clock: createFakeClock() });
    return { mock, hid: createMockHid(mock, { packing: 'rba', ...options }) };
  };

  it('counts its epochs, and finds the device again after a replug', async () => {
    const { hid } = setUp();
    const transport = hidTransport({ ...rba, system: hid });
    const listener = recordingListener();
    const first = await transport.open(listener);
    hid.unplug();
    await settle();
    expect(listener.closings[0]).toMatchObject({ type: 'lost' });
    expect(await failure(transport.open(recordingListener()))).toMatchObject({
      code: 'no-such-device',
    });
    hid.replug();
    const second = await transport.open(recordingListener());
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
    await second.close();
  });

  it('leaves no handle behind in 500 unplugs', async () => {
    const { hid } = setUp();
    const transport = hidTransport({ ...rba, system: hid });
    for (let round = 1; round <= 500; round++) {
      const listener = recordingListener();
      const connection = await transport.open(listener);
      expect(connection.epoch).toBe(round);
      connection.write(Uint8Array.of(0x05));
      hid.unplug();
      await settle();
      expect(listener.closings).toHaveLength(1);
      expect(hid.handles).toBe(0);
      hid.replug();
    }
  });

  it('is as quiet as the kernel about reports that the device does not have', async () => {
    const { hid, mock } = setUp();
    const port = await hid.open(hid.device.path, { report: () => {}, failed: () => {} });
    // The three traps of the iSC250: the wrong id, the wrong length, a message without an id in front.
    await port.write(Uint8Array.from([1, 1, 0x05, ...new Uint8Array(29)]));
    await port.write(Uint8Array.from([2, 1, 0x05, ...new Uint8Array(62)]));
    await port.write(Uint8Array.from([0x02, 0x30, 0x38, 0x2e, 0x30, 0x03, 0x15]));
    expect(mock.transcript).toEqual([]);
    await port.close();
  });
});
