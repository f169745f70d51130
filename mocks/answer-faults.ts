import type { Behaviour } from './behaviours.ts';
import { always, type Fault, numbered, plain, type Strike } from './fault.ts';
import type { Answer, Command } from './messages.ts';

/** Faults in what the terminal tells: the booking is one thing, the answer another. */

const telling = (strike: Strike, change: (answer: Answer) => Answer): Behaviour => ({
  answer(_asked, next) {
    const told = next();
    return told.length > 0 && strike() ? told.map(change) : told;
  },
});

const aboutOneSale: readonly Command[] = ['purchase', 'last-transaction', 'void'];

/** The same answer about a sale that this till never made. */
const foreign = (answer: Answer): Answer =>
  answer.sale === undefined
    ? answer
    : {
        ...answer,
        sale: {
          ...answer.sale,
          ticket: 'ZZ9999',
          amount: answer.sale.amount + 1_000,
          operationNumber: '999999',
          trace: '999999',
          authorisationCode: '000000',
        },
      };

/** A response code is two characters; any other is for a test of the till's reading. */
const coded = (
  fault: Omit<Fault, 'create'>,
  fallback: string,
  make: (strike: Strike, code: string) => Behaviour,
): Fault => ({
  ...fault,
  create: (argument, strike = always) => make(strike, argument ?? fallback),
});

export const answerFaults = {
  'wrong-amount': numbered(
    {
      description: 'The answer tells another amount than was booked.',
      argument: 'amount in minor units, default 1000 too much',
      on: ['purchase', 'last-transaction'],
    },
    0,
    (strike, amount) =>
      telling(strike, (answer) =>
        answer.sale === undefined
          ? answer
          : { ...answer, sale: { ...answer.sale, amount: amount || answer.sale.amount + 1_000 } },
      ),
  ),
  'foreign-answer': plain(
    {
      description: 'The answer tells of another sale than the one that was booked or asked for.',
      on: aboutOneSale,
    },
    (strike) => telling(strike, foreign),
  ),
  'foreign-terminal': plain({ description: 'The answer names another terminal.' }, (strike) =>
    telling(strike, (answer) => ({ ...answer, terminalId: '75009999' })),
  ),
  'stale-answer': plain(
    { description: 'An answer to something else comes before the right one.' },
    (strike) => ({
      answer({ request }, next) {
        const told = next();
        if (told.length === 0 || !strike()) return told;
        const stale = request.command === 'load-keys' ? 'settle' : 'load-keys';
        return [{ to: stale, outcome: 'done' }, ...told];
      },
    }),
  ),
  'few-fields': plain(
    { description: 'Refusals carry the response code and nothing behind it.' },
    (strike) => ({
      answer(_asked, next) {
        const told = next();
        return told.some(({ outcome }) => outcome !== 'done') && strike()
          ? told.map((answer) => ({ ...answer, codeOnly: answer.outcome !== 'done' }))
          : told;
      },
    }),
  ),
  'unknown-code': coded(
    {
      description: 'It is carried out, but the answer has a response code that no table lists.',
      argument: 'the code, default 99',
    },
    '99',
    (strike, code) => telling(strike, (answer) => ({ ...answer, code })),
  ),
  declined: coded(
    {
      description: 'The host declines sales and voids.',
      argument: 'the response code, default 01',
      on: ['purchase', 'void'],
    },
    '01',
    (strike, code) => ({
      answer(_asked, next, { terminal: { host } }) {
        if (!strike()) return next();
        const { decide } = host;
        host.decide = () => ({ declined: code });
        const told = next();
        host.decide = decide;
        return told;
      },
    }),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
