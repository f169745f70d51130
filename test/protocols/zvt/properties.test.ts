import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu } from '../../../src/framing/apdu.ts';
import { toHex } from '../../../src/framing/bytes.ts';
import { dleCrcFrame } from '../../../src/framing/dle-crc.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import type { Exchange, Input } from '../../../src/protocols/exchange.ts';
import * as commands from '../../../src/protocols/zvt/commands.ts';
import { isOfTheTill } from '../../../src/protocols/zvt/control-fields.ts';
import type { ZvtProtocol } from '../../../src/protocols/zvt/protocol.ts';
import { ACK, bytes, cutOff, euro, garbled, inWords, NAK, zvt } from './support.ts';
import { apdus } from './vectors.ts';

const terminalControls = [
  0x040f, 0x04ff, 0x060f, 0x061e, 0x06d1, 0x06d3, 0x0401, 0x040d, 0x06d8, 0x8000, 0x8400, 0x849c,
  0x84b4,
];

/** What a terminal might say: published, mutated, or made up. */
const said = fc.oneof(
  fc.constantFrom(...apdus.map(({ hex }) => bytes(hex))),
  fc
    .tuple(
      fc.constantFrom(...apdus.map(({ hex }) => bytes(hex))),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
    )
    .map(([whole, where, value]) =>
      whole.map((byte, at) => (at === where % whole.length ? value : byte)),
    ),
  fc
    .tuple(fc.constantFrom(...terminalControls), fc.uint8Array({ maxLength: 40 }))
    .map(([control, data]) => apdu(control >>> 8, control & 0xff, data)),
  fc.uint8Array({ maxLength: 20 }),
);

type Event = Uint8Array | 'ACK' | 'NAK' | 'garbled' | 'cut off' | 'silence' | 'cancel';
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: said },
  fc.constantFrom(
    'ACK' as const,
    'NAK' as const,
    'garbled' as const,
    'cut off' as const,
    'silence' as const,
    'cancel' as const,
  ),
);
const events = fc.array(event, { maxLength: 25 });

function input(happened: Event, serial: boolean): Input {
  const frame = (seen: Frame): Input => ({ type: 'frame', frame: seen });
  switch (happened) {
    case 'ACK':
      return frame(ACK);
    case 'NAK':
      return frame(NAK);
    case 'garbled':
      return frame(garbled);
    case 'cut off':
      return frame(cutOff);
    case 'silence':
      return { type: 'timeout' };
    case 'cancel':
      return { type: 'cancel' };
    default:
      return frame({
        kind: 'frame',
        check: 'ok',
        data: happened,
        bytes: serial ? dleCrcFrame(happened) : happened,
      });
  }
}

const found = {
  kind: 'purchase',
  state: 'approved',
  amount: euro(500),
  receiptNumber: '7',
  trace: '12',
} as const;

const exchanges: Readonly<
  Record<string, (protocol: ZvtProtocol) => Exchange<unknown> | undefined>
> = {
  sale: (zvtTerminal) => zvtTerminal.purchase({ amount: euro(500), ticket: 'x' }),
  refund: (zvtTerminal) => zvtTerminal.refund?.({ amount: euro(500) }),
  void: (zvtTerminal) => zvtTerminal.void(found),
  'end of day': (zvtTerminal) => zvtTerminal.settle(),
  'last transaction': (zvtTerminal) => zvtTerminal.lastTransaction(),
  history: (zvtTerminal) => zvtTerminal.history(),
  totals: (zvtTerminal) => zvtTerminal.totals(),
  poll: (zvtTerminal) => zvtTerminal.synchronise(),
  status: (zvtTerminal) => zvtTerminal.status(),
  registration: (zvtTerminal) => zvtTerminal.greeting?.(),
  'open pre-authorisations': (zvtTerminal) => {
    const made = commands.openPreAuthorisations().exchange(zvtTerminal);
    return 'outcome' in made ? undefined : made;
  },
};

const cases = Object.keys(exchanges).flatMap((name) =>
  (['serial', 'tcp'] as const).map((transport) => ({ name, transport })),
);

const controlOf = (data: Uint8Array): number => ((data[0] ?? 0) << 8) | (data[1] ?? 0);

/** What the till says itself comes in when the line throws it back. */
const isEcho = (data: Uint8Array): boolean => data.length >= 2 && isOfTheTill(controlOf(data));

const isCommand = (data: Uint8Array): boolean =>
  data.length >= 2 && data[0] !== 0x80 && data[0] !== 0x84 && !isEcho(data);

describe('the ZVT exchange, whatever the terminal says', () => {
  it.each(cases)('$name on $transport', ({ name, transport }) => {
    const serial = transport === 'serial';
    fc.assert(
      fc.property(events, (all) => {
        const exchange = exchanges[name]?.(zvt({ transport }));
        if (exchange === undefined) throw new Error(`no ${name}`);
        let state = exchange.initial;
        let requests = 0;
        let ends = 0;
        const feed = (given: Input) => {
          const step = exchange.step(state, given);
          state = step.state;
          requests += step.effects.filter((e) => e.type === 'write' && e.as === 'request').length;
          ends += step.effects.filter((e) => e.type === 'done' || e.type === 'failed').length;
          return step.effects;
        };
        feed({ type: 'start', previousAnswer: undefined });
        for (const happened of all) {
          const over = ends > 0;
          const effects = feed(input(happened, serial));
          expect(over ? effects : []).toEqual([]);
          if (over || !(happened instanceof Uint8Array)) continue;
          // Each command of the terminal has one answer, and a result never an error; our own words have none.
          const answers = effects.filter((e) => e.type === 'write').map(inWords);
          if (isEcho(happened)) {
            expect(answers).toEqual([]);
            continue;
          }
          expect(answers.filter((word) => word === 'ACK')).toHaveLength(serial ? 1 : 0);
          const own = answers.filter((word) => /^8[04]/.test(word));
          if (isCommand(happened)) expect(own).toHaveLength(1);
          if (toHex(happened.slice(0, 2)) === '040f') expect(own).toEqual(['800000']);
        }
        expect(ends).toBeLessThanOrEqual(1);
        if (exchange.money) expect(requests).toBe(1);
        expect(requests).toBeLessThanOrEqual(3);
      }),
      { numRuns: 150 },
    );
  });

  it('is approved only by a result of 00 that was acknowledged, and a completion', () => {
    fc.assert(
      fc.property(events, (all) => {
        const exchange = zvt().purchase({ amount: euro(500), ticket: 'x' });
        let state = exchange.initial;
        const heard: Uint8Array[] = [];
        for (const given of [
          { type: 'start', previousAnswer: undefined } as const,
          ...all.map((happened) => input(happened, false)),
        ]) {
          const step = exchange.step(state, given);
          state = step.state;
          if (given.type === 'frame' && given.frame.kind === 'frame') heard.push(given.frame.data);
          for (const effect of step.effects) {
            if (effect.type !== 'done' || effect.answer.outcome !== 'approved') continue;
            expect(toHex(heard.at(-1)?.slice(0, 2) ?? new Uint8Array())).toBe('060f');
            expect(heard.some((data) => toHex(data).startsWith('040f'))).toBe(true);
            expect(heard.some((data) => /^8[04]00/.test(toHex(data)))).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is answered in the same way when nothing was asked', () => {
    fc.assert(
      fc.property(said, (data) => {
        const [first] = zvt().idle({ kind: 'frame', check: 'ok', data, bytes: data }, undefined);
        if (toHex(data.slice(0, 2)) === '040f')
          expect(first).toMatchObject({ bytes: bytes('800000') });
      }),
      { numRuns: 500 },
    );
  });
});
