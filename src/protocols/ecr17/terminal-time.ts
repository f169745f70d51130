/**
 * The times of ECR17. Results tell day of the year, hour and minute, `DDDHHMM`, and no year; the status
 * answer tells the terminal's clock with it, `DDMMYYhhmm`. All are the terminal's local time without a zone,
 * to the minute: `2026-07-01T09:30`.
 */

const dayMs = 86_400_000;

const isLeapYear = (year: number): boolean =>
  (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const inWords = (at: number): string => new Date(at).toISOString().slice(0, 16);

/** The clock of a status answer; nothing where that is no time. */
export function clockOf(ddmmyyhhmm: string): string | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(ddmmyyhhmm);
  if (parts === null) return undefined;
  const [day, month, year, hour, minute] = parts.slice(1);
  const text = `20${year}-${month}-${day}T${hour}:${minute}`;
  const at = Date.parse(`${text}Z`);
  return !Number.isNaN(at) && inWords(at) === text ? text : undefined;
}

/**
 * The time of a result, in the year that `reference`, the terminal's own clock, leaves for it: the latest
 * one that is no more than a day ahead of that clock. Nothing where there is no such time, as for day 366
 * in and before years without one.
 */
export function inferYear(dddhhmm: string, reference: string): string | undefined {
  const parts = /^(\d{3})(\d\d)(\d\d)$/.exec(dddhhmm);
  const now = Date.parse(`${reference}Z`);
  if (parts === null || Number.isNaN(now)) return undefined;
  const [day = 0, hour = 0, minute = 0] = parts.slice(1).map(Number);
  if (day < 1 || hour > 23 || minute > 59) return undefined;
  const thisYear = new Date(now).getUTCFullYear();
  for (const year of [thisYear + 1, thisYear, thisYear - 1]) {
    if (day > (isLeapYear(year) ? 366 : 365)) continue;
    const at = Date.UTC(year, 0, day, hour, minute);
    if (at <= now + dayMs) return inWords(at);
  }
  return undefined;
}
