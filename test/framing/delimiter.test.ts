import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import { delimiterDeframer } from '../../src/framing/delimiter.ts';
import type { Frame } from '../../src/framing/frame.ts';

const maxFrame = 64;

function framesOf(...chunks: Uint8Array[]): Frame[] {
  const deframer = delimiterDeframer({ maxFrame });
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
}

const short = (frame: Frame): string => {
  if (frame.kind === 'control') return frame.name;
  if (frame.kind === 'noise') return `${frame.reason} ${frame.bytes.length}`;
  return fromLatin1(frame.data);
};

const seen = (...chunks: string[]): string[] => framesOf(...chunks.map(toLatin1)).map(short);

/** Cuts bytes into chunks of the given sizes, again and again. */
function cut(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
/** Many delimiters, and runs that outgrow the limit. */
const wire = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constant(Uint8Array.of(0)),
      fc.integer({ min: 1, max: 400 }).map((length) => new Uint8Array(length).fill(0x41)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

describe('the delimiter deframer', () => {
  it('splits frames at each 00, and gives each with and without it', () => {
    expect(framesOf(toLatin1('one\0two\0'))).toEqual([
      { kind: 'frame', check: 'ok', data: toLatin1('one'), bytes: toLatin1('one\0') },
      { kind: 'frame', check: 'ok', data: toLatin1('two'), bytes: toLatin1('two\0') },
    ]);
  });

  it('skips empty frames: one stands before the first request of a connection', () => {
    expect(seen('\0\0one\0\0\0two\0\0')).toEqual(['one', 'two']);
  });

  it('keeps joined frames apart, and puts split ones together', () => {
    expect(seen('one\0tw', 'o\0th', 'ree', '\0')).toEqual(['one', 'two', 'three']);
  });

  it('takes more frames out of one chunk than a stream buffers', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `frame ${i}`);
    expect(seen(`${many.join('\0')}\0`)).toEqual(many);
  });

  it('reports a frame that stops half way when the line goes quiet, and takes the next one', () => {
    const deframer = delimiterDeframer();
    expect(deframer.push(toLatin1('{"meth'))).toEqual([]);
    expect(deframer.pending()).toBe(true);
    expect(deframer.flush().map(short)).toEqual(['cut-off 6']);
    expect(deframer.pending()).toBe(false);
    expect(deframer.push(toLatin1('next\0')).map(short)).toEqual(['next']);
  });

  it('takes a frame of exactly the limit', () => {
    expect(seen(`${'x'.repeat(maxFrame - 1)}\0`)).toEqual(['x'.repeat(maxFrame - 1)]);
  });

  it.each([
    ['in one chunk', [`${'x'.repeat(maxFrame)}\0next\0`]],
    ['over many', [...'x'.repeat(maxFrame), '\0', 'next\0']],
  ])('makes noise of a longer one, %s, and is in step again at the next delimiter', (_, chunks) => {
    expect(seen(...chunks)).toEqual([`too-long ${maxFrame + 1}`, 'next']);
  });

  it('forgets a frame that is too long when the line goes quiet', () => {
    const deframer = delimiterDeframer({ maxFrame });
    deframer.push(toLatin1('x'.repeat(256)));
    expect(deframer.pending()).toBe(true);
    deframer.flush();
    expect(deframer.push(toLatin1('next\0')).map(short)).toEqual(['next']);
  });

  it('splits at another byte where it is told to', () => {
    const deframer = delimiterDeframer({ delimiter: 0x0a });
    expect(deframer.push(toLatin1('one\ntwo\n')).map(short)).toEqual(['one', 'two']);
  });

  it('does not change what it gave when the caller reuses its chunk', () => {
    const deframer = delimiterDeframer();
    const chunk = toLatin1('one\0half');
    const [frame] = deframer.push(chunk);
    chunk.fill(0x58);
    expect(frame && short(frame)).toBe('one');
    expect(deframer.push(Uint8Array.of(0)).map(short)).toEqual(['half']);
  });

  it('gives the same for any chunking, whatever the bytes', () => {
    fc.assert(
      fc.property(wire, chunkSizes, (whole, sizes) => {
        expect(framesOf(...cut(whole, sizes))).toEqual(framesOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('accounts for every byte but those of empty frames, in order', () => {
    fc.assert(
      fc.property(wire, chunkSizes, (whole, sizes) => {
        const told = framesOf(...cut(whole, sizes)).map((frame) =>
          frame.kind === 'control' ? '' : toHex(frame.bytes),
        );
        const kept = whole.filter((byte, at) => byte !== 0 || (at > 0 && whole[at - 1] !== 0));
        expect(told.join('')).toBe(toHex(kept));
      }),
      { numRuns: 500 },
    );
  });

  it('gives back every frame within the limit, and no delimiter inside one', () => {
    fc.assert(
      fc.property(wire, chunkSizes, (whole, sizes) => {
        const frames = framesOf(...cut(whole, sizes));
        const good = fromLatin1(whole)
          .split('\0')
          .slice(0, -1)
          .filter((text) => text.length > 0 && text.length < maxFrame);
        expect(frames.filter((f) => f.kind === 'frame').map(short)).toEqual(good);
      }),
    );
  });

  it('holds no more than its limit, however much comes without a delimiter', () => {
    const deframer = delimiterDeframer({ maxFrame: 1_024 });
    let reported = 0;
    const total = 1_000_000;
    for (let sent = 0; sent < total; sent += 50)
      for (const frame of deframer.push(new Uint8Array(50).fill(0x41)))
        reported += frame.kind === 'control' ? 0 : frame.bytes.length;
    expect(total - reported).toBeLessThan(1_024 + 256);
  });

  it('takes a frame that comes byte by byte in time that grows with its length', () => {
    const deframer = delimiterDeframer();
    const begun = process.cpuUsage().user;
    for (let n = 0; n < 250_000; n++) deframer.push(Uint8Array.of(0x41));
    expect(deframer.push(Uint8Array.of(0)).map((frame) => frame.kind)).toEqual(['frame']);
    // Copying all that is held with each byte would move 31 gigabytes.
    expect((process.cpuUsage().user - begun) / 1_000).toBeLessThan(2_000);
  });
});
