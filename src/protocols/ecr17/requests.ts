import { toLatin1 } from '../../framing/bytes.ts';
import { ecr17Frame } from '../../framing/ecr17-frame.ts';
import type { Refused } from '../../model/results.ts';
import type { PurchaseRequest, Target } from '../../model/transaction.ts';
import { checkAmount, checkText, invalid } from '../refusal.ts';
import { type Fields, write } from './fixed-width.ts';
import { type RequestCode, requestTables } from './layouts.ts';
import type { Link } from './setup.ts';

/** A request as it goes on the wire. `more`: what goes on behind the table, for `U` and `K`. */
export function request(link: Link, code: RequestCode, values: Fields = {}, more = ''): Uint8Array {
  const { terminalId, tillId, spoken } = link;
  const head = write(requestTables[code], { code, terminalId, tillId, ...values });
  return ecr17Frame(Uint8Array.of(...head, ...toLatin1(more)), spoken.lrc);
}

/** Cents in eight columns. */
const amountLimits = { currency: 'EUR', min: 1, max: 99_999_999 };

export const checkMoney = (money: PurchaseRequest['amount']): Refused | undefined =>
  checkAmount(money, amountLimits);

/** What this terminal does not know, nobody could compare. */
const unknownHere = (field: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(field, 'left out: this terminal knows none', value);

/** A ticket is the till's own affair: the terminal has no field that comes back. */
export const checkSale = ({ amount, commerceCode }: PurchaseRequest): Refused | undefined =>
  checkMoney(amount) ?? unknownHere('commerceCode', commerceCode);

const stan = /^(?=.*[1-9])[0-9]{1,6}$/;

/** A STAN that names something: `000000` is the terminal's word for any. */
export const isStan = (text: string | undefined): text is string => stan.test(text ?? '');

export const checkTarget = (target: Target): Refused | undefined =>
  checkMoney(target.amount) ??
  unknownHere('ticket', target.ticket) ??
  unknownHere('operationNumber', target.operationNumber) ??
  unknownHere('receiptNumber', target.receiptNumber) ??
  unknownHere('commerceCode', target.commerceCode) ??
  (target.trace === undefined
    ? undefined
    : checkText('trace', '1 to 6 digits, not all zero', stan, target.trace));

/** The number of a pre-authorisation, as its result told it. */
export const checkPreAuthorisation = (code: string): Refused | undefined =>
  checkText('preAuthorisation', '1 to 9 digits', /^[0-9]{1,9}$/, code);

/** Data for the acquirer beside a payment, in up to four tags. */
export interface AdditionalData {
  /** ISO 8583 field 62, or none in particular. */
  readonly isoField?: '62' | '00';
  /** Up to four, each up to 100 printable ASCII characters. */
  readonly tags: readonly string[];
}

export const checkAdditionalData = (data: AdditionalData | undefined): Refused | undefined => {
  if (data === undefined) return undefined;
  if (data.tags.length < 1 || data.tags.length > 4)
    return invalid('additionalData', '1 to 4 tags', data.tags.length);
  return data.tags
    .map((tag) =>
      checkText('additionalData', '1 to 100 printable ASCII characters', /^[ -~]{1,100}$/, tag),
    )
    .find((refused) => refused !== undefined);
};

const endOfTag = '\x1b';

/** `U`: sent once the terminal has acknowledged a request that announced it. */
export const additionalData = (link: Link, { isoField = '00', tags }: AdditionalData): Uint8Array =>
  request(
    link,
    'U',
    {
      isoField,
      tag: 'DF8D01',
      tagMap: tags
        .map(() => '1')
        .join('')
        .padEnd(4, '0'),
    },
    tags.map((tag) => tag + endOfTag).join(''),
  );

/** `E`: receipts of the next procedure come to the till, or not. The terminal forgets it after each. */
export const printAtTill = (link: Link, atTill: boolean): Uint8Array =>
  request(link, 'E', { atTill: atTill ? '1' : '0' });
