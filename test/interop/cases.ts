import type { Step } from './claim.ts';

/** One scripted fault, and what a till asks for while the terminal has it. */
export interface Case {
  readonly name: string;
  readonly faults: readonly string[];
  readonly steps: readonly Step[];
}

const sale: Step = { do: 'sale', amount: 2_500, ticket: 'A7' };
const last: Step = { do: 'last' };
const take: Step = { do: 'void' };

const one = (fault: string, step: Step, what: string): Case => ({
  name: `${fault}, ${what}`,
  faults: [fault],
  steps: [step],
});
const onSale = (fault: string): Case => one(fault, sale, 'sale');
const onLast = (fault: string): Case => one(fault, last, 'last sale');
const onVoid = (fault: string): Case => one(`${fault}@void`, take, 'void');

/** The bit that makes 3500 of the 1500 in the answer about the last sale. */
const amountBit = 45 * 8 + 1;

export const cases: readonly Case[] = [
  { name: 'none: void, sale, last sale', faults: [], steps: [take, sale, last] },
  onLast('bad-lrc'),
  onLast('bad-lrc-once'),
  one(`flipped-bit-once=${amountBit}`, last, 'last sale (a digit of the amount)'),
  onSale('split-answer=250'),
  onVoid('split-answer'),
  onSale('ack-with-answer'),
  onLast('ack-with-answer'),
  onSale('nak-once'),
  onSale('nak@purchase'),
  onVoid('nak-once'),
  onSale('ack-turned-nak'),
  onSale('lost-ack-once'),
  onVoid('lost-ack-once'),
  onSale('late-ack-once=3000'),
  onSale('silent-once'),
  onSale('no-answer-once'),
  onVoid('no-answer'),
  onSale('silent-after-status-once'),
  {
    name: 'late-answer@void=4000, void given up, then last sale',
    faults: ['late-answer@void=4000', 'silent-while-working'],
    steps: [take, last],
  },
  {
    name: 'late-answer@last-transaction=4000, last sale given up, then void',
    faults: ['late-answer-once@last-transaction=4000', 'silent-while-working'],
    steps: [last, take],
  },
  onLast('duplicate-answer'),
  {
    name: 'previous-answer: last sale, then void',
    faults: ['previous-answer'],
    steps: [last, take],
  },
  onSale('stale-answer'),
  onVoid('stale-answer'),
  onSale('foreign-answer'),
  onVoid('foreign-answer'),
  onSale('wrong-amount'),
  onLast('noise-before'),
  onLast('noise-inside-once'),
  onSale('unplug-after-booking'),
  onVoid('unplug-after-booking'),
  onVoid('power-loss-after-booking'),
  onVoid('clerk-sells-before-void'),
  onSale('cancelled'),
  onSale('declined'),
  onVoid('already-voided'),
  {
    name: 'already-voided with few-fields, void',
    faults: ['already-voided', 'few-fields@void'],
    steps: [take],
  },
  {
    name: 'amount of 10 digits, sale',
    faults: [],
    steps: [{ do: 'sale', amount: 1_234_567_890, ticket: 'A7' }],
  },
  {
    name: 'ticket of 13 characters, sale',
    faults: [],
    steps: [{ do: 'sale', amount: 2_500, ticket: 'TKT1699999999' }],
  },
];
