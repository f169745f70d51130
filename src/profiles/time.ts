/** Local times of terminals, in the format that a profile gives for them. */

const parts = /YYYY|YY|MM|DD|hh|mm|ss/g;

/** `2026-07-01T09:30:00` as `YYYYMMDDhhmmss`; nothing when the time lacks what the format wants. */
export function formatTime(local: string, format: string): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/.exec(local);
  if (found === null) return undefined;
  const [, year = '', month, day, hour, minute, second = '00'] = found;
  const values: Readonly<Record<string, string | undefined>> = {
    YYYY: year,
    YY: year.slice(2),
    MM: month,
    DD: day,
    hh: hour,
    mm: minute,
    ss: hour === undefined ? undefined : second,
  };
  const names = format.match(parts) ?? [];
  if (names.some((name) => values[name] === undefined)) return undefined;
  return format.replace(parts, (name) => values[name] ?? '');
}

export interface TimeParts {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

const fields: Readonly<Record<string, keyof TimeParts>> = {
  YYYY: 'year',
  YY: 'year',
  MM: 'month',
  DD: 'day',
  hh: 'hour',
  mm: 'minute',
  ss: 'second',
};

/** What a text tells in this format, or nothing where it is not in it. */
export function readTime(text: string, format: string): TimeParts | undefined {
  const names = format.match(parts) ?? [];
  const escaped = format.replace(/[.\\^$*+?()[\]{}|/-]/g, (special) => `\\${special}`);
  const pattern = escaped.replace(parts, (name) => `(\\d{${name.length}})`);
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (found === null) return undefined;
  return Object.fromEntries(
    names.map((name, i) => {
      const number = Number(found[i + 1]);
      return [fields[name], name === 'YY' ? 2000 + number : number];
    }),
  );
}

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Date and time as `2026-07-01T09:30:00`; nothing without a whole date and a time of day, or for a day that
 * does not exist. `now`: the till's local time, for dates without a year: the year in which that day was last.
 */
export function localTime(told: TimeParts, now: string | undefined): string | undefined {
  const { month, day, hour, minute, second } = told;
  if (month === undefined || day === undefined || hour === undefined || minute === undefined)
    return undefined;
  const year = told.year ?? (now === undefined ? undefined : lastYearOf(month, day, now));
  if (year === undefined) return undefined;
  const rest = second === undefined ? '' : `:${two(second)}`;
  const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}${rest}`;
  const whole = second === undefined ? `${text}:00` : text;
  const parsed = new Date(`${whole}Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(whole);
  return exists ? text : undefined;
}

/** Clocks differ: a day ahead is still this year's. */
function lastYearOf(month: number, day: number, now: string): number | undefined {
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
  const year = Number(now.slice(0, 4));
  if (Number.isNaN(today)) return undefined;
  // 29 February is only in leap years.
  for (let tried = year + 1; tried > year - 8; tried--) {
    const at = new Date(Date.UTC(tried, month - 1, day));
    const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
    if (exists && at.getTime() - today <= 24 * 3_600_000) return tried;
  }
  return undefined;
}
