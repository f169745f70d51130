import type { Refused } from '../model/results.ts';
import type { Transaction } from '../model/transaction.ts';
import { invalid } from '../protocols/refusal.ts';
import type { World } from './world.ts';

/** What the merchant allows, whatever the terminal would do. */
export interface VoidPolicy {
  /** How old a sale may be, in milliseconds by the terminal's own clock, to be voided. */
  readonly windowMs?: number;
  /** A second person has to agree to each void. */
  readonly supervisor?: boolean;
}

interface Persons {
  readonly operator: string;
  readonly supervisor?: string;
}

export function checkSupervisor(
  { supervisor: needed = false }: VoidPolicy,
  { operator, supervisor }: Persons,
): Refused | undefined {
  if (!needed) return undefined;
  if (supervisor === undefined || supervisor.trim() === '')
    return {
      outcome: 'refused',
      reason: 'supervisor-needed',
      message: 'The merchant wants a second person to agree to a void. Nothing was sent.',
    };
  if (supervisor.trim() === operator.trim())
    return invalid('supervisor', 'somebody else than the operator', supervisor);
  return undefined;
}

/** Terminals tell local time without a zone: it is read as the till's own. */
export function checkWindow(
  { policy: { windowMs }, world }: { readonly policy: VoidPolicy; readonly world: World },
  found: Transaction,
): Refused | undefined {
  if (windowMs === undefined) return undefined;
  const age = found.time === undefined ? Number.NaN : world.clock.now() - Date.parse(found.time);
  if (age <= windowMs) return undefined;
  const minutes = (ms: number) => `${Math.round(ms / 60_000)} minutes`;
  return {
    outcome: 'refused',
    reason: 'outside-void-window',
    field: 'time',
    limit: `at most ${minutes(windowMs)} ago`,
    value: found.time ?? 'not told',
    message: `The sale is ${Number.isNaN(age) ? 'of an unknown time' : `${minutes(age)} old`}; it may be voided for ${minutes(windowMs)}. Refund it instead. Nothing was voided.`,
    found,
  };
}
