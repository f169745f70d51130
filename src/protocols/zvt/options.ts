import { TerminalError } from '../../model/error.ts';
import type { ProtocolSetup } from '../table.ts';
import type { Charset } from './charset.ts';
import { currencyNumber, knownCurrencies } from './currencies.ts';
import type { Setup } from './setup.ts';

/** All: the till prints, in print commands; intermediate status; amounts and administration only from the till. */
const usualConfig = 0xbe;
/** The same without the receipts: the terminal prints. */
const configWithoutPrinter = 0x38;
/** No service menu on the function key of the terminal. */
const usualService = 0x01;

const charsets: readonly Charset[] = ['cp437', 'latin1', 'utf8'];

/** @throws {TerminalError} `bad-settings` for values that make no sense. */
export function setupFrom(given: ProtocolSetup): Setup {
  const { options, texts, secrets, transport } = given;
  const print = options.get('print') ?? true;
  const text = oneOf('text', texts.get('text'), charsets);
  return {
    framing: framingOf(texts.get('framing'), transport),
    password: passwordOf(secrets.get('password')),
    currency: currencyOf(texts.get('currency')),
    register: options.get('register') ?? true,
    config: byteOf('config', texts.get('config')) ?? (print ? usualConfig : configWithoutPrinter),
    service: byteOf('service', texts.get('service')) ?? usualService,
    textBlocks: options.get('text-blocks') ?? true,
    print,
    charset: oneOf('charset', texts.get('charset'), charsets) ?? 'cp437',
    text: text ?? 'cp437',
    textFixed: text !== undefined,
    sequenceIds: options.get('sequence-ids') ?? false,
    sequence: undefined,
  };
}

const bad = (field: string, limit: string, value: string | undefined): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `${field} must be ${limit}${value === undefined ? '' : `; got ${JSON.stringify(value)}`}.`,
  );

/** ZVT has no HID reports of its own: a vendor's wrapper carries the serial frames. */
function framingOf(value: string | undefined, transport: string): Setup['framing'] {
  const named = oneOf('framing', value, ['serial', 'tcp'] as const);
  const serial =
    named === undefined ? transport === 'serial' || transport === 'hid' : named === 'serial';
  return serial ? 'serial' : 'apdu';
}

function oneOf<T extends string>(
  field: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw bad(field, `one of ${allowed.join(', ')}`, value);
  return found;
}

function byteOf(field: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[0-9a-f]{2}$/i.test(value)) throw bad(field, 'two hexadecimal digits', value);
  return Number.parseInt(value, 16);
}

function currencyOf(value = 'EUR'): string {
  if (currencyNumber(value) === undefined)
    throw bad('currency', `one of ${knownCurrencies.join(', ')}`, value);
  return value;
}

/** The value itself goes into no message. */
function passwordOf(value: string | undefined): string | undefined {
  if (value === undefined || /^\d{6}$/.test(value)) return value;
  throw bad('password', 'six digits', undefined);
}
