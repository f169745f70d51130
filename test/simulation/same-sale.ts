import type { LedgerEntry, Sale } from '../../mocks/ledger.ts';
import { identities } from '../../src/model/identity.ts';
import type { Identity, Target, Transaction } from '../../src/model/transaction.ts';
import type { Family } from './family.ts';

const bare = (text: string | undefined): string | undefined => text?.replace(/^0+(?=.)/, '');

/** Some terminals write more digits than the ledger has. */
const numberIn = (identity: Identity, field: keyof Identity): string | undefined =>
  bare(field === 'trace' ? identity.trace?.slice(-6) : identity[field]);

const same = (a: Identity, b: Identity, field: keyof Identity): boolean =>
  numberIn(a, field) === numberIn(b, field);

/** Nothing that both name speaks against their being the same. */
const agree = (a: Identity, b: Identity): boolean =>
  identities.every(
    (field) => a[field] === undefined || b[field] === undefined || same(a, b, field),
  );

const numbers = ['operationNumber', 'receiptNumber', 'trace'] as const;

/** They have a running number in common. */
const shareNumber = (a: Identity, b: Identity): boolean =>
  numbers.some((field) => a[field] !== undefined && same(a, b, field));

/** How what a terminal of this family tells is compared with its ledger. */
export interface SameSale {
  /** Everything that `asked` names and the sale has, agrees. */
  names(asked: Target | undefined, sale: Sale): boolean;
  /** The sale is what was told. */
  isSale(sale: Sale, told: Transaction): boolean;
  /** The entry of the ledger is what the terminal is said to have done last. */
  isTold(entry: LedgerEntry, told: Transaction): boolean;
  /** The entry takes the place of what was told last. */
  supersedes(entry: LedgerEntry): boolean;
}

export function sameSale(family: Family): SameSale {
  const isSale = (sale: Sale, told: Transaction): boolean => {
    const identity = family.identityOf(sale);
    return (
      told.amount.amount === sale.amount &&
      agree(told, identity) &&
      shareNumber(told, identity) &&
      (identity.ticket === undefined || bare(told.ticket ?? '') === bare(identity.ticket))
    );
  };

  /** A void has a number of its own, and may be told without its amount. */
  const isVoid = (sale: Sale, { amount: { amount }, original = {} }: Transaction): boolean =>
    (amount === 0 || Math.abs(amount) === sale.amount) && agree(original, family.identityOf(sale));

  return {
    names: (asked, sale) =>
      asked?.amount.amount === sale.amount && agree(asked, family.identityOf(sale)),
    isSale,
    isTold(entry, told) {
      switch (entry.kind) {
        case 'sale':
          return told.kind === 'purchase' && isSale(entry.sale, told);
        case 'void':
          if (told.kind === 'void') return isVoid(entry.sale, told);
          return (
            family.tellsVoidsAsSales === true &&
            told.kind === 'purchase' &&
            told.amount.amount === entry.sale.amount &&
            agree(told, family.identityOf(entry.sale))
          );
        default:
          return false;
      }
    },
    supersedes({ kind }) {
      if (kind === 'void') return family.tellsVoidLast;
      return kind !== 'settlement' || family.forgetsSettled;
    },
  };
}
