import { describe, expect, it } from 'vitest';
import { labels, wordsOf } from '../../src/page/labels.ts';

const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe.each(Object.entries(labels))('the page in %s', (_language, table) => {
  it('says everything that it says in English, with the same values in it', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(labels.en).sort());
    for (const [name, text] of Object.entries(table)) {
      expect(text.trim(), name).not.toBe('');
      expect(values(text), name).toEqual(values(labels.en[name as keyof typeof labels.en]));
    }
  });
});

describe('a label', () => {
  it('has its values put in, and what no table has is shown as it is', () => {
    const words = wordsOf('es');
    expect(words('event:sent', { request: 'venta' })).toBe('Enviado: venta');
    expect(words('state:unheard-of')).toBe('unheard-of');
    expect(words('toString')).toBe('toString');
  });
});
