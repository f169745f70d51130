import assert from 'node:assert/strict';
import { serialTransport } from '../../src/transports/serial.ts';
import type { CloseReason } from '../../src/transports/transport.ts';
import { acmPath, acmPlug } from './rigs/acm.ts';
import { it, runCases } from './runner/cases.ts';
import { sleep } from './runner/wait.ts';

const plug = acmPlug();
const line = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

/** Sends a byte to the till and pulls the plug so many milliseconds later. */
async function byteThenUnplug(afterMs: number) {
  await plug.push(() => {});
  let ended: CloseReason | undefined;
  let got = 0;
  const transport = serialTransport({ path: acmPath, ...line });
  const connection = await transport.open({
    data: (chunk) => {
      got += chunk.length;
    },
    closed: (reason) => {
      ended = reason;
    },
  });
  await sleep(100);
  plug.send(Uint8Array.of(0x06));
  await sleep(afterMs);
  const pulled = plug.pull();
  await sleep(300);
  const before = process.cpuUsage();
  await sleep(500);
  const { user, system } = process.cpuUsage(before);
  const noticed = ended?.type === 'lost';
  await connection.close();
  await pulled;
  return { got, noticed, busyMs: Math.round((user + system) / 1_000) };
}

// serialport 13 reads a port that has hung up over and over when the plug is pulled while a read is under way.
for (const afterMs of [0, 1, 2, 4, 8])
  it(`an unplug ${afterMs} ms after a byte is noticed, and keeps no processor busy`, async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const { noticed, busyMs } = await byteThenUnplug(afterMs);
      assert(noticed, `not noticed within 800 ms; busy for ${busyMs} of the last 500 ms`);
      assert(busyMs < 250, `busy for ${busyMs} of 500 ms`);
    }
  });

await runCases('A serial port that is unplugged while it talks', { atLast: () => plug.close() });
