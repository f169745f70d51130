import type { Behaviour, Bench } from './behaviours.ts';
import { always, type Fault, plain, type Strike } from './fault.ts';
import type { Answer, Command } from './messages.ts';
import { codeFrom } from './zvt-codes.ts';
import { type ZvtSetup, zvtSetup } from './zvt-setup.ts';

/** Faults that only a ZVT terminal can have. On any other they do nothing. */

const moneyCommands: readonly Command[] = [
  'purchase',
  'refund',
  'void',
  'settle',
  'pre-authorisation',
  'booking',
  'pre-authorisation-reversal',
];

/** A code is two hexadecimal digits, as on the wire. */
const coded = (
  fault: Omit<Fault, 'create'>,
  fallback: string,
  make: (strike: Strike, code: string) => Behaviour,
): Fault => ({
  ...fault,
  create(argument = fallback, strike = always) {
    if (!/^[0-9A-Fa-f]{1,2}$/.test(argument))
      throw new Error(`needs two hexadecimal digits (${fault.argument}); got ${argument}`);
    return make(strike, argument.toUpperCase().padStart(2, '0'));
  },
});

/** The terminal is set up in another way for as long as the fault is on. */
const setUp = <K extends keyof ZvtSetup>(part: K, value: ZvtSetup[K]): Behaviour => ({
  install({ terminal }) {
    const setup = zvtSetup(terminal);
    const before = setup[part];
    setup[part] = value;
    return () => {
      setup[part] = before;
    };
  },
});

const telling = (strike: Strike, change: (answer: Answer) => Answer): Behaviour => ({
  answer(_asked, next) {
    const told = next();
    return told.length > 0 && strike() ? told.map(change) : told;
  },
});

/** Ends the till's connection right before or right after a message goes out. */
const closing = (
  strike: Strike,
  message: string,
  when: 'before' | 'after',
  close: (bench: Bench) => void,
): Behaviour => ({
  transmit(piece, next, bench) {
    if (piece.message !== message || !strike()) return next();
    const act = () => close(bench);
    return when === 'before' ? [{ act }, ...next()] : [...next(), { act }];
  },
});

const hangUp = (bench: Bench) => bench.hangUp();

/** A message that is never heard, however often the link says it. */
const unsaid = (strike: Strike, message: string): Behaviour => {
  let struck = false;
  return {
    transmit(piece, next) {
      if (piece.message !== message) return next();
      if (piece.attempt === 1) struck = strike();
      return struck ? [] : next();
    },
  };
};

const longer = (trace: string): string => `10${trace}`;

const withLongTrace = (answer: Answer): Answer => ({
  ...answer,
  ...(answer.sale && { sale: { ...answer.sale, trace: longer(answer.sale.trace) } }),
  ...(answer.trace !== undefined && { trace: longer(answer.trace) }),
  ...(answer.booking && {
    booking: { ...answer.booking, trace: longer(answer.booking.trace) },
  }),
});

