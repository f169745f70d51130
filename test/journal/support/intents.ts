import type { Entry, Intent, Journal } from '../../../src/journal/journal.ts';
import type { Transaction } from '../../../src/model/transaction.ts';

export const terminal = 'transbank+serial:/dev/ttyACM0';

export const found: Transaction = {
  kind: 'purchase',
  state: 'approved',
  amount: { amount: 1500, currency: 'CLP' },
  ticket: 'AB12',
  operationNumber: '000012',
  authorisationCode: 'XZ1234',
  terminalId: '75001234',
  last4: '0461',
};

export const voidIntent = (key: string, changes: Partial<Intent> = {}): Intent => ({
  key,
  kind: 'void',
  terminal,
  amount: { amount: 1500, currency: 'CLP' },
  asked: { operationNumber: '000012' },
  operator: 'ana',
  reason: 'out of stock',
  origin: 'tillwire 0.1.0 till-3',
  ...changes,
});

export const evidence: Entry = { type: 'evidence', found };
export const sent = {
  type: 'sent',
  at: Date.UTC(2026, 4, 3, 12),
  epoch: 1,
  digest: 'ab'.repeat(32),
  asked: { amount: { amount: 1500, currency: 'CLP' }, operationNumber: '000012' },
} as const satisfies Entry;
export const notSent: Entry = { type: 'not-sent', why: 'not-acknowledged' };
export const answer: Entry = { type: 'answer', answer: { outcome: 'voided', named: {} } };
export const inDoubt: Entry = { type: 'in-doubt', code: 'no-answer', message: 'No answer.' };
export const recovery: Entry = { type: 'recovery', asked: 'last transaction', history: [] };
export const decision: Entry = {
  type: 'decision',
  decision: 'voided',
  operator: 'ana',
  reason: 'the voucher is here',
};
export const voided = (key: string): Entry => ({
  type: 'outcome',
  result: {
    outcome: 'voided',
    message: 'Voided: CLP 1,500.',
    transaction: { ...found, state: 'voided' },
    key,
    voucher: ['VOID', 'CLP 1,500'],
  },
});

/** Writes a void that went well: five records. */
export async function writeVoid(journal: Journal, key: string): Promise<void> {
  await journal.begin(voidIntent(key));
  for (const entry of [evidence, sent, answer, voided(key)]) await journal.append(key, entry);
}
