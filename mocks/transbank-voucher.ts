import type { Sale } from './ledger.ts';
import type { Totals } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** A voucher on the wire is one text of lines of exactly 40 characters. */
const width = 40;

const centred = (text: string): string =>
  text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);

const pair = (left: string, right: string): string =>
  `${left}${right.padStart(width - left.length)}`.slice(0, width);

const pesos = (amount: number): string => `$${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')}`;

const head = ({ commerceCode, terminalId }: SimulatedTerminal, title: string): string[] => [
  centred('TERMINAL SIMULADO'),
  centred(title),
  pair('COMERCIO', commerceCode),
  pair('TERMINAL', terminalId),
];

export const saleVoucher = (terminal: SimulatedTerminal, sale: Sale): string =>
  [
    ...head(terminal, 'COMPROBANTE DE VENTA'),
    pair(sale.time.slice(0, 10), sale.time.slice(11)),
    pair('TARJETA', `${'*'.repeat(12)}${sale.card.last4}`),
    pair('OPERACION', sale.operationNumber),
    pair('AUTORIZACION', sale.authorisationCode),
    pair('TOTAL', pesos(sale.amount)),
  ].join('');

export const closeVoucher = (terminal: SimulatedTerminal, { count, total }: Totals): string =>
  [
    ...head(terminal, 'CIERRE DE TERMINAL'),
    pair('VENTAS', String(count)),
    pair('TOTAL', pesos(total)),
  ].join('');
