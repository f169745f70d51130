import type { LedgerEntry } from '../../../mocks/ledger.ts';

/** What a till has asked for, and what it was told before the service was killed. */
export interface Asked {
  readonly kind: 'sale' | 'void';
  readonly ticket: string;
  seen?: Told;
}

export interface Told {
  /** As the service says it; `unknown`: it has never heard of it. */
  readonly state: string;
  readonly outcome?: string;
  /** How many it has had so far. */
  readonly events?: number;
}

const times = ({ kind, ticket }: Asked, ledger: readonly LedgerEntry[]): number =>
  ledger.filter(
    (entry) =>
      entry.kind === kind && 'sale' in entry && entry.sale.ticket.replace(/^0+/, '') === ticket,
  ).length;

const carriedOut = new Set(['approved', 'voided']);

/** What is wrong about what was told, when it is compared with what the terminal has done. */
export function wrongAbout(
  asked: Asked,
  told: Told,
  ledger: readonly LedgerEntry[],
): string | undefined {
  const done = times(asked, ledger);
  const { state, outcome = '' } = told;
  const said = `${state} ${outcome}`.trim();
  if (done > 1) return `was done ${done} times`;
  const { seen } = asked;
  if (seen?.state === 'done' && (state !== 'done' || outcome !== seen.outcome))
    if (seen.outcome !== 'refused') return `was ${seen.outcome} before, and now is ${said}`;
  switch (state) {
    case 'in-doubt':
      return undefined;
    case 'unknown':
    case 'failed':
      return done === 0 ? undefined : `is told as ${said}, and was done`;
    case 'done':
      if (carriedOut.has(outcome))
        return done === 1 ? undefined : `is told as ${said}, and was not`;
      return done === 0 ? undefined : `is told as ${said}, and was done`;
    default:
      return `has the state ${said} after a restart`;
  }
}
