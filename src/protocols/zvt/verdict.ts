import type { Identity } from '../../model/transaction.ts';
import { codeHex, resultCode } from './codes.ts';
import { type Ending, type Heard, isApproval, mostResults } from './heard.ts';
import type { Message } from './message.ts';
import type { Setup } from './setup.ts';
import { identityOf, resultOf, textOf } from './status-information.ts';

/** What a command that books something has come to. */
export type Verdict =
  | { readonly type: 'done'; readonly result: Message }
  | {
      readonly type: 'refused';
      readonly meaning: 'declined' | 'already-voided';
      readonly code: string;
      readonly text: string;
      readonly result: Message | undefined;
    }
  /** It ended, and what was said does not settle what happened. */
  | { readonly type: 'unknown'; readonly code: string; readonly text: string }
  /** It ended without a result, or with one that makes no sense. */
  | { readonly type: 'unreadable' };

/**
 * Puts together what the terminal said.
 *
 * A result code counts where 04 0F tells it, and an approval only once the command has ended well. An error
 * after the approval does not undo the payment (PA00P015 2.2.9), so it says nothing.
 */
export function verdictOf(ending: Ending, heard: Heard, setup: Setup): Verdict | undefined {
  const { results } = heard;
  const result = results.at(-1);
  const code = result && resultOf(result);
  const approvals = results.filter(isApproval);
  switch (ending.by) {
    case 'reply':
      return { type: 'unreadable' };
    case 'refusal':
      return refusal(ending.code, ending.message, setup);
    case 'completion':
      if (result === undefined || code === undefined) return { type: 'unreadable' };
      if (code !== 0) return failed(code, undefined, approvals, result, setup);
      return completed(result, approvals, heard, ending.message);
    case 'abort':
      if (code === undefined || code === 0) return aborted(ending, approvals, setup);
      return failed(code, ending.code, approvals, result, setup);
    case 'silence': {
      // A failed 04 0F without 06 1E has been seen: it ends here, with what its code says for certain. With a
      // code of the host, such as a wrong PIN, the payment may begin again (PA00P015 2.2.6), in silence.
      if (code === undefined || code === 0 || heard.goesOn) return undefined;
      if (resultCode(code).origin === 'host') return undefined;
      const verdict = failed(code, undefined, approvals, result, setup);
      return verdict.type === 'refused' ? verdict : undefined;
    }
  }
}

function completed(
  result: Message,
  approvals: readonly Message[],
  { takenBack }: Heard,
  message: Message,
): Verdict {
  const first = approvals[0];
  // It may be told twice. Two approvals under two numbers are two payments.
  if (
    approvals.length >= mostResults ||
    (first !== undefined &&
      !approvals.every((told) => sameIdentity(identityOf(first), identityOf(told))))
  )
    return { type: 'unreadable' };
  if (takenBack)
    return {
      type: 'unknown',
      code: codeHex(0),
      text: 'it was approved, and then the terminal said that it takes it back',
    };
  const last = resultOf(message);
  if (last !== undefined && last !== 0) {
    const { text } = resultCode(last);
    return {
      type: 'unknown',
      code: codeHex(last),
      text: `it was approved and then ended with "${text}"`,
    };
  }
  return { type: 'done', result };
}

/** 06 1E without a failed 04 0F before it. */
function aborted(
  { code, message }: Extract<Ending, { by: 'abort' }>,
  approvals: readonly Message[],
  setup: Setup,
): Verdict {
  if (code === undefined || code === 0)
    return { type: 'unknown', code: '', text: 'it was aborted without a reason' };
  return failed(code, undefined, approvals, message, setup);
}

/** A refusal counts when every code that was told is a certain one. */
function failed(
  code: number,
  abortCode: number | undefined,
  approvals: readonly Message[],
  result: Message | undefined,
  setup: Setup,
): Verdict {
  const text = inWords(code, result, setup);
  if (approvals.length > 0)
    return {
      type: 'unknown',
      code: codeHex(code),
      text: `it was approved and then ended with "${text}"`,
    };
  const codes = [code, ...(abortCode === undefined || abortCode === 0 ? [] : [abortCode])];
  const meanings = codes.map((each) => resultCode(each).meaning);
  if (meanings.includes('unknown')) return { type: 'unknown', code: codeHex(code), text };
  const meaning = meanings.includes('already-voided') ? 'already-voided' : 'declined';
  return { type: 'refused', meaning, code: codeHex(code), text, result };
}

/**
 * 84 xx: the terminal has not begun. So the codes that leave a transaction unsettled are certain here; one
 * that no table lists is not.
 */
function refusal(code: number, message: Message, setup: Setup): Verdict {
  const known = resultCode(code);
  const text = inWords(code, message, setup);
  if (!known.listed) return { type: 'unknown', code: codeHex(code), text };
  const meaning = known.meaning === 'already-voided' ? 'already-voided' : 'declined';
  return { type: 'refused', meaning, code: codeHex(code), text, result: undefined };
}

/** The table's words and the terminal's own. */
export function inWords(code: number, message: Message | undefined, setup: Setup): string {
  const { text } = resultCode(code);
  const own = message === undefined ? [] : textOf(message, setup);
  return own.length === 0 ? text : `${text} (${own.join(' / ')})`;
}

/** Receipt and trace of two results agree, where both have them. */
const sameIdentity = (a: Identity, b: Identity): boolean =>
  (['receiptNumber', 'trace'] as const).every(
    (name) => a[name] === undefined || b[name] === undefined || a[name] === b[name],
  );
