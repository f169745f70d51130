import type { TerminalError } from '../../src/model/error.ts';
import type { CommandEvent } from '../../src/model/events.ts';
import type { Target } from '../../src/model/transaction.ts';
import type { Process } from './process.ts';

export type CallKind =
  | 'purchase'
  | 'void'
  | 'last'
  | 'status'
  | 'totals'
  | 'settle'
  | 'recover'
  | 'decide';

/** How a command ended, as far as its till knows. */
export type Ending =
  | { readonly type: 'result'; readonly outcome: string; readonly result: object }
  | { readonly type: 'error'; readonly error: TerminalError }
  /** The process was killed first: nobody was told anything. */
  | { readonly type: 'killed' };

/** One command of the till, from its start to what it told. */
export interface Call {
  readonly id: number;
  readonly kind: CallKind;
  readonly process: Process;
  readonly key: string | undefined;
  /** What is to be sold or taken back, as the till asked for it. */
  readonly asked: Target | undefined;
  readonly startedAt: number;
  readonly events: CommandEvent<unknown>[];
  ending: Ending | undefined;
  endedAt: number | undefined;
  /** Somebody is subscribed; otherwise nobody hears of its end. */
  watched: boolean;
  /** Money frames that left on its behalf. */
  frames: number;
}

/** What a call has claimed about its money, if anything certain. */
export type Claim = 'done' | 'none' | 'doubt' | 'decided';

/** Outcomes that speak for the key as a whole, and are on record; the others only for the one call. */
export const recorded: ReadonlySet<string> = new Set([
  'approved',
  'voided',
  'already-voided',
  'declined',
  'not-found',
  'not-approved',
  'not-voided',
]);

export function claimOf({ ending }: Call): Claim | undefined {
  switch (ending?.type) {
    case undefined:
    case 'killed':
      return undefined;
    case 'error':
      return ending.error.effect === 'none' ? 'none' : 'doubt';
    case 'result':
      return claimOfOutcome(ending.outcome);
  }
}

export function claimOfOutcome(outcome: string): Claim | undefined {
  switch (outcome) {
    case 'approved':
    case 'voided':
      return 'done';
    case 'declined':
    case 'refused':
    case 'not-found':
    case 'not-approved':
    case 'not-voided':
    case 'already-voided':
      return 'none';
    case 'decided':
      return 'decided';
    default:
      return undefined;
  }
}

export const inWords = ({ process, kind, key }: Call): string =>
  `${process.name}'s ${kind} ${key ?? ''}`.trim();
