import { toLatin1 } from '../src/framing/bytes.ts';
import type { Sale } from './ledger.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

const width = 24;
const newLine = '}';
const bold = '\x7f';
/** Six new lines and the end. */
const end = `${newLine.repeat(6)}\x1b`;
/** Characters of one message. */
const partLength = 200;

const pair = (left: string, right: string): string =>
  `${left}${right.padStart(width - left.length)}`.slice(0, width);

const euro = (amount: number): string =>
  `${Math.trunc(amount / 100)},${String(amount % 100).padStart(2, '0')}`;

/** A full line wraps by itself; a shorter one ends with its mark. */
const lineEnd = (line: string): string => (line.length === width ? line : line + newLine);

export const saleReceipt = (terminal: SimulatedTerminal, sale: Sale, title: string): string =>
  [
    'TERMINALE SIMULATO',
    title,
    pair('TML', terminal.terminalId),
    pair('STAN', sale.trace),
    pair('CARTA', `************${sale.card.last4}`),
    pair('AUT.', sale.authorisationCode),
  ]
    .map(lineEnd)
    .join('')
    .concat(`${bold}IMPORTO EUR ${euro(sale.amount)}${newLine}GRAZIE`);

export const closeReceipt = (terminal: SimulatedTerminal, total: number): string =>
  ['CHIUSURA', pair('TML', terminal.terminalId), pair('TOTALE EUR', euro(total))]
    .map(lineEnd)
    .join('');

/** A receipt as its messages. `ended`: the last one closes it. */
export function receiptPayloads(
  terminalId: string,
  text: string,
  ended: boolean,
): readonly Uint8Array[] {
  const whole = ended ? text + end : text;
  const parts = whole.match(new RegExp(`.{1,${partLength}}`, 'gs')) ?? [];
  return parts.map((part) => toLatin1(`${terminalId}0S${part}`));
}
