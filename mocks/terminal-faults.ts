import type { Behaviour, Bench } from './behaviours.ts';
import { type Fault, numbered, plain, type Strike } from './fault.ts';
import { bookings } from './messages.ts';

/** Faults in the terminal and around it: what it does with a request, and when. */

const reacting = (strike: Strike, reaction: 'nak' | 'silence'): Behaviour => ({
  request: (_asked, next) => (strike() ? reaction : next()),
});

/** The terminal stands in a menu for a while, from the next request on. */
const inMenu = (strike: Strike, ms: number, reaction: 'nak' | 'silence'): Behaviour => {
  let until: number | undefined;
  return {
    request(_asked, next, { clock }) {
      if (until === undefined && strike()) until = clock.now() + ms;
      return until !== undefined && clock.now() < until ? reaction : next();
    },
  };
};

/** Something happens at the terminal when the request is about to be carried out. */
const justBefore = (strike: Strike, what: (bench: Bench) => void): Behaviour => ({
  answer(_asked, next, bench) {
    if (strike()) what(bench);
    return next();
  },
});

/** Something happens between the booking and its answer, which is then never sent by itself. */
const justAfter = (strike: Strike, what: (bench: Bench) => void): Behaviour => ({
  answer(_asked, next, bench) {
    const told = next();
    if (!strike()) return told;
    what(bench);
    return [];
  },
});

export const terminalFaults = {
  nak: plain({ description: 'Every request is refused with NAK.' }, (strike) =>
    reacting(strike, 'nak'),
  ),
  silent: plain({ description: 'Requests find no reaction at all.' }, (strike) =>
    reacting(strike, 'silence'),
  ),
  busy: numbered(
    {
      description: 'The terminal stands in a menu for a while from the next request on: NAK.',
      argument: 'milliseconds, default 3000',
    },
    3_000,
    (strike, ms) => inMenu(strike, ms, 'nak'),
  ),
  'busy-silent': numbered(
    {
      description: 'The same, but it does not even say NAK.',
      argument: 'milliseconds, default 3000',
    },
    3_000,
    (strike, ms) => inMenu(strike, ms, 'silence'),
  ),
  'silent-while-working': plain(
    { description: 'A request that comes during another one finds no reaction instead of NAK.' },
    (strike) => ({
      request: ({ state }, next) => (state !== 'idle' && strike() ? 'silence' : next()),
    }),
  ),
  'new-request-wins': plain(
    {
      description:
        'A request that comes while only the till’s ACK is missing is taken, and the old answer dropped.',
    },
    (strike) => ({
      request: ({ state }, next) => (state === 'awaiting-ack' && strike() ? 'acknowledge' : next()),
    }),
  ),
  'no-answer': plain(
    { description: 'ACK, then the booking is made, then silence.', on: bookings },
    (strike) => justAfter(strike, () => undefined),
  ),
  'silent-after-status': plain(
    {
      description: 'ACK and the status messages, then silence; nothing is booked.',
      on: ['purchase'],
    },
    (strike) => ({ answer: (_asked, next) => (strike() ? [] : next()) }),
  ),
  'late-answer': numbered(
    {
      description: 'The request is carried out at once, and the answer comes late.',
      argument: 'milliseconds, default 10000',
    },
    10_000,
    (strike, afterMs) => ({
      answer(_asked, next) {
        const [first, ...rest] = next();
        return first !== undefined && strike() ? [{ ...first, afterMs }, ...rest] : next();
      },
    }),
  ),
  'unplug-after-booking': plain(
    {
      description: 'The plug is pulled between the booking and its answer; the terminal goes on.',
      on: bookings,
    },
    (strike) => ({
      answer(_asked, next, bench) {
        const told = next();
        if (strike()) bench.unplug();
        return told;
      },
    }),
  ),
  'power-loss-before-booking': plain(
    { description: 'The terminal loses power right before it books.', on: bookings },
    (strike) => ({
      answer(_asked, next, { terminal }) {
        if (!strike()) return next();
        terminal.powerLoss();
        return [];
      },
    }),
  ),
  'power-loss-after-booking': plain(
    {
      description:
        'The terminal loses power between the booking and its answer; the booking stays.',
      on: bookings,
    },
    (strike) => justAfter(strike, ({ terminal }) => terminal.powerLoss()),
  ),
  'settled-before-void': plain(
    { description: 'The day is closed at the terminal right before the void.', on: ['void'] },
    (strike) => justBefore(strike, ({ terminal }) => void terminal.settle('clerk')),
  ),
  'already-voided': plain(
    { description: 'A clerk voids the last sale right before the till does.', on: ['void'] },
    (strike) => justBefore(strike, ({ terminal }) => void terminal.clerkVoids()),
  ),
  'clerk-sells-before-void': numbered(
    {
      description: 'A clerk sells at the terminal right before the till’s void.',
      argument: 'amount in minor units, default 9990',
      on: ['void'],
    },
    9_990,
    (strike, amount) => justBefore(strike, ({ terminal }) => void terminal.clerkSells(amount)),
  ),
  'empty-memory': plain({ description: 'The terminal remembers no sale.' }, (strike) =>
    justBefore(strike, ({ terminal }) => terminal.forget()),
  ),
  'debit-card': plain({ description: 'Customers pay with debit cards from now on.' }, () => ({
    install({ terminal }) {
      const before = terminal.card;
      terminal.card = { type: 'debit', last4: '0461', brand: 'DB' };
      return () => {
        terminal.card = before;
      };
    },
  })),
  cancelled: plain(
    { description: 'The customer presses the red key.', on: ['purchase'] },
    (strike) => justBefore(strike, ({ terminal }) => terminal.customerCancels()),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
