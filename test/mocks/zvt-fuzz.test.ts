import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { bytes, hex, zvtRawTill } from '../support/zvt-raw-till.ts';
import { zvtSerialTill } from '../support/zvt-serial-till.ts';

const enquiry = '05 01 05 12 34 56 03 02';

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 60 });

/** Control fields that the terminal has, with any data behind them. */
const anyCommand = fc
  .tuple(
    fc.constantFrom(
      [0x06, 0x00],
      [0x06, 0x01],
      [0x06, 0x12],
      [0x06, 0x20],
      [0x06, 0x22],
      [0x06, 0x23],
      [0x06, 0x24],
      [0x06, 0x30],
      [0x06, 0x31],
      [0x05, 0x01],
      [0x80, 0x00],
      [0x84, 0x9d],
    ),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([control, data]) => Uint8Array.from([...control, data.length, ...data]));

describe('a ZVT terminal that hears nonsense', () => {
  it('on TCP does not fall over, and answers the next connection', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyBytes, anyCommand), { maxLength: 12 }),
        async (heard) => {
          const till = await zvtRawTill({ sales: [{ amount: 1010 }] });
          for (const chunk of heard) await till.ask(hex(chunk), 50);
          await till.reconnect();
          await till.clock.advance(200_000);
          expect((await till.ask(enquiry)).at(-1)).toBe('06 0F 01 00');
          await till.clock.advance(200_000);
          expect(till.clock.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('on a serial line does not fall over, and answers the next frame', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyBytes, anyCommand.map(dleCrcFrame)), { maxLength: 12 }),
        async (heard) => {
          const till = await zvtSerialTill({ sales: [{ amount: 1010 }] });
          for (const chunk of heard) await till.ask(hex(chunk), 50);
          await till.clock.advance(200_000);
          await till.ask(hex(dleCrcFrame(bytes(enquiry))));
          expect(till.apdus.at(-1)).toBe('06 0F 01 00');
          await till.clock.advance(200_000);
          expect(till.clock.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
