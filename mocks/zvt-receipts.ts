import type { NewTlv } from '../src/framing/tlv.ts';
import type { Sale } from './ledger.ts';
import type { Totals } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';
import { receiptOf } from './zvt-fields.ts';
import type { Message } from './zvt-messages.ts';
import type { Registration } from './zvt-registration.ts';
import { textBytes } from './zvt-text.ts';

/** A receipt for the till to print. Lines that begin with a tab are centred. */
export interface Receipt {
  readonly type: 'merchant' | 'customer' | 'administration';
  readonly lines: readonly string[];
}

const types = { merchant: 1, customer: 2, administration: 3 } as const;
const width = 24;

const euro = (minor: number): string =>
  `EUR ${Math.trunc(minor / 100)},${String(Math.abs(minor % 100)).padStart(2, '0')}`;

const pair = (left: string, right: string): string =>
  `${left}${right.padStart(Math.max(width - left.length, right.length + 1))}`;

const day = (time: string): string =>
  `${time.slice(8, 10)}.${time.slice(5, 7)}.${time.slice(0, 4)}`;

/** One copy for the merchant, one for the customer. */
export function saleReceipts(
  { terminalId }: SimulatedTerminal,
  title: string,
  sale: Sale,
  trace: string,
): Receipt[] {
  const lines = [
    `\t${title}`,
    pair(day(sale.time), sale.time.slice(11)),
    pair('Terminal-ID:', terminalId),
    pair('TA-Nr.', trace),
    pair('Beleg-Nr.', receiptOf(trace)),
    pair('Karte', `############${sale.card.last4}`),
    pair('Genehmigungs-Nr.', sale.authorisationCode),
    '',
    pair('Betrag', euro(sale.amount)),
    '',
    '\tVielen Dank für Ihren Einkauf',
  ];
  return [
    { type: 'merchant', lines: ['\t** Händlerbeleg **', ...lines] },
    { type: 'customer', lines: ['\t** Kundenbeleg **', ...lines] },
  ];
}

export const totalsReceipt = (
  { terminalId }: SimulatedTerminal,
  title: string,
  { count, total }: Totals,
): Receipt => ({
  type: 'administration',
  lines: [
    `\t** ${title} **`,
    pair('Terminal-ID:', terminalId),
    pair('Anzahl', String(count)),
    pair('Gesamt', euro(total)),
  ],
});

export const diagnosisReceipt = ({ terminalId }: SimulatedTerminal): Receipt => ({
  type: 'administration',
  lines: ['\t** DIAGNOSE **', pair('Terminal-ID:', terminalId), 'Diagnose erfolgreich'],
});

const centred = 0x40;
const lastLine = 0x81;
const lastBlockLine = 0xff;

const attributeOf = (line: string): number => (line.startsWith('\t') ? centred : 0x00);

/** 06 D1, one for each line, and one that says that it was the last. */
function printLines({ lines }: Receipt, { charset }: Registration): Message[] {
  const heads = [
    ...lines.map((line) => [attributeOf(line), ...textBytes(line.trimStart(), charset)]),
    [lastLine],
  ];
  return heads.map((head) => ({ kind: 'receipt', control: [0x06, 0xd1], head, tlv: [] }));
}

/** What a text block needs besides its lines, at most, in bytes. */
const blockOverhead = 24;

/** 06 D3: the whole receipt in one, or in as few as the till's longest APDU allows. */
function textBlocks({ type, lines }: Receipt, { charset, maxApdu }: Registration): Message[] {
  const blocks: NewTlv[][] = [[]];
  let room = maxApdu - blockOverhead;
  for (const line of lines) {
    const value = Uint8Array.from(textBytes(line.trimStart(), charset));
    const elements: NewTlv[] = [
      { tag: 0x09, value: Uint8Array.of(attributeOf(line)) },
      { tag: 0x07, value },
    ];
    const size = value.length + 7;
    if (size > room && blocks.at(-1)?.length !== 0) {
      blocks.push([]);
      room = maxApdu - blockOverhead;
    }
    room -= size;
    blocks.at(-1)?.push(...elements);
  }
  blocks.at(-1)?.push({ tag: 0x09, value: Uint8Array.of(lastBlockLine) });
  return blocks.map((children) => ({
    kind: 'receipt',
    control: [0x06, 0xd3],
    head: [],
    tlv: [
      { tag: 0x1f07, value: Uint8Array.of(types[type]) },
      { tag: 0x25, children },
    ],
  }));
}

/** Text blocks only for a till that has them in its list of permitted commands. */
export const receiptMessages = (receipt: Receipt, registration: Registration): Message[] =>
  registration.permitted?.includes('06D3') === true
    ? textBlocks(receipt, registration)
    : printLines(receipt, registration);
