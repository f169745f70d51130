import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOf, inferYear } from '../../../src/protocols/ecr17/terminal-time.ts';

const dayMs = 86_400_000;
const words = (at: number) => new Date(at).toISOString().slice(0, 16);

/** A moment as a result tells it. */
function dddhhmm(at: number): string {
  const date = new Date(at);
  const day = Math.floor((at - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(day).padStart(3, '0')}${two(date.getUTCHours())}${two(date.getUTCMinutes())}`;
}

/** Any minute from 2001 to 2090. */
const minute = fc
  .integer({ min: Date.UTC(2001, 0, 1) / 60_000, max: Date.UTC(2090, 11, 31) / 60_000 })
  .map((n) => n * 60_000);

describe('the year of a result', () => {
  it.each([
    // The sample of the document, 2111520, is 29 July only in a leap year.
    ['2111520', '2024-08-01T09:00', '2024-07-29T15:20'],
    ['2111520', '2026-08-01T09:00', '2026-07-30T15:20'],
    // Just before and just after midnight of New Year.
    ['3652359', '2026-01-01T00:03', '2025-12-31T23:59'],
    ['3662359', '2025-01-01T00:03', '2024-12-31T23:59'],
    ['0010001', '2025-12-31T23:58', '2026-01-01T00:01'],
    ['0010001', '2026-01-01T00:02', '2026-01-01T00:01'],
    // The leap day itself, and the day behind it.
    ['0601200', '2024-03-05T09:00', '2024-02-29T12:00'],
    ['0601200', '2025-03-05T09:00', '2025-03-01T12:00'],
    // More than a day ahead: last year.
    ['1001200', '2026-04-01T09:00', '2025-04-10T12:00'],
    ['0921000', '2026-04-01T09:00', '2025-04-02T10:00'],
    ['0920900', '2026-04-01T09:00', '2026-04-02T09:00'],
  ])('%s seen at %s is %s', (told, reference, time) => {
    expect(inferYear(told, reference)).toBe(time);
  });

  it.each([
    // No year in reach has a day 366.
    ['3661200', '2026-06-01T09:00'],
    ['3661200', '2024-06-01T09:00'],
    ['3671200', '2024-06-01T09:00'],
    ['0001200', '2026-06-01T09:00'],
    ['0000000', '2026-06-01T09:00'],
    ['1002400', '2026-06-01T09:00'],
    ['1001260', '2026-06-01T09:00'],
    ['100120', '2026-06-01T09:00'],
    ['1001 00', '2026-06-01T09:00'],
    ['1001200', 'yesterday'],
  ])('%s seen at %s is left out', (told, reference) => {
    expect(inferYear(told, reference)).toBeUndefined();
  });

  it('is right for whatever happened in the last 363 days, up to a day ahead', () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: -24 * 60, max: 363 * 24 * 60 }), (now, ago) => {
        const at = now - ago * 60_000;
        expect(inferYear(dddhhmm(at), words(now))).toBe(words(at));
      }),
    );
  });

  it('never lies more than a day ahead or two years back, and never throws', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{7}$/), minute, (told, now) => {
        const time = inferYear(told, words(now));
        if (time === undefined) return;
        const at = Date.parse(`${time}Z`);
        expect(at).toBeLessThanOrEqual(now + dayMs);
        expect(at).toBeGreaterThan(now - 731 * dayMs);
        expect(dddhhmm(at)).toBe(told);
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (told, reference) => {
        inferYear(told, reference);
        clockOf(told);
      }),
    );
  });
});

describe("the terminal's clock", () => {
  it.each([
    ['0107260930', '2026-07-01T09:30'],
    ['2902240000', '2024-02-29T00:00'],
    ['2902250000', undefined],
    ['0000000000', undefined],
    ['0107262460', undefined],
    ['01072609', undefined],
  ])('%s is %s', (told, clock) => {
    expect(clockOf(told)).toBe(clock);
  });
});
