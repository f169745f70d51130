import { identities, sameNumber } from '../model/identity.ts';
import { formatMoney, sameMoney } from '../model/money.ts';
import type { Identity, Target } from '../model/transaction.ts';

export interface Difference {
  readonly field: keyof Identity | 'amount';
  readonly asked: string;
  readonly found: string;
}

/**
 * Every identity that both sides have and that differs; what only one side knows is no difference.
 * An empty list means that nothing speaks against their being the same.
 */
export const identityDifferences = (asked: Identity, found: Identity): Difference[] =>
  identities.flatMap((field) => {
    const [a, b] = [asked[field], found[field]];
    if (a === undefined || b === undefined || sameNumber(a, b)) return [];
    return [{ field, asked: a, found: b }];
  });

/** The same, with the amount, which always has to agree to the last unit. */
export function differences(asked: Target, found: Target): Difference[] {
  const amount: Difference[] = sameMoney(asked.amount, found.amount)
    ? []
    : [
        {
          field: 'amount',
          asked: formatMoney(asked.amount),
          found: formatMoney(found.amount),
        },
      ];
  return [...amount, ...identityDifferences(asked, found)];
}

/** `amount: asked CLP 1500, found CLP 4200` */
export const inWords = (list: readonly Difference[]): string =>
  list.map(({ field, asked, found }) => `${field}: asked ${asked}, found ${found}`).join('; ');
