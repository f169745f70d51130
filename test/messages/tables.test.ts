import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { en } from '../../src/messages/en.ts';
import type { es } from '../../src/messages/es.ts';
import { type AnyResult, effects, type MessageKey, type Texts } from '../../src/messages/keys.ts';
import { languages, type ResultLike } from '../../src/messages/messages.ts';
import type { zhCN } from '../../src/messages/zh-cn.ts';
import type { ErrorCode } from '../../src/model/error.ts';
import { everything } from './support/examples.ts';
import { keys, placeholders, tables } from './support/tables.ts';

const model = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../src/model', file), 'utf8');

/** The words of a union as its source writes them. */
const quoted = (text: string): string[] =>
  Array.from(text.matchAll(/'([a-z-]+)'/g), ([, word = '']) => word);

const between = (text: string, start: string, end: string): string =>
  text.slice(text.indexOf(start), text.indexOf(end, text.indexOf(start)));

describe('no text is missing', () => {
  test('the compiler wants every key in every language, and no other', () => {
    expectTypeOf<keyof typeof en>().toEqualTypeOf<MessageKey>();
    expectTypeOf<keyof typeof es>().toEqualTypeOf<MessageKey>();
    expectTypeOf<keyof typeof zhCN>().toEqualTypeOf<MessageKey>();
    expectTypeOf<Omit<Texts, 'result:voided'>>().not.toExtend<Texts>();
    expectTypeOf<keyof typeof effects>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<AnyResult>().toExtend<ResultLike>();
  });

  test.each(languages)('every key has a text in %s', (language) => {
    const table = tables[language];
    expect(Object.keys(table).sort()).toEqual(keys.toSorted());
    expect(keys.filter((key) => table[key].trim() === '')).toEqual([]);
  });

  test('every error code that the model writes has a text', () => {
    const codes = quoted(between(model('error.ts'), 'type ErrorCode', ';'));
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.toSorted()).toEqual(Object.keys(effects).sort());
  });

  test('every outcome that the model writes has a text', () => {
    const source = model('results.ts');
    const outcomes = Array.from(source.matchAll(/outcome: ([^;]+);/g), ([, union = '']) =>
      quoted(union),
    ).flat();
    const written = new Set(keys.map((key) => key.split(':')[key.startsWith('result:') ? 1 : 0]));
    expect(outcomes.length).toBeGreaterThan(12);
    expect(outcomes.filter((outcome) => !written.has(outcome))).toEqual([]);
  });

  test('every key of a result or an error has an example in these tests', () => {
    const told = /^(result|found|approved|not-approved|refused|decided|error):/;
    expect(everything.map(([key]) => key).sort()).toEqual(
      keys.filter((key) => told.test(key)).sort(),
    );
  });
});

describe('a language is written in itself', () => {
  test.each([
    ['en', 'es'],
    ['en', 'zh-CN'],
    ['es', 'zh-CN'],
  ] as const)('no text is the same in %s and %s', (one, other) => {
    expect(keys.filter((key) => tables[one][key] === tables[other][key])).toEqual([]);
  });

  test('the Chinese texts have no Latin words, the others no Chinese', () => {
    const words = (text: string) => text.replace(/\{\w+\}/g, '');
    expect(keys.filter((key) => /[A-Za-z]/.test(words(tables['zh-CN'][key])))).toEqual([]);
    expect(keys.filter((key) => /\p{Script=Han}/u.test(tables.en[key] + tables.es[key]))).toEqual(
      [],
    );
  });

  test('the trade keeps its words', () => {
    const count = (language: 'en' | 'es' | 'zh-CN', word: string) =>
      keys.filter((key) => tables[language][key].toLowerCase().includes(word)).length;
    for (const word of ['void', 'last transaction', 'settlement', 'refund', 'in doubt', 'voucher'])
      expect(count('en', word), word).toBeGreaterThan(0);
    for (const word of [
      'anulación',
      'última venta',
      'cierre',
      'devolución',
      'en duda',
      'comprobante',
    ])
      expect(count('es', word), word).toBeGreaterThan(0);
    for (const word of ['撤销', '末笔交易', '结算', '退货', '状态未知', '签购单'])
      expect(count('zh-CN', word), word).toBeGreaterThan(0);
  });
});

test.each(languages)('the texts in %s name the same values as the English ones', (language) => {
  const different = keys.filter(
    (key) => placeholders(tables[language][key]).join() !== placeholders(tables.en[key]).join(),
  );
  expect(different).toEqual([]);
});
