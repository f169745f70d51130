import type { WireFrame } from '../trace/wire-frame.ts';

const two = (n: number, digits = 2): string => String(n).padStart(digits, '0');

/** The till's own time of day, to the millisecond. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => two(n));
  return `${clock.join(':')}.${two(date.getMilliseconds(), 3)}`;
}

function valueInWords(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"]+$/.test(value)) return value;
  return JSON.stringify(value) ?? '';
}

/** One line for a person: when, which way, what it is, what it says. */
export function frameInWords({ at, from, name, fields, length, check }: WireFrame): string {
  const arrow = from === 'till' ? 'till → terminal' : 'till ← terminal';
  const said = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${valueInWords(value)}`);
  const more = [
    ...(check === 'bad' ? ['CHECK IS BAD'] : []),
    ...(name === 'noise' || check === 'bad' ? [`${length} bytes`] : []),
    ...said,
  ];
  return `${timeOfDay(at)}  ${arrow}  ${[name, ...more].join('  ')}`;
}
