import type { LedgerEntry, Sale } from '../../mocks/index.ts';

/** What a till asks its driver for. */
export type Step =
  | { readonly do: 'sale'; readonly amount: number; readonly ticket: string }
  | { readonly do: 'last' }
  /** Takes the terminal's first sale back, which the till has made before. */
  | { readonly do: 'void' };

/** What the driver made of it, in words that drivers share. */
export type Claim =
  | {
      readonly says: 'sold';
      readonly amount: number;
      readonly ticket: string;
      readonly operationNumber: string;
    }
  | { readonly says: 'last'; readonly amount: number; readonly operationNumber: string }
  | { readonly says: 'voided'; readonly operationNumber: string }
  | { readonly says: 'not sold' | 'not voided' | 'already voided' | 'no last sale' }
  /** It says that it does not know; `why` in few words. */
  | { readonly says: 'unknown'; readonly why: string }
  /** An answer without sense: NaN, the answer to something else, an exception out of its own code. */
  | { readonly says: 'nonsense'; readonly what: string }
  /** Nothing, for as long as was waited. */
  | { readonly says: 'nothing' };

export type Verdict = 'correct' | 'wrong' | 'hang';

/** A claim, and how many entries the ledger had when it was made. */
export interface Made {
  readonly step: Step;
  readonly claim: Claim;
  readonly entries: number;
}

/** Terminals pad with zeros on the left. */
const same = (a: string, b: string): boolean => a.replace(/^0+/, '') === b.replace(/^0+/, '');

const salesIn = (ledger: readonly LedgerEntry[]): Sale[] =>
  ledger.flatMap((entry) => (entry.kind === 'sale' ? [entry.sale] : []));

/** The claim agrees with what the terminal has booked; not to know is no false claim. */
export function isTrue({ step, claim, entries }: Made, ledger: readonly LedgerEntry[]): boolean {
  const [, ...sales] = ledger.flatMap((entry) =>
    entry.kind === 'sale' && entry.by === 'till' ? [entry.sale] : [],
  );
  const voids = ledger.flatMap((entry) => (entry.kind === 'void' ? [entry.sale] : []));
  const target = salesIn(ledger)[0]?.operationNumber ?? '';
  switch (claim.says) {
    case 'unknown':
      return true;
    case 'nonsense':
    case 'nothing':
      return false;
    case 'sold':
      return (
        step.do === 'sale' &&
        sales.length === 1 &&
        sales.some(
          ({ amount, ticket, operationNumber }) =>
            amount === step.amount &&
            amount === claim.amount &&
            same(ticket, step.ticket) &&
            same(ticket, claim.ticket) &&
            same(operationNumber, claim.operationNumber),
        )
      );
    case 'not sold':
      return sales.length === 0;
    case 'voided':
      return voids.length === 1 && same(target, claim.operationNumber) && isOf(voids, target);
    case 'already voided':
      return voids.length === 1 && isOf(voids, target);
    case 'not voided':
      return !isOf(voids, target);
    case 'last': {
      const last = salesIn(ledger.slice(0, entries)).at(-1);
      return (
        last !== undefined &&
        last.amount === claim.amount &&
        same(last.operationNumber, claim.operationNumber)
      );
    }
    case 'no last sale':
      return salesIn(ledger.slice(0, entries)).length === 0;
  }
}

const isOf = (voids: readonly Sale[], target: string): boolean =>
  voids.some(({ operationNumber }) => operationNumber === target);

export function verdictOf(made: readonly Made[], ledger: readonly LedgerEntry[]): Verdict {
  if (made.some(({ claim }) => claim.says === 'nothing')) return 'hang';
  return made.every((one) => isTrue(one, ledger)) ? 'correct' : 'wrong';
}

/** A claim in few words, for the table. */
export function inWords(claim: Claim): string {
  switch (claim.says) {
    case 'sold':
      return `sold ${claim.amount}`;
    case 'last':
      return `last sale ${claim.amount}`;
    case 'voided':
      return `voided ${claim.operationNumber.replace(/^0+/, '')}`;
    case 'unknown':
      return `does not know (${claim.why})`;
    case 'nonsense':
      return claim.what;
    case 'nothing':
      return 'says nothing';
    default:
      return claim.says;
  }
}
