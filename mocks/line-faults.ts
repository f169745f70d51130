import type { Behaviour, Bench, LineAction, Piece } from './behaviours.ts';
import { type Fault, numbered, plain, type Strike } from './fault.ts';

/** Faults in how frames travel: cut, lost, repeated, ended in the middle. */

/** Cuts what goes out into chunks. Each action's own pause stays before it, what it does stays behind. */
const rechunked = (
  actions: readonly LineAction[],
  cut: (bytes: Uint8Array) => readonly LineAction[],
): readonly LineAction[] =>
  actions.flatMap(({ afterMs, bytes, act }) => [
    ...(afterMs === undefined ? [] : [{ afterMs }]),
    ...(bytes === undefined ? [] : cut(bytes)),
    ...(act === undefined ? [] : [{ act }]),
  ]);

/** Lets that many bytes of output pass and then strikes, once. */
const afterBytes = (count: number, strike: Strike, what: (bench: Bench) => void): Behaviour => {
  let left = count;
  let over = false;
  return {
    transmit(_piece, next, bench) {
      if (over) return next();
      const actions: LineAction[] = [];
      for (const action of next()) {
        const bytes = action.bytes ?? new Uint8Array();
        if (bytes.length < left) {
          left -= bytes.length;
          actions.push(action);
          continue;
        }
        over = true;
        if (!strike()) return next();
        actions.push({ ...action, bytes: bytes.subarray(0, left), act: () => what(bench) });
        return actions;
      }
      return actions;
    },
  };
};

export const lineFaults = {
  'lost-answer': plain(
    { description: 'The answer frame gets lost; the terminal says it again after 10 s.' },
    (strike) => ({
      transmit: (piece, next) => (piece.kind === 'answer' && strike() ? [] : next()),
    }),
  ),
  'byte-by-byte': numbered(
    {
      description: 'Every byte comes in a chunk of its own.',
      argument: 'milliseconds between bytes, default 1',
    },
    1,
    (strike, afterMs) => ({
      transmit: (_piece, next) =>
        strike()
          ? rechunked(next(), (bytes) =>
              Array.from(bytes, (byte) => ({ afterMs, bytes: Uint8Array.of(byte) })),
            )
          : next(),
    }),
  ),
  'split-answer': numbered(
    {
      description: 'The answer comes in two halves with a pause between them.',
      argument: 'pause in milliseconds, default 250',
    },
    250,
    (strike, afterMs) => ({
      transmit: (piece, next) =>
        piece.kind === 'answer' && strike()
          ? rechunked(next(), (bytes) => [
              { bytes: bytes.subarray(0, bytes.length >> 1) },
              { afterMs, bytes: bytes.subarray(bytes.length >> 1) },
            ])
          : next(),
    }),
  ),
  'duplicate-answer': plain(
    { description: 'The answer frame comes twice in a row.' },
    (strike) => ({
      transmit(piece, next) {
        const actions = next();
        return piece.kind === 'answer' && strike() ? [...actions, ...actions] : actions;
      },
    }),
  ),
  'previous-answer': plain(
    { description: 'The answer of the exchange before comes once more, before the ACK.' },
    (strike) => {
      let previous: Uint8Array | undefined;
      let request: Piece['request'];
      return {
        transmit(piece, next) {
          if (piece.kind === 'answer') previous = piece.bytes;
          // Where each frame is acknowledged, the ACK of the till's word to it would bring it again.
          const first = piece.request !== undefined && piece.request !== request;
          if (piece.kind !== 'ack' || !first || previous === undefined || !strike()) return next();
          request = piece.request;
          return [{ bytes: previous }, ...next()];
        },
      };
    },
  ),
  unplug: numbered(
    {
      description: 'The plug is pulled after so many bytes of the terminal’s output, once.',
      argument: 'bytes, counted from the first after the fault is installed',
    },
    undefined,
    (strike, count) => afterBytes(count, strike, (bench) => bench.unplug()),
  ),
  'power-loss': numbered(
    {
      description: 'The terminal loses power after so many bytes of its output, once.',
      argument: 'bytes, counted from the first after the fault is installed',
    },
    undefined,
    (strike, count) => afterBytes(count, strike, (bench) => bench.terminal.powerLoss()),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
