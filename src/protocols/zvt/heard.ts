import { paymentStatus } from './intermediate-status.ts';
import type { Message } from './message.ts';
import { resultOf } from './status-information.ts';

/** What the terminal has told of the transaction before the end. */
export interface Heard {
  /** The 04 0F in their order. When there are many, the oldest errors are left out, and no approval. */
  readonly results: readonly Message[];
  /** After an approval it said that it sends an automatic reversal (04 FF 05). */
  readonly takenBack: boolean;
  /** After the last 04 0F it said something else than that this is the end (04 FF). */
  readonly goesOn: boolean;
}

export const nothingHeard: Heard = { results: [], takenBack: false, goesOn: false };

/** A payment has one result, or a few when it is begun again; with this many approvals none is believed. */
export const mostResults = 16;

export const isApproval = (result: Message): boolean => resultOf(result) === 0;

/** The code of the last 04 0F, if that is an error. */
export function failureIn({ results }: Heard): number | undefined {
  const last = results.at(-1);
  const code = last && resultOf(last);
  return code === 0 ? undefined : code;
}

export function withResult(before: Heard, result: Message): Heard {
  const heard = { ...before, goesOn: false };
  const all = [...heard.results, result];
  if (all.length <= mostResults) return { ...heard, results: all };
  const dropped = Math.max(
    0,
    all.findIndex((told) => !isApproval(told)),
  );
  return { ...heard, results: all.filter((_, at) => at !== dropped) };
}

export function withStatus(heard: Heard, { head }: Message): Heard {
  const status = head.get('status')?.[0];
  const code = status === undefined ? undefined : paymentStatus(status);
  const isEnd = code === 'declined' || code === 'remove-card';
  const isReversal = code === 'reversing' && heard.results.some(isApproval);
  return { ...heard, goesOn: heard.goesOn || !isEnd, takenBack: heard.takenBack || isReversal };
}

/** How the exchange ended. */
export type Ending =
  /** 80 00, where that is all. */
  | { readonly by: 'reply' }
  /** 06 0F. */
  | { readonly by: 'completion'; readonly message: Message }
  /** 06 1E, with its code if it has one. */
  | { readonly by: 'abort'; readonly code: number | undefined; readonly message: Message }
  /** 84 xx: the command was not taken. */
  | { readonly by: 'refusal'; readonly code: number; readonly message: Message }
  /** T4 has run out. */
  | { readonly by: 'silence' };
