import { inspect } from 'node:util';
import { type PackingName, packingNames } from '../framing/hid-packing.ts';
import { TerminalError } from '../model/error.ts';

/** Which device an address means. What is not given may be anything. */
export interface HidSelector {
  /** Four lower-case hex digits. */
  readonly vendorId?: string;
  /** Four lower-case hex digits. */
  readonly productId?: string;
  readonly serialNumber?: string;
  /** `/dev/hidraw0`, or a link to one; on Windows and macOS as `tillwire list` shows it. */
  readonly path?: string;
  /** The USB interface, where the device has several. */
  readonly interface?: number;
}

/** A number for each direction. */
export interface BothWays {
  readonly toTerminal: number;
  readonly toTill: number;
}

export interface HidOptions extends HidSelector {
  readonly packing: PackingName;
  /** Where the packing leaves it open and the system does not show the report descriptor. */
  readonly reportId?: BothWays;
  /** Bytes behind the report id. */
  readonly reportSize?: BothWays;
  /** Give up when another program has the device open. Default true; Linux only. */
  readonly lock?: boolean;
}

const known = ['packing', 'serial', 'path', 'interface', 'report-id', 'report-size', 'lock'];

/** The protocols that exist in one packing only. */
const ownPacking: ReadonlyMap<string, PackingName> = new Map([
  ['idtech-neo2', 'neo2'],
  ['ingenico-rba', 'rba'],
]);

/**
 * Reads `hid:0b00:0074?packing=rba&serial=80770133`: vendor and product, or a path, or nothing where an
 * option says which. Hex digits are lower case, so that a terminal has one name only.
 * @throws {TerminalError} `bad-address` for what names no device or no option, `bad-settings` for a value
 *   that an option cannot have.
 */
export function parseHidAddress(
  where: string,
  options: ReadonlyMap<string, string>,
  protocol?: string,
): HidOptions {
  for (const name of options.keys())
    if (!known.includes(name))
      throw badAddress(`there is no option ${inspect(name)}; it knows ${known.join(', ')}`);
  const selector = parseWhere(where, options);
  const id = readPair(options, 'report-id', 0, 255);
  const size = readPair(options, 'report-size', 1, 16_384);
  const lock = options.get('lock');
  if (lock !== undefined && lock !== 'yes' && lock !== 'no')
    throw wrongValue('lock', 'yes or no', lock);
  return {
    ...selector,
    packing: readPacking(options.get('packing'), protocol),
    ...(id && { reportId: id }),
    ...(size && { reportSize: size }),
    ...(lock !== undefined && { lock: lock === 'yes' }),
  };
}

function parseWhere(where: string, options: ReadonlyMap<string, string>): HidSelector {
  const [, vendorId, productId] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(where) ?? [];
  if (where !== where.toLowerCase() && vendorId !== undefined)
    throw badAddress(`vendor and product are lower-case hex digits: ${where.toLowerCase()}`);
  const optionPath = options.get('path');
  const serialNumber = options.get('serial');
  const path = vendorId === undefined && where !== '' ? where : optionPath;
  if (path !== undefined && (path.trim() === '' || path.includes('\0')))
    throw badAddress(`${inspect(path)} is no path`);
  if (path !== undefined && path !== optionPath && optionPath !== undefined)
    throw badAddress(`it names two paths, ${inspect(path)} and ${inspect(optionPath)}`);
  if (serialNumber === '') throw badAddress('the serial number is empty');
  if (vendorId === undefined && path === undefined && serialNumber === undefined)
    throw badAddress(
      'it needs a vendor and product such as 0b00:0074, a path such as /dev/hidraw0, or ?serial=',
    );
  const number = readNumber(options, 'interface', 0, 255);
  return {
    ...(vendorId !== undefined && productId !== undefined && { vendorId, productId }),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(path !== undefined && { path }),
    ...(number !== undefined && { interface: number }),
  };
}

function readPacking(value: string | undefined, protocol: string | undefined): PackingName {
  const name = value ?? ownPacking.get(protocol ?? '');
  const found = packingNames.find((packing) => packing === name);
  if (found !== undefined) return found;
  if (name !== undefined) throw wrongValue('packing', packingNames.join(', '), name);
  throw badAddress(
    `it must say how the terminal packs its reports, ?packing= one of ${packingNames.join(', ')}`,
  );
}

function readNumber(
  options: ReadonlyMap<string, string>,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = options.get(name);
  return value === undefined ? undefined : wholeNumber(name, value, min, max);
}

/** `2` for both directions, or `2/1`: to the terminal and from it. */
function readPair(
  options: ReadonlyMap<string, string>,
  name: string,
  min: number,
  max: number,
): BothWays | undefined {
  const value = options.get(name);
  if (value === undefined) return undefined;
  const [there = '', back = there, ...more] = value.split('/');
  if (more.length > 0) throw wrongValue(name, 'one number, or two with / between them', value);
  return {
    toTerminal: wholeNumber(name, there, min, max),
    toTill: wholeNumber(name, back, min, max),
  };
}

function wholeNumber(name: string, value: string, min: number, max: number): number {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw wrongValue(name, `a whole number from ${min} to ${max}`, value);
}

const wrongValue = (field: string, allowed: string, value: string): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `Bad HID settings: ${field} can be ${allowed}; it was ${inspect(value)}.`,
  );

const badAddress = (problem: string): TerminalError =>
  new TerminalError('bad-address', 'none', `This HID address makes no sense: ${problem}.`);
