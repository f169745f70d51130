import { inspect } from 'node:util';
import { TerminalError } from '../model/error.ts';
import type { LineSettings } from '../model/line-settings.ts';

/**
 * How a serial port is set up. XON/XOFF is not offered: it eats the bytes 11 and 13 hex, which any
 * frame may carry.
 */
export interface SerialOptions extends LineSettings {
  /** Hardware flow control with RTS and CTS. Default false. */
  readonly rtscts?: boolean;
  /** Keeps other programs that lock as well off the port. Default true. */
  readonly lock?: boolean;
  /**
   * Lower DTR when the port is closed. Default false, since some terminals restart when DTR falls and
   * rises; on Windows true, because there the same flag decides whether DTR is up at all while the port
   * is open, and a USB terminal stays silent without it.
   */
  readonly hupcl?: boolean;
  /** Sets DTR after opening; left as the system has it when not given. */
  readonly dtr?: boolean;
  /** Sets RTS after opening; left as the system has it when not given. */
  readonly rts?: boolean;
}

/** 12 Mbaud is what the fastest USB adapters do. */
const MAX_BAUD = 12_000_000;
const FLAGS = ['rtscts', 'lock', 'hupcl', 'dtr', 'rts'] as const;

/**
 * Checks settings before any device is touched.
 * @throws {TerminalError} `bad-settings`, naming the field, what it may be and what it was.
 */
export function checkSerialOptions(options: SerialOptions): void {
  checkBaud('baudRate', options.baudRate);
  checkOneOf('dataBits', options.dataBits, [7, 8]);
  checkOneOf('parity', options.parity, ['none', 'even', 'odd']);
  checkOneOf('stopBits', options.stopBits, [1, 2]);
  for (const flag of FLAGS) {
    if (options[flag] !== undefined) checkOneOf(flag, options[flag], [true, false]);
  }
  if (options.rtscts === true && options.rts !== undefined) {
    throw badSettings('rts cannot be set by hand while rtscts lets the hardware drive it');
  }
}

/** @throws {TerminalError} `bad-address` for what cannot be the name of a device. */
export function checkSerialPath(path: string): void {
  if (path.trim() === '' || path.includes('\0')) {
    throw badAddress(
      `A serial address needs a device such as /dev/ttyACM0 or COM3, not ${inspect(path)}.`,
    );
  }
}

type OptionReader = (value: string) => Partial<SerialOptions>;

const readers: ReadonlyMap<string, OptionReader> = new Map<string, OptionReader>([
  ['baud', (value) => ({ baudRate: readBaud(value) })],
  ['bits', choice('bits', { 7: { dataBits: 7 }, 8: { dataBits: 8 } })],
  [
    'parity',
    choice('parity', {
      none: { parity: 'none' },
      even: { parity: 'even' },
      odd: { parity: 'odd' },
    }),
  ],
  ['stop', choice('stop', { 1: { stopBits: 1 }, 2: { stopBits: 2 } })],
  ['flow', choice('flow', { none: { rtscts: false }, rtscts: { rtscts: true } })],
  ['lock', choice('lock', { yes: { lock: true }, no: { lock: false } })],
  ['hupcl', choice('hupcl', { yes: { hupcl: true }, no: { hupcl: false } })],
  ['dtr', choice('dtr', { on: { dtr: true }, off: { dtr: false } })],
  ['rts', choice('rts', { on: { rts: true }, off: { rts: false } })],
]);

/**
 * Reads the options of a terminal address,
 * `transbank+serial:/dev/ttyACM0?baud=115200&bits=8&parity=none&stop=1&flow=rtscts&lock=no`; what it does
 * not say is as in `defaults`, the line settings of the protocol.
 * @throws {TerminalError} `bad-address` for an option that does not exist or comes twice, `bad-settings`
 *   for a value that an option cannot have.
 */
export function parseSerialOptions(
  query: ReadonlyMap<string, string> | URLSearchParams,
  defaults: LineSettings,
): SerialOptions {
  let options: SerialOptions = { ...defaults };
  const seen = new Set<string>();
  for (const [name, value] of query) {
    const read = readers.get(name);
    if (read === undefined) {
      throw badAddress(
        `A serial address has no option ${inspect(name)}. It knows ${[...readers.keys()].join(', ')}.`,
      );
    }
    if (seen.has(name)) throw badAddress(`The option ${name} is given twice.`);
    seen.add(name);
    options = { ...options, ...read(value) };
  }
  checkSerialOptions(options);
  return options;
}

function choice(
  name: string,
  meanings: Readonly<Record<string, Partial<SerialOptions>>>,
): OptionReader {
  const allowed = new Map(Object.entries(meanings));
  return (value) => {
    const meaning = allowed.get(value);
    if (meaning === undefined) throw wrongValue(name, [...allowed.keys()].join(', '), value);
    return meaning;
  };
}

function readBaud(value: string): number {
  const baud = /^\d{1,9}$/.test(value) ? Number(value) : value;
  checkBaud('baud', baud);
  return Number(baud);
}

function checkBaud(field: string, value: unknown): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_BAUD) return;
  throw wrongValue(field, `a whole number of baud from 1 to ${MAX_BAUD}`, value);
}

function checkOneOf(field: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) throw wrongValue(field, allowed.join(', '), value);
}

function wrongValue(field: string, allowed: string, value: unknown): TerminalError {
  return badSettings(`${field} can be ${allowed}; it was ${inspect(value)}`);
}

function badSettings(problem: string): TerminalError {
  return new TerminalError('bad-settings', 'none', `Bad serial settings: ${problem}.`);
}

function badAddress(message: string): TerminalError {
  return new TerminalError('bad-address', 'none', message);
}
