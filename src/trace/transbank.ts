import { fromLatin1, toLatin1 } from '../framing/bytes.ts';
import { stxFrame } from '../framing/stx-etx-lrc.ts';
import { lookup } from '../model/lookup.ts';
import { maskCardBytes, maskCardNumbers } from '../model/mask.ts';
import {
  answers,
  type Family,
  type FieldType,
  fieldTypes,
  requestLayouts,
} from '../protocols/transbank/layouts.ts';
import type { Masking } from './masking.ts';

const lastFour = (text: string): string => text.replace(/\S(?=(?:\s*\S){4})/g, '*');

const unread = (text: string): string => fromLatin1(maskCardBytes(toLatin1(text)));

function masked(text: string, type: FieldType | undefined): string {
  switch (type) {
    case 'card':
      return lastFour(text);
    case undefined:
      return unread(text);
    case 'text':
    case 'pesos':
    case 'count':
    case 'voucher':
      return maskCardNumbers(text);
  }
}

/** Fields between separators; nothing in them is secret but a card number. */
export const transbankMasking = (family: Family): Masking => ({
  data(data, from) {
    const [code = '', ...values] = fromLatin1(data).split('|');
    const layout = lookup((from === 'till' ? requestLayouts : answers)[family], code) ?? [];
    const shown = values.map((value, at) => {
      const name = layout[at];
      return masked(value, name === undefined || name === null ? undefined : fieldTypes[name]);
    });
    return toLatin1([unread(code), ...shown].join('|'));
  },
  frame: stxFrame,
  check: 1,
});
