import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventStreamParser } from '../../src/client/sse.ts';

const read = (...pieces: readonly string[]) => {
  const parse = eventStreamParser();
  return pieces.flatMap(parse);
};

describe('an event stream', () => {
  it('gives id, name and data of each message', () => {
    expect(read('id: 3\nevent: sent\ndata: {"a":1}\n\n')).toEqual([
      { id: '3', event: 'sent', data: '{"a":1}' },
    ]);
  });

  it('joins the lines of data, and takes one blank behind the colon away and no more', () => {
    expect(read('data:  two\ndata:three\ndata\n\n')).toEqual([
      { id: '', event: 'message', data: ' two\nthree\n' },
    ]);
  });

  it('keeps the id for the messages after it, and the name for none', () => {
    expect(read('id: 7\nevent: a\ndata: 1\n\ndata: 2\n\n')).toEqual([
      { id: '7', event: 'a', data: '1' },
      { id: '7', event: 'message', data: '2' },
    ]);
  });

  it('skips comments, names without data, unknown fields and a byte order mark', () => {
    expect(read('\uFEFF: alive\n\nevent: nothing\n\nretry: 10\nodd: x\ndata: y\n\n')).toEqual([
      { id: '', event: 'message', data: 'y' },
    ]);
  });

  it('gives nothing of a message that never ended', () => {
    expect(read('data: half')).toEqual([]);
  });

  it('says the same however it was cut, and with every kind of line end', () => {
    const text = ': hi\nid: 1\nevent: sent\ndata: {"x":"y"}\n\ndata: a\ndata: b\n\n';
    const whole = read(text);
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: text.length * 2 }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (cuts, end) => {
          const sent = `${text.replaceAll('\n', end)}${end === '\r' ? ': end\n' : ''}`;
          const at = [
            0,
            ...cuts.filter((cut) => cut < sent.length).sort((a, b) => a - b),
            sent.length,
          ];
          expect(read(...at.slice(1).map((to, i) => sent.slice(at[i], to)))).toEqual(whole);
        },
      ),
    );
  });

  it('refuses a message that goes on and on', () => {
    const parse = eventStreamParser();
    expect(() => {
      for (let i = 0; i < 5_000; i++) parse(`data: ${'x'.repeat(1_000)}\n`);
    }).toThrow(RangeError);
  });
});
