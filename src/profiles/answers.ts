import { maskCardNumbers } from '../model/mask.ts';
import type {
  Declined,
  LastTransactionResult,
  SettleResult,
  StatusResult,
} from '../model/results.ts';
import type { Transaction, TransactionKind } from '../model/transaction.ts';
import type { Idle, PurchaseAnswer, UnknownCode, VoidAnswer } from '../protocols/protocol.ts';
import {
  originalIdentity,
  ownIdentity,
  told,
  transactionOf,
  type Verdict,
  verdictOf,
} from './meaning.ts';
import type { Message, Wire } from './message.ts';
import type { ProfileCommand } from './schema.ts';

/** An answer on its way to a result. */
export interface Answered {
  readonly wire: Wire;
  readonly command: ProfileCommand;
  readonly message: Message;
  /** The till's local time. */
  readonly now: string;
  /** The amount that the till asked for, in minor units. */
  readonly asked: string | undefined;
}

const words = ({ text, code }: Verdict): string =>
  code === '' ? maskCardNumbers(text) : `${maskCardNumbers(text)} (code ${maskCardNumbers(code)})`;

const refused = (verdict: Verdict): string =>
  verdict.class === 'sign-in'
    ? `The terminal wants to sign in at its host first: ${words(verdict)}. Nothing was repeated.`
    : `The terminal refused: ${words(verdict)}.`;

const unknownCode = (verdict: Verdict): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: maskCardNumbers(verdict.code),
  message: `The terminal answered: ${words(verdict)}.`,
});

const declined = (verdict: Verdict): Declined => ({
  outcome: 'declined',
  responseCode: maskCardNumbers(verdict.code),
  message: refused(verdict),
});

const transaction = (
  { wire, command, message, now, asked }: Answered,
  kind: TransactionKind,
  approved: boolean,
): Transaction | undefined =>
  transactionOf(wire, command.answer, message, kind, approved, now, asked);

/** Nothing: what is approved names no amount, and so makes no sense. */
export function bookingAnswer(
  answered: Answered,
  kind: 'purchase' | 'refund',
): PurchaseAnswer | undefined {
  const verdict = verdictOf(answered.wire, answered.command, answered.message);
  switch (verdict.class) {
    case 'approved': {
      const made = transaction(answered, kind, true);
      if (made === undefined || made.kind !== kind) return undefined;
      return { outcome: 'approved', transaction: made };
    }
    case 'unknown':
    // A sale that a code calls voided, settled or missing is none that this answer could be about.
    case 'already-voided':
    case 'settled':
    case 'not-found':
    case 'empty':
      return unknownCode(verdict);
    case 'declined':
    case 'cancelled':
    case 'sign-in':
    case 'busy':
      return { ...declined(verdict), named: ownIdentity(answered.wire, answered.message) };
  }
}

export function voidAnswer(answered: Answered): VoidAnswer {
  const { wire, command, message } = answered;
  const verdict = verdictOf(wire, command, message);
  const amount = Number(told(wire, message, 'amount') ?? Number.NaN);
  const named = {
    // A void has numbers of its own; only what it says of its sale counts.
    ...originalIdentity(wire, message),
    ...(Number.isSafeInteger(amount) && {
      amount: { amount: Math.abs(amount), currency: wire.profile.currency },
    }),
  };
  const refusal = { named, responseCode: maskCardNumbers(verdict.code), message: refused(verdict) };
  switch (verdict.class) {
    case 'approved':
      return { outcome: 'voided', named };
    case 'unknown':
      return unknownCode(verdict);
    case 'already-voided':
      return { outcome: 'already-voided', ...refusal };
    case 'not-found':
    case 'empty':
    case 'settled':
      return { outcome: 'not-found', ...refusal };
    case 'declined':
    case 'cancelled':
    case 'sign-in':
    case 'busy':
      return { outcome: 'declined', ...refusal };
  }
}

export function lastAnswer(answered: Answered): LastTransactionResult | undefined {
  const { wire, command, message } = answered;
  const verdict = verdictOf(wire, command, message);
  switch (verdict.class) {
    case 'approved': {
      const found = transaction(answered, 'purchase', true);
      return (
        found && {
          outcome: 'found',
          message: 'The terminal told its last transaction.',
          transaction: found,
        }
      );
    }
    case 'empty':
    case 'not-found':
      return {
        outcome: 'none',
        responseCode: verdict.code,
        message: 'The terminal has no transaction in its memory.',
      };
    case 'declined':
    case 'cancelled':
    case 'already-voided':
    case 'settled':
    case 'sign-in':
    case 'busy':
    case 'unknown':
      return declined(verdict);
  }
}

export function settleAnswer({ wire, command, message }: Answered): SettleResult | UnknownCode {
  const verdict = verdictOf(wire, command, message);
  if (verdict.class === 'unknown') return unknownCode(verdict);
  if (verdict.class !== 'approved') return declined(verdict);
  const { terminalId, commerceCode } = ownIdentity(wire, message);
  return {
    outcome: 'settled',
    message: 'The terminal has closed its day.',
    ...(terminalId !== undefined && { terminalId }),
    ...(commerceCode !== undefined && { commerceCode }),
  };
}

export function statusAnswer({ wire, command, message }: Answered): StatusResult {
  const verdict = verdictOf(wire, command, message);
  // An empty memory, or the lack of a code, says nothing against the terminal.
  if (verdict.class === 'approved' || verdict.class === 'empty' || verdict.class === 'not-found')
    return { outcome: 'ready', message: 'The terminal answers.' };
  return {
    outcome: 'not-ready',
    message: refused(verdict),
    terminalCode: maskCardNumbers(verdict.code),
  };
}

/** A terminal that wants to sign in first is at work on nothing, and says itself what it wants. */
export function idleAnswer(answered: Answered): Idle {
  const { outcome, message } = statusAnswer(answered);
  const { wire, command, message: said } = answered;
  return {
    idle: outcome === 'ready' || verdictOf(wire, command, said).class === 'sign-in',
    message,
  };
}

/** A command of this terminal only, done or refused. */
export interface OtherResult {
  readonly outcome: 'done';
  readonly message: string;
  /** What the terminal said, by the names of the fields; no card number, nothing secret. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export function otherAnswer(
  { wire, command, message }: Answered,
  fields: Readonly<Record<string, unknown>>,
): OtherResult | Declined {
  const verdict = verdictOf(wire, command, message);
  if (verdict.class !== 'approved') return declined(verdict);
  return { outcome: 'done', message: 'The terminal has done it.', fields };
}
