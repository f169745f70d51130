import { control } from '../src/framing/stx-etx-lrc.ts';
import type { Piece } from './behaviours.ts';
import { type Fault, numbered, plain } from './fault.ts';

const nakOf = ({ nak }: Piece): Uint8Array => nak ?? Uint8Array.of(control.NAK);

const repeated = (bytes: Uint8Array, count: number): Uint8Array =>
  Uint8Array.from({ length: count * bytes.length }, (_, at) => bytes[at % bytes.length] ?? 0);

/** Faults with ACK and NAK on the line. */
export const ackFaults = {
  'lost-ack': plain({ description: 'The terminal’s ACK gets lost on the way.' }, (strike) => ({
    transmit: (piece, next) => (piece.kind === 'ack' && strike() ? [] : next()),
  })),
  'late-ack': numbered(
    { description: 'The ACK comes late.', argument: 'milliseconds, default 3000' },
    3_000,
    (strike, ms) => ({
      transmit: (piece, next) =>
        piece.kind === 'ack' && strike() ? [{ afterMs: ms }, ...next()] : next(),
    }),
  ),
  'ack-turned-nak': plain(
    {
      description: 'The ACK arrives as NAK: the request is carried out although the till hears no.',
    },
    (strike) => ({
      transmit: (piece, next) =>
        piece.kind === 'ack' && strike() ? next({ ...piece, bytes: nakOf(piece) }) : next(),
    }),
  ),
  'ack-with-answer': plain(
    { description: 'The ACK and the frame after it come in one chunk.' },
    (strike) => {
      let held: Uint8Array | undefined;
      return {
        transmit(piece, next) {
          if (piece.kind === 'ack' && piece.followed && strike()) {
            held = piece.bytes;
            return [];
          }
          if (held === undefined || piece.kind === 'nak') return next();
          const bytes = Uint8Array.of(...held, ...piece.bytes);
          held = undefined;
          return next({ ...piece, bytes });
        },
      };
    },
  ),
  'lost-till-ack': plain(
    {
      description: 'The till’s ACK gets lost: the terminal says its frame again after 10 s.',
    },
    (strike) => ({
      receive: ({ bytes, awaitingAck }, next) =>
        awaitingAck && bytes[0] === control.ACK && strike() ? bytes.subarray(1) : next(),
    }),
  ),
  'nak-storm': numbered(
    {
      description: 'Every request is refused with a run of NAKs, and not carried out.',
      argument: 'how many, default 20',
    },
    20,
    (strike, count) => {
      let storm = false;
      return {
        request(_asked, next) {
          if (!strike()) return next();
          storm = true;
          return 'nak';
        },
        transmit(piece, next) {
          if (!storm || piece.kind !== 'nak') return next();
          storm = false;
          return next({ ...piece, bytes: repeated(nakOf(piece), count) });
        },
      };
    },
  ),
} as const satisfies Readonly<Record<string, Fault>>;
