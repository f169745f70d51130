import type { MockTerminal } from '../../mocks/index.ts';
import type { Request } from '../../mocks/messages.ts';
import type { Line } from './order.ts';
import type { Draw } from './random.ts';
import type { TerminalKind } from './terminals.ts';

/** When the till is killed. `n` counts from the arming; `plusMs` is waited after that. */
export interface Moment {
  readonly after:
    | 'milliseconds'
    /** Bytes of the till that have reached the terminal. */
    | 'till-bytes'
    /** Bytes that the terminal has said; the rest of its frame still follows. */
    | 'terminal-bytes'
    /** Money answers that the till has acknowledged; where it acknowledges none, that the terminal has said. */
    | 'money-answers'
    /** Lines that the till has printed. */
    | 'lines';
  readonly n: number;
  /** Down to tenths: two records of a journal are less than a millisecond apart. */
  readonly plusMs: number;
}

export function drawMoment(draw: Draw, { bytes }: TerminalKind): Moment {
  const after = draw.one([
    'milliseconds',
    'till-bytes',
    'terminal-bytes',
    'lines',
    // What happens between an answer and its outcome takes a millisecond: it is aimed at more often.
    'money-answers',
    'money-answers',
    'money-answers',
  ]);
  switch (after) {
    case 'milliseconds':
      return { after, n: draw.int(0, 80), plusMs: 0 };
    case 'till-bytes':
      return { after, n: draw.int(1, bytes.till), plusMs: draw.int(0, 1) };
    case 'terminal-bytes':
      return { after, n: draw.int(1, bytes.terminal), plusMs: draw.int(0, 1) };
    case 'money-answers':
      return { after, n: draw.int(1, 2), plusMs: draw.int(0, 20) / 10 };
    case 'lines':
      return { after, n: draw.int(1, 14), plusMs: draw.int(0, 2) };
  }
}

export interface Armed {
  heard(line: Line): void;
  disarm(): void;
}

/** Calls `strike` once, when the moment has come. */
export function arm(
  moment: Moment,
  mock: MockTerminal,
  { acknowledgement }: TerminalKind,
  strike: () => void,
): Armed {
  let left = moment.n;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let over = false;

  function now(): void {
    if (over) return;
    over = true;
    const due = performance.now() + moment.plusMs;
    // A timer would wait for a whole millisecond at least.
    const look = () => {
      if (performance.now() >= due) strike();
      else immediate = setImmediate(look);
    };
    look();
  }

  function count(unit: Moment['after'], n = 1): void {
    if (unit !== moment.after) return;
    left -= n;
    if (left <= 0) now();
  }

  if (moment.after === 'milliseconds') timer = setTimeout(now, moment.n);
  const isBooked = (request: Request | undefined): boolean =>
    (request?.command === 'purchase' || request?.command === 'void') &&
    mock.terminal.ledger.some(({ at }) => at >= request.at);
  const takeOff = mock.use({
    receive({ bytes, request }, next) {
      count('till-bytes', bytes.length);
      if (bytes[0] === acknowledgement && isBooked(request)) count('money-answers');
      return next();
    },
    transmit({ bytes, kind, request }, next) {
      if (acknowledgement === undefined && kind === 'answer' && isBooked(request))
        return next().map((action) => ({ ...action, act: () => count('money-answers') }));
      if (moment.after !== 'terminal-bytes' || over) return next();
      if (left > bytes.length) {
        left -= bytes.length;
        return next();
      }
      const cut = left;
      return next().flatMap((action) => [
        { ...action, bytes: bytes.subarray(0, cut), act: now },
        { bytes: bytes.subarray(cut) },
      ]);
    },
  });
  return {
    heard: () => count('lines'),
    disarm() {
      over = true;
      clearTimeout(timer);
      clearImmediate(immediate);
      takeOff();
    },
  };
}