export const zvtFaults = {
  refused: coded(
    {
      description:
        'Commands are answered 84 and a code instead of 80 00 00, and not carried out. After 84 1E comes the byte 7D, as it was seen in the field.',
      argument: 'the code, two hexadecimal digits, default 9C: please wait',
    },
    '9C',
    (strike, code) => ({
      request(_asked, next, { terminal }) {
        const reaction = next();
        if (reaction === 'acknowledge' && strike())
          zvtSetup(terminal).refuseNext = {
            code: codeFrom(code),
            ...(code === '1E' && { data: [0x7d] }),
          };
        return reaction;
      },
    }),
  ),
  aborted: coded(
    {
      description:
        'The terminal ends the command with a 04 0F of this result and 06 1E; nothing is carried out. With few-fields there is only the 06 1E.',
      argument: 'the code, two hexadecimal digits, default 6C: stopped by key or time-out',
      on: moneyCommands,
    },
    '6C',
    (strike, code) => ({
      answer: ({ request: { command: to } }, next) =>
        strike() ? [{ to, outcome: 'declined', code }] : next(),
    }),
  ),
  'no-abort': plain(
    { description: 'After a 04 0F with an error nothing comes: no 06 1E.' },
    (strike) => unsaid(strike, '06 1E'),
  ),
  'no-completion': plain(
    {
      description: 'After the 04 0F of something that was done nothing comes: no 06 0F.',
      on: moneyCommands,
    },
    (strike) => unsaid(strike, '06 0F'),
  ),
  'twice-positive': plain(
    { description: 'The positive answer 80 00 00 comes twice.' },
    (strike) => ({
      transmit(piece, next) {
        const actions = next();
        return piece.message === '80 00' && strike() ? [...actions, ...actions] : actions;
      },
    }),
  ),
  'query-without-result': plain(
    {
      description: 'The last transaction is asked for, and there is no 04 0F, only 06 0F.',
      on: ['last-transaction'],
    },
    (strike) => telling(strike, ({ to }) => ({ to, outcome: 'done' })),
  ),
  'voids-the-newest': plain(
    {
      description: 'A void takes back the newest payment, whatever receipt was named.',
      on: ['void'],
    },
    (strike) => ({
      answer(_asked, next, { terminal }) {
        if (!strike()) return next();
        const setup = zvtSetup(terminal);
        setup.voidsNewest = true;
        const told = next();
        setup.voidsNewest = false;
        return told;
      },
    }),
  ),
  'long-trace': plain(
    { description: 'Trace numbers have eight digits: BMP 0B is 000000, TLV 1F2B has the number.' },
    (strike) => telling(strike, withLongTrace),
  ),
  'status-code': coded(
    {
      description: 'A status enquiry tells that the terminal is not ready.',
      argument: 'the status, two hexadecimal digits, default F0: an end of day is needed',
      on: ['poll'],
    },
    'F0',
    (strike, code) => telling(strike, (answer) => ({ ...answer, code })),
  ),
  'raw-texts': plain(
    {
      description:
        'Texts are in ISO 8859-1 and have line feeds in them, whatever character set was agreed on.',
    },
    () => setUp('rawTexts', true),
  ),
  'keeps-unacknowledged': plain(
    {
      description:
        'What the till has not acknowledged stays booked. Without this fault the terminal takes it back by itself.',
    },
    () => setUp('unacknowledged', 'kept'),
  ),
  'repeats-settled': plain(
    { description: 'The last transaction is still told after the end of the day.' },
    () => setUp('repeatsSettled', true),
  ),
  'repeats-failed': plain(
    {
      description:
        'The last transaction is told as the last attempt, also when that came to nothing.',
    },
    () => setUp('repeatsFailed', true),
  ),
  'no-sequence-ids': plain(
    { description: 'The terminal does not take up message sequence ids.' },
    () => setUp('sequenceIds', false),
  ),
  'checks-password': {
    description: 'Commands with another password than this one are answered 84 37 00.',
    argument: 'six digits, default 000000',
    create(argument = '000000') {
      if (!/^\d{1,6}$/.test(argument)) throw new Error('needs six digits');
      return setUp('password', argument.padStart(6, '0'));
    },
  },
  'close-before-result': plain(
    { description: 'The terminal ends the connection right before the 04 0F.' },
    (strike) => closing(strike, '04 0F', 'before', hangUp),
  ),
  'close-after-result': plain(
    {
      description:
        'The terminal ends the connection right after the 04 0F, before the till can acknowledge it.',
    },
    (strike) => closing(strike, '04 0F', 'after', hangUp),
  ),
  'close-before-completion': plain(
    {
      description:
        'The terminal ends the connection when the till has acknowledged the 04 0F, before the 06 0F.',
    },
    (strike) => closing(strike, '06 0F', 'before', hangUp),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
