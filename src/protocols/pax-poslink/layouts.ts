/** Where things stand in the groups behind the response text. Sub-fields are counted from 0. */

/** T01: host, type, amounts, account, trace, AVS, commercial, MOTO/e-commerce, additional data. */
export const t01 = { host: 0, type: 1, amounts: 2, account: 3, trace: 4, additional: 8 } as const;

/** R03: how many records, which one, and the record. */
export const r03 = {
  total: 0,
  record: 1,
  host: 2,
  edc: 3,
  type: 4,
  originalType: 5,
  amounts: 6,
  account: 7,
  trace: 8,
  additional: 12,
} as const;

/** B01: host, count, amount, time, terminal id and merchant id at the host. */
export const b01 = { host: 0, count: 1, amount: 2, time: 3, terminalId: 4, merchantId: 5 } as const;

export const hostFields = { code: 0, text: 1, authorisationCode: 2, reference: 3 } as const;
export const amountFields = { approved: 0 } as const;
export const accountFields = { number: 0, cardType: 6 } as const;
export const traceFields = { transactionNumber: 0, reference: 1, time: 2 } as const;

/** Where the groups that a transaction is made of stand. */
export type Places = Readonly<
  Record<'host' | 'amounts' | 'account' | 'trace' | 'additional', number>
>;
