import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { decodeValue, encodeValue, type Field } from '../../src/profiles/value.ts';

const field: Field = { name: 'text', type: 'text', secret: false };

const charsets = ['latin1', 'utf8', 'gbk', 'euc-kr', 'cp437'] as const;

it.each(charsets)('ASCII is in %s what its table says, and so is what is no ASCII', (charset) => {
  const habits = { charset, minorDigits: 2 };
  const ascii = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at)).join('');
  expect(encodeValue(field, ascii, habits)).toEqual(new Uint8Array(iconv.encode(ascii, charset)));
  for (let byte = 0; byte < 0x80; byte++) {
    const bytes = Uint8Array.of(byte);
    expect(decodeValue(field, bytes, habits)).toBe(iconv.decode(Buffer.from(bytes), charset));
  }
  const other = { latin1: 'é', utf8: '你', gbk: '你', 'euc-kr': '원', cp437: 'é' }[charset];
  const written = encodeValue(field, `a${other}`, habits);
  expect(written).toEqual(new Uint8Array(iconv.encode(`a${other}`, charset)));
  expect(decodeValue(field, iconv.encode(other, charset), habits)).toBe(other);
});
