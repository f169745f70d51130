import { fromLatin1 } from '../../framing/bytes.ts';
import { isProgress } from '../../framing/ecr17-frame.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Described } from '../protocol.ts';
import { cents, eur, progressText } from './answers.ts';
import { cardType, resultCode } from './codes.ts';
import { type Fields, read, type Table, widthOf } from './fixed-width.ts';
import {
  additionalDataTable,
  answerTables,
  receiptTable,
  requestNames,
  requestTables,
  statusTable,
  vasTable,
} from './layouts.ts';
import { nothingYet, receiptPart } from './receipt.ts';
import { readStatus } from './status.ts';

type From = 'till' | 'terminal';

/** Codes that both sides use, each for something else: which side it is, the length tells. */
function sideOf(code: string, payload: Uint8Array): From {
  const table: Table | undefined = lookup(requestTables, code);
  if (table === undefined) return 'terminal';
  if (code === 'S') return isReversal(payload) ? 'till' : 'terminal';
  if (code === 'U' || code === 'K') return 'till';
  return payload.length === widthOf(table) ? 'till' : 'terminal';
}

/** A reversal is 26 digits behind its code; a receipt is text. */
const isReversal = (payload: Uint8Array): boolean =>
  payload.length === widthOf(requestTables.S) && /^\d+$/.test(fromLatin1(payload.subarray(10)));

/** An ECR17 frame in words. `from` settles whose frame it is; without it the frame tells. */
export function describe(data: Uint8Array, from: From | undefined): Described {
  if (isProgress(data))
    return {
      code: 'progress',
      name: 'progress',
      fields: { text: maskCardNumbers(progressText(data).trim()) },
    };
  const code = maskCardNumbers(fromLatin1(data.subarray(9, 10)));
  const side = from ?? sideOf(code, data);
  return side === 'till' ? fromTill(code, data) : fromTerminal(code, data);
}

const unknown = (code: string): Described => ({ code, name: 'unknown', fields: {} });

function fromTill(code: string, data: Uint8Array): Described {
  const table: Table | undefined = lookup(requestTables, code);
  const name = lookup(requestNames, code);
  if (table === undefined || name === undefined) return unknown(code);
  const { tagMap, text, ...fields } = read(table, data);
  const more = data.subarray(widthOf(table));
  return {
    code,
    name,
    fields: {
      ...inApiWords(fields),
      ...(text !== undefined && text !== '' && { text: maskCardNumbers(text) }),
      ...(tagMap !== undefined && { tagMap }),
      ...(code === 'U' && { tags: tagsOf(more) }),
      ...(code === 'K' && { xml: maskCardNumbers(fromLatin1(more)) }),
    },
  };
}

const tagsOf = (more: Uint8Array): readonly string[] =>
  fromLatin1(more).split('\x1b').filter(Boolean).map(maskCardNumbers);

function fromTerminal(code: string, data: Uint8Array): Described {
  switch (code) {
    case 's': {
      const said = readStatus(data);
      const { clock: _, ...fields } = inApiWords(read(statusTable, data));
      return {
        code,
        name: 'status answer',
        fields: { ...fields, ...(said?.clock && { clock: said.clock }), releases: said?.releases },
      };
    }
    case 'S': {
      const { lines, rest, last } = receiptPart(data, nothingYet);
      const open = rest.line === '' ? [] : [maskCardNumbers(rest.line)];
      const fields = inApiWords(read(receiptTable, data));
      return { code, name: 'receipt', fields: { ...fields, lines: [...lines, ...open], last } };
    }
    case 'U':
      return {
        code,
        name: 'additional data answer',
        fields: inApiWords(read(additionalDataTable, data)),
      };
    case 'K': {
      const xml = maskCardNumbers(fromLatin1(data.subarray(widthOf(vasTable))));
      return { code, name: 'VAS answer', fields: { ...inApiWords(read(vasTable, data)), xml } };
    }
    default:
      return result(code, data);
  }
}

function result(code: string, data: Uint8Array): Described {
  const layout = lookup(answerTables, code + data.length);
  if (layout === undefined) return unknown(code);
  const ok = resultCode(fromLatin1(data.subarray(10, 12))).meaning === 'ok';
  return { code, name: layout.name, fields: inApiWords(read(ok ? layout.ok : layout.ko, data)) };
}

const amounts = ['amount', 'terminalTotal', 'hostTotal', 'total'];

/** Amounts as money, card types and the STAN as the API has them, where they are what they should be. */
function inApiWords({ code: _, stan, ...fields }: Fields): Record<string, unknown> {
  const words = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (value === '') return [];
    const amount = amounts.includes(name) ? cents(value) : undefined;
    if (amount !== undefined) return [[name, eur(amount)]];
    if (name === 'cardType') return [[name, cardType(value) ?? maskCardNumbers(value)]];
    return [[name, maskCardNumbers(value)]];
  });
  return { ...Object.fromEntries(words), ...(stan !== undefined && { trace: stan }) };
}
