import { toBcd } from '../../framing/bcd.ts';
import type { NewTlv } from '../../framing/tlv.ts';
import { TerminalError } from '../../model/error.ts';
import type { Money } from '../../model/money.ts';
import { bmp, type Field } from './bitmaps.ts';
import { charsetValue } from './charset.ts';
import { control } from './control-fields.ts';
import { currencyNumber } from './currencies.ts';
import type { NewMessage } from './message.ts';
import type { Setup } from './setup.ts';
import { tag } from './tlv-tags.ts';

/**
 * The commands of the till as they go on the wire (PA00P015 rev. 13.08 chapter 2). Values have been checked
 * before: what does not fit throws, and nothing is cut.
 */

/**
 * Three bytes of BCD.
 * @throws {TerminalError} `bad-settings` when none is set. The password itself is in no message.
 */
export function passwordBytes({ password }: Pick<Setup, 'password'>, command: string): Uint8Array {
  if (password !== undefined) return toBcd(password, 3);
  throw new TerminalError(
    'bad-settings',
    'none',
    `The ${command} of a ZVT terminal needs its password; give it as the secret "password" (configuration or environment). Nothing was sent.`,
  );
}

const field = (which: number, digits: string, bytes: number): Field => ({
  bmp: which,
  value: toBcd(digits, bytes),
});

export const amountField = ({ amount }: Pick<Money, 'amount'>): Field =>
  field(bmp.amount, String(amount), 6);

export const receiptField = (receiptNumber: string): Field =>
  field(bmp.receipt, receiptNumber.replace(/^0+(?=\d)/, ''), 2);

export const currencyField = (currency: string): Field =>
  field(bmp.currency, currencyNumber(currency) ?? '', 2);

const byteField = (which: number, value: number): Field => ({
  bmp: which,
  value: Uint8Array.of(value),
});

const moneyFields = (amount: Money): Field[] => [
  amountField(amount),
  currencyField(amount.currency),
];

/** Service byte of 06 20: send the stored status information, print nothing. */
const tellAndDoNotPrint = 0x03;
/** Service byte of 05 01: leave the service menu off, and for a poll the version too. */
const withVersion = 0x01;
const withoutVersion = 0x03;

export const requests = {
  registration(setup: Setup): NewMessage {
    const tlv: NewTlv[] = [
      ...(setup.textBlocks && setup.print ? [permitTextBlocks] : []),
      ...(setup.charset === 'cp437' ? [] : [wantCharset(setup)]),
      ...(setup.sequenceIds ? [{ tag: tag.sequenceId, value: new Uint8Array(3) }] : []),
    ];
    return {
      command: control.registration,
      head: Uint8Array.from([
        ...passwordBytes(setup, 'registration'),
        setup.config,
        ...toBcd(currencyNumber(setup.currency) ?? '', 2),
      ]),
      fields: [byteField(bmp.serviceByte, setup.service)],
      // An empty container allows the terminal to send one.
      tlv,
    };
  },

  /** Without a password the enquiry is sent without data, which the standard allows. */
  statusEnquiry(setup: Setup, detail: 'version' | 'status'): NewMessage {
    if (setup.password === undefined) return { command: control.statusEnquiry };
    const service = detail === 'version' ? withVersion : withoutVersion;
    return {
      command: control.statusEnquiry,
      head: passwordBytes(setup, 'status enquiry'),
      fields: [byteField(bmp.serviceByte, service)],
    };
  },

  authorisation: (amount: Money): NewMessage => ({
    command: control.authorisation,
    fields: moneyFields(amount),
  }),

  /** The amount and the currency are the terminal's safety check: it reverses only what agrees with them. */
  reversal: (setup: Setup, receiptNumber: string, amount: Money): NewMessage => ({
    command: control.reversal,
    head: passwordBytes(setup, 'reversal'),
    fields: [receiptField(receiptNumber), ...moneyFields(amount)],
  }),

  refund: (setup: Setup, amount: Money): NewMessage => ({
    command: control.refund,
    head: passwordBytes(setup, 'refund'),
    fields: moneyFields(amount),
  }),

  preAuthorisation: (amount: Money): NewMessage => ({
    command: control.preAuthorisation,
    fields: moneyFields(amount),
  }),

  /** Books the amount used; the rest of the pre-authorisation is released. */
  bookTotal: (receiptNumber: string, used: Money): NewMessage => ({
    command: control.bookTotal,
    fields: [receiptField(receiptNumber), ...moneyFields(used)],
  }),

  /** Books all but the amount that was not used. */
  partialReversal: (receiptNumber: string, unused: Money): NewMessage => ({
    command: control.partialReversal,
    fields: [receiptField(receiptNumber), ...moneyFields(unused)],
  }),

  preAuthorisationReversal: (receiptNumber: string, currency: string): NewMessage => ({
    command: control.preAuthorisationReversal,
    fields: [receiptField(receiptNumber), currencyField(currency)],
  }),

  openPreAuthorisations: (): NewMessage => ({
    command: control.partialReversal,
    fields: [{ bmp: bmp.receipt, value: Uint8Array.of(0xff, 0xff) }],
  }),

  lastTransaction: (setup: Setup): NewMessage => ({
    command: control.repeatReceipt,
    head: passwordBytes(setup, 'last-transaction query'),
    fields: [byteField(bmp.serviceByte, tellAndDoNotPrint)],
  }),

  /** The receipt once more, as the terminal prints it. */
  repeatReceipt: (setup: Setup, receiptId: number): NewMessage => ({
    command: control.repeatReceipt,
    head: passwordBytes(setup, 'repeated receipt'),
    tlv: [{ tag: tag.receiptId, value: Uint8Array.of(receiptId) }],
  }),

  totals: (setup: Setup): NewMessage => ({
    command: control.totals,
    head: passwordBytes(setup, 'query for totals'),
  }),

  endOfDay: (setup: Setup): NewMessage => ({
    command: control.endOfDay,
    head: passwordBytes(setup, 'end of day'),
  }),

  reprint: (setup: Setup, from: string, to: string | undefined): NewMessage => ({
    command: control.reprint,
    head: Uint8Array.from([
      ...passwordBytes(setup, 'reprint'),
      ...toBcd(from, 2),
      ...(to === undefined ? [] : toBcd(to, 2)),
    ]),
  }),

  diagnosis: (kind: number): NewMessage => ({
    command: control.diagnosis,
    tlv: [{ tag: tag.diagnosisType, value: Uint8Array.of(kind) }],
  }),

  initialisation: (setup: Setup): NewMessage => ({
    command: control.initialisation,
    head: passwordBytes(setup, 'initialisation'),
  }),

  /** Date YYMMDD, time HHMMSS. */
  setClock: (setup: Setup, date: string, time: string): NewMessage => ({
    command: control.setClock,
    head: passwordBytes(setup, 'setting of the clock'),
    fields: [field(bmp.dateWithYear, date, 3), field(bmp.time, time, 3)],
  }),

  logOff: (): NewMessage => ({ command: control.logOff }),
};

/** Text blocks have to be asked for by the list of permitted commands. */
const permitTextBlocks: NewTlv = {
  tag: tag.permittedCommands,
  children: [{ tag: tag.command, value: Uint8Array.of(0x06, 0xd3) }],
};

const wantCharset = ({ charset }: Setup): NewTlv => ({
  tag: tag.charsets,
  children: [{ tag: tag.charset, value: Uint8Array.of(charsetValue(charset)) }],
});
