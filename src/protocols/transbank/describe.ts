import { fromLatin1 } from '../../framing/bytes.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Described } from '../protocol.ts';
import { cardTypes, localTime } from './answers.ts';
import { isMalformed, readFields, splitData } from './fields.ts';
import { answers, type Family, names, requestLayouts } from './layouts.ts';

/** 0260 is both the sales detail request (`0260|1|`) and the last sale answer. */
function fromTill(code: string, values: readonly string[], family: Family): boolean {
  if (code === '0260') return /^[01]$/.test(values[0] ?? '') && values.length <= 2;
  return lookup(answers[family], code) === undefined;
}

/** A Transbank frame in words. `from` settles whose frame it is; without it the frame tells. */
export function describe(
  family: Family,
  data: Uint8Array,
  from: 'till' | 'terminal' | undefined,
): Described {
  const { code, values } = splitData(fromLatin1(data));
  const till = from === undefined ? fromTill(code, values, family) : from === 'till';
  const name =
    code === '0260' ? (till ? 'sales detail' : 'last sale answer') : (names.get(code) ?? 'unknown');
  const layout = lookup((till ? requestLayouts : answers)[family], code) ?? [];
  const fields = readFields(layout, values);
  if (isMalformed(fields))
    return { code: maskCardNumbers(code), name, fields: { malformed: fields.field } };
  return { code: maskCardNumbers(code), name, fields: inApiWords(maskTexts(fields)) };
}

/** Free text may hold anything a terminal was configured to print. */
const maskTexts = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? maskCardNumbers(value) : value,
    ]),
  );

/** Card type and time as the API has them, where they are what they should be. */
function inApiWords(fields: Record<string, unknown>): Record<string, unknown> {
  const { date, time, cardType, ...rest } = fields;
  const at = localTime(text(date), text(time));
  const type = lookup(cardTypes, text(cardType) ?? '') ?? cardType;
  return {
    ...rest,
    ...(type !== undefined && { cardType: type }),
    ...(at === undefined
      ? { ...(date !== undefined && { date }), ...(time !== undefined && { time }) }
      : { time: at }),
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
