import type { Behaviour } from './behaviours.ts';
import { type Fault, numbered, plain, type Strike } from './fault.ts';

/** Faults that garble what is on the line. */

/** Some bytes that stand for a disturbed line; none of them begins or ends a frame. */
const noise = Uint8Array.of(0xff, 0x00, 0x7f, 0xaa, 0x55);

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** Changes the answer's bytes before the older behaviours see them. */
const changed = (strike: Strike, change: (bytes: Uint8Array) => Uint8Array): Behaviour => ({
  transmit: (piece, next) =>
    piece.kind === 'answer' && strike() ? next({ ...piece, bytes: change(piece.bytes) }) : next(),
});

const flipBit = (bytes: Uint8Array, bit: number): Uint8Array => {
  const at = bit % (bytes.length * 8);
  return bytes.map((byte, i) => (i === at >> 3 ? byte ^ (1 << (at & 7)) : byte));
};

const withoutByte = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.filter((_, i) => i !== at % bytes.length);

const withNoiseInside = (bytes: Uint8Array): Uint8Array => {
  const middle = bytes.length >> 1;
  return joined(bytes.subarray(0, middle), noise, bytes.subarray(middle));
};

const badLrc = (bytes: Uint8Array): Uint8Array => flipBit(bytes, (bytes.length - 1) * 8);

export const garblingFaults = {
  'bad-lrc': plain({ description: 'The check of each answer is wrong.' }, (strike) =>
    changed(strike, badLrc),
  ),
  'flipped-bit': numbered(
    {
      description: 'One bit of the answer is flipped.',
      argument: 'which bit, counted from the first of the frame, default 100',
    },
    100,
    (strike, bit) => changed(strike, (bytes) => flipBit(bytes, bit)),
  ),
  'lost-byte': numbered(
    {
      description: 'One byte of the answer gets lost.',
      argument: 'which byte, counted from 0, default 0: the STX',
    },
    0,
    (strike, at) => changed(strike, (bytes) => withoutByte(bytes, at)),
  ),
  'noise-before': plain({ description: 'Noise comes right before the answer.' }, (strike) =>
    changed(strike, (bytes) => joined(noise, bytes)),
  ),
  'noise-inside': plain({ description: 'Noise comes in the middle of the answer.' }, (strike) =>
    changed(strike, withNoiseInside),
  ),
  'nul-break': plain(
    { description: 'A break on the line, heard as a NUL byte, before the answer.' },
    (strike) => changed(strike, (bytes) => joined(Uint8Array.of(0), bytes)),
  ),
  echo: plain({ description: 'The till hears its own bytes come back.' }, (strike) => ({
    receive(heard, next, bench) {
      if (strike()) bench.put(heard.bytes);
      return next();
    },
  })),
} as const satisfies Readonly<Record<string, Fault>>;
