/**
 * The answers of Transbank terminals, field by field, in the order of the vendor's tables
 * (transbankdevelopers.cl/referencia/posintegrado and posautoservicio). Fields are separated by `|`.
 */

/** POS Integrado (VX520, Desk3500) and POS Autoservicio (UX300, IM30) order their fields differently. */
export type Family = 'integrado' | 'autoservicio';

/** How a field is read. `card` is reduced to the last four digits the moment it is read. */
export type FieldType = 'text' | 'pesos' | 'count' | 'card' | 'voucher';

export const fieldTypes = {
  responseCode: 'text',
  commerceCode: 'text',
  terminalId: 'text',
  ticket: 'text',
  authorisationCode: 'text',
  amount: 'pesos',
  instalments: 'count',
  instalmentAmount: 'pesos',
  last4: 'card',
  operationNumber: 'text',
  cardType: 'text',
  accountingDate: 'text',
  accountLast4: 'card',
  cardBrand: 'text',
  date: 'text',
  time: 'text',
  employee: 'text',
  tip: 'pesos',
  change: 'pesos',
  childCommerceCode: 'text',
  voucher: 'voucher',
  shareType: 'text',
  shareNumber: 'count',
  shareAmount: 'pesos',
  shareGloss: 'text',
  count: 'count',
  total: 'pesos',
  status: 'text',
  print: 'text',
  withStatus: 'text',
  withVoucher: 'text',
} as const satisfies Record<string, FieldType>;

export type FieldName = keyof typeof fieldTypes;
type Value<T extends FieldType> = T extends 'pesos' | 'count' ? number : string;

/** Named fields of one message. A blank or missing field is absent. Pesos and counts are integers. */
export type Fields = { readonly [N in FieldName]?: Value<(typeof fieldTypes)[N]> };

/** A layout: the fields behind the function code; `null` is a field that carries nothing. */
export type Layout = readonly (FieldName | null)[];

const head = [
  'responseCode',
  'commerceCode',
  'terminalId',
  'ticket',
  'authorisationCode',
  'amount',
] as const;
const cardTail = [
  'cardType',
  'accountingDate',
  'accountLast4',
  'cardBrand',
  'date',
  'time',
] as const;
const shares = ['shareType', 'shareNumber', 'shareAmount', 'shareGloss'] as const;

const integradoSale: Layout = [
  ...head,
  'instalments',
  'instalmentAmount',
  'last4',
  'operationNumber',
  ...cardTail,
  'employee',
  'tip',
];
const detail: Layout = [
  ...head,
  'last4',
  'operationNumber',
  ...cardTail,
  'employee',
  'tip',
  'instalmentAmount',
  'instalments',
  'change',
  'childCommerceCode',
];
const autoservicioSale: Layout = [
  ...head,
  'last4',
  'operationNumber',
  ...cardTail,
  'voucher',
  ...shares,
];
const voided: Layout = [
  'responseCode',
  'commerceCode',
  'terminalId',
  'authorisationCode',
  'operationNumber',
];
const identified: Layout = ['responseCode', 'commerceCode', 'terminalId'];

/** Answers of both families by function code. */
const common: Readonly<Record<string, Layout>> = {
  '0710': ['responseCode', 'count', 'total'],
  '0810': identified,
  '0900': ['status'],
  '1210': voided,
};

export const answers: Readonly<Record<Family, Readonly<Record<string, Layout>>>> = {
  integrado: {
    ...common,
    '0210': integradoSale,
    '0260': integradoSale,
    '0261': detail,
    '0271': [...integradoSale, null, 'change', 'childCommerceCode'],
    '0281': [...integradoSale, 'voucher', 'change', 'childCommerceCode'],
    '0291': detail,
    '0510': identified,
  },
  autoservicio: {
    ...common,
    '0210': autoservicioSale,
    '0260': autoservicioSale,
    '0271': [
      ...head,
      'last4',
      'operationNumber',
      ...cardTail,
      'childCommerceCode',
      'voucher',
      ...shares,
    ],
    '0510': [...identified, 'voucher'],
    '1080': ['responseCode', 'date', 'time'],
  },
};

const codes = [
  ['0070', 'initialisation'],
  ['0080', 'initialisation result'],
  ['0100', 'poll'],
  ['0200', 'sale'],
  ['0210', 'sale answer'],
  ['0250', 'last sale'],
  ['0260', 'last sale answer'],
  ['0261', 'sales detail record'],
  ['0270', 'multicode sale'],
  ['0271', 'multicode sale answer'],
  ['0280', 'multicode last sale'],
  ['0281', 'multicode last sale answer'],
  ['0290', 'multicode sales detail'],
  ['0291', 'multicode sales detail record'],
  ['0300', 'normal mode'],
  ['0500', 'close'],
  ['0510', 'close answer'],
  ['0700', 'totals'],
  ['0710', 'totals answer'],
  ['0800', 'load keys'],
  ['0810', 'load keys answer'],
  ['0900', 'status'],
  ['1080', 'initialisation result answer'],
  ['1200', 'void'],
  ['1210', 'void answer'],
] as const;

/** The name of each function code. */
export const names: ReadonlyMap<string, string> = new Map(codes);

/** Requests by function code, Autoservicio where the families differ. */
export const requestLayouts: Readonly<Record<Family, Readonly<Record<string, Layout>>>> = {
  integrado: {
    '0200': ['amount', 'ticket', null, null, 'withStatus'],
    '0260': ['print'],
    '0270': ['amount', 'ticket', null, null, 'withStatus', 'commerceCode'],
    '0280': ['withVoucher'],
    '0290': ['print'],
    '1200': ['operationNumber'],
  },
  autoservicio: {
    '0200': ['amount', 'ticket', 'withVoucher', 'withStatus'],
    '0250': ['withVoucher'],
    '0270': ['amount', 'ticket', 'withVoucher', 'withStatus', 'commerceCode'],
    '0500': ['withVoucher'],
  },
};
