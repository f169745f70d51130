import { splitApdu } from '../../../src/framing/apdu.ts';
import { bcdDigits } from '../../../src/framing/bcd.ts';
import { toHex } from '../../../src/framing/bytes.ts';
import { dleCrcFrame } from '../../../src/framing/dle-crc.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import { readTlv, type Tlv, tagHex } from '../../../src/framing/tlv.ts';
import type { Progress } from '../../../src/model/events.ts';
import type { Effect, Exchange, Input } from '../../../src/protocols/exchange.ts';
import type { Field } from '../../../src/protocols/zvt/bitmaps.ts';
import { type ZvtProtocol, zvtProtocol } from '../../../src/protocols/zvt/protocol.ts';
import { bytes } from '../../framing/cut.ts';

export { bytes };

export interface Given {
  readonly options?: Readonly<Record<string, boolean>>;
  readonly texts?: Readonly<Record<string, string>>;
  readonly password?: string;
  readonly transport?: string;
}

/** A ZVT protocol as an address and a configuration set it up. */
export const zvt = ({ options, texts, password = '123456', transport = 'tcp' }: Given = {}) =>
  zvtProtocol({
    options: new Map(Object.entries(options ?? {})),
    texts: new Map(Object.entries(texts ?? {})),
    secrets: new Map(password === '' ? [] : [['password', password]]),
    transport,
  });

export const euro = (amount: number) => ({ amount, currency: 'EUR' });

/** The notation of the vectors: `04=000000001000 06{26{0A=06D3}}`. */
export const inShort = (fields: readonly Field[]): string =>
  fields
    .map(({ bmp, value }) =>
      bmp === 0x06
        ? `06{${readTlv(value).elements.map(elementInShort).join(' ')}}`
        : `${tagHex(bmp)}=${bcdDigits(value)}`,
    )
    .join(' ');

const elementInShort = ({ tag, value, children }: Tlv): string =>
  children === undefined
    ? `${tagHex(tag)}=${bcdDigits(value)}`
    : `${tagHex(tag)}{${children.map(elementInShort).join(' ')}}`;

/** The notation with an ellipsis, as a pattern. */
export const pattern = (short: string): RegExp =>
  new RegExp(`^${short.replace(/[{}[\]]/g, '\\$&').replaceAll('…', '.*')}$`, 's');

export const apduFrame = (hex: string): Frame => ({
  kind: 'frame',
  check: 'ok',
  data: bytes(hex),
  bytes: bytes(hex),
});

export const serialFrame = (hex: string): Frame => ({
  kind: 'frame',
  check: 'ok',
  data: bytes(hex),
  bytes: dleCrcFrame(bytes(hex)),
});

export const ACK: Frame = { kind: 'control', name: 'ACK' };
export const NAK: Frame = { kind: 'control', name: 'NAK' };
export const garbled: Frame = {
  kind: 'frame',
  check: 'bad',
  data: bytes('040f00'),
  bytes: bytes('1002040f001003ffff'),
  expected: bytes('0000'),
};
export const cutOff: Frame = { kind: 'noise', bytes: bytes('1002040f'), reason: 'cut-off' };

export type Happening = Frame | 'silence' | 'cancel' | string;

const progressInShort = (progress: Progress): string => {
  switch (progress.type) {
    case 'acknowledged':
      return 'taken';
    case 'prompt':
      return `${progress.who} ${progress.code}: ${progress.text}`;
    case 'receipt':
      return `receipt ${JSON.stringify(progress.lines)}`;
  }
};

/** Bytes as the till writes them, without the framing of a serial line. */
function written(wire: Uint8Array): string {
  if (splitApdu(wire) !== undefined && wire[0] !== 0x10) return toHex(wire);
  const hex = toHex(wire);
  if (hex === '06') return 'ACK';
  if (hex === '15') return 'NAK';
  return toHex(bytes(hex.slice(4, -8).replace(/1010/g, '10')));
}

/** What the machine wants done, in few characters: `send 0601..`, `800000`, `wait`, `done`. */
export function inWords(effect: Effect<unknown>): string {
  switch (effect.type) {
    case 'write':
      return effect.as === 'request' ? `send ${written(effect.bytes)}` : written(effect.bytes);
    case 'wait':
      return `wait for ${effect.for}${effect.atLeast === undefined ? '' : `, at least ${effect.atLeast}`}`;
    case 'progress':
      return progressInShort(effect.progress);
    case 'stray':
      return effect.reason;
    case 'answered':
      return 'certain';
    case 'done':
      return effect.again ? 'done again' : 'done';
    case 'failed':
      return effect.failure;
    case 'relay':
      return effect.type;
  }
}

export interface Played<A> {
  /** What was wanted at each step, the start first. */
  readonly steps: readonly (readonly string[])[];
  readonly answer: A | undefined;
  readonly failure: string | undefined;
  readonly bytes: Uint8Array | undefined;
}

/** Feeds an exchange; a string is an APDU of the terminal in hexadecimal digits. */
export function play<A>(
  exchange: Exchange<A>,
  happenings: readonly Happening[],
  { serial = false, previousAnswer }: { serial?: boolean; previousAnswer?: Uint8Array } = {},
): Played<A> {
  let state = exchange.initial;
  let answer: A | undefined;
  let failure: string | undefined;
  let last: Uint8Array | undefined;
  const feed = (input: Input): string[] => {
    const step = exchange.step(state, input);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'done') {
        answer = effect.answer;
        last = effect.bytes;
      }
      if (effect.type === 'failed') failure = effect.failure;
    }
    return step.effects.filter(({ type }) => type !== 'answered').map(inWords);
  };
  const steps = [feed({ type: 'start', previousAnswer })];
  for (const happening of happenings)
    if (happening === 'silence') steps.push(feed({ type: 'timeout' }));
    else if (happening === 'cancel') steps.push(feed({ type: 'cancel' }));
    else if (typeof happening === 'string')
      steps.push(
        feed({ type: 'frame', frame: serial ? serialFrame(happening) : apduFrame(happening) }),
      );
    else steps.push(feed({ type: 'frame', frame: happening }));
  return { steps, answer, failure, bytes: last };
}

/** The protocol after its greeting was answered with this completion. */
export function greeted(protocol: ZvtProtocol, completion: string): ZvtProtocol {
  const greeting = protocol.greeting?.();
  if (greeting === undefined) throw new Error('no greeting');
  const { answer } = play(greeting, ['800000', completion]);
  if (answer === undefined || 'outcome' in answer) throw new Error('not greeted');
  return answer as ZvtProtocol;
}

/** The bytes that an exchange begins with, in hexadecimal digits. */
export function sentBy(exchange: Exchange<unknown>): string {
  const { effects } = exchange.step(exchange.initial, { type: 'start', previousAnswer: undefined });
  const first = effects.find((effect) => effect.type === 'write');
  return first === undefined ? '' : toHex(first.bytes);
}
