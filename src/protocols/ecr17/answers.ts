import { fromLatin1 } from '../../framing/bytes.ts';
import { isProgress } from '../../framing/ecr17-frame.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined } from '../../model/results.ts';
import type { Identity, Transaction, TransactionKind } from '../../model/transaction.ts';
import type { Reading } from '../ack-nak.ts';
import type { UnknownCode } from '../protocol.ts';
import { cardType, type Meaning, prompt, resultCode } from './codes.ts';
import { type Fields, read } from './fixed-width.ts';
import { type AnswerLayout, type AnswerName, answerTables } from './layouts.ts';
import { isStan } from './requests.ts';
import { anyTerminal, type Link } from './setup.ts';
import { inferYear } from './terminal-time.ts';

/** An answer read against its table. */
export interface Answer {
  readonly name: AnswerName;
  readonly code: string;
  readonly meaning: Meaning;
  /** In words: what the terminal says, or the vendor's table. */
  readonly text: string;
  readonly fields: Fields;
}

const codeOf = (payload: Uint8Array): string => fromLatin1(payload.subarray(9, 10));

/** Every answer has the terminal's number, a 0 and its code. */
const hasHead = (payload: Uint8Array): boolean => payload.length >= 10 && payload[8] === 0x30;

/** A terminal that was asked under its own number, or said one, keeps to it. */
function isFrom(link: Link, payload: Uint8Array): boolean {
  const told = fromLatin1(payload.subarray(0, 8));
  const own = [link.terminalId, link.spoken.terminalId ?? anyTerminal];
  return told === anyTerminal || own.includes(told) || own.every((id) => id === anyTerminal);
}

export const progressText = (data: Uint8Array): string => fromLatin1(data.subarray(1));

/**
 * What every exchange does with a frame before it looks into it: progress becomes a prompt, and what has
 * another code or comes from another terminal is no answer.
 */
export function frameReader<A>(
  link: Link,
  codes: readonly string[],
  readPayload: (payload: Uint8Array, parts: readonly Uint8Array[]) => Reading<A>,
): (data: Uint8Array, parts: readonly Uint8Array[]) => Reading<A> {
  return (data, parts) => {
    if (isProgress(data)) return { type: 'progress', progress: prompt(progressText(data)) };
    const mine = hasHead(data) && codes.includes(codeOf(data)) && isFrom(link, data);
    return mine ? readPayload(data, parts) : { type: 'other' };
  };
}

/** The table of an answer, by its code and length: `E71`. */
const layoutOf = (payload: Uint8Array): [string, AnswerLayout | undefined] => {
  const name = codeOf(payload) + payload.length;
  return [name, lookup(answerTables, name)];
};

const isName = (name: string, names: readonly AnswerName[]): name is AnswerName =>
  names.some((known) => known === name);

/**
 * A reader of the answers with these tables. One of the same code in another known length is the answer to
 * something else: an `E` of 84 characters is a reversal's, whatever was asked.
 */
export function answerReader<A>(
  link: Link,
  names: readonly AnswerName[],
  readAnswer: (answer: Answer) => Reading<A>,
): (data: Uint8Array, parts: readonly Uint8Array[]) => Reading<A> {
  const codes = names.map((name) => name.slice(0, 1));
  return frameReader(link, codes, (payload) => {
    const [name, layout] = layoutOf(payload);
    if (layout === undefined) return { type: 'unreadable' };
    if (!isName(name, names)) return { type: 'other' };
    const answer = readWith(layout, name, payload);
    return answer === undefined ? { type: 'unreadable' } : readAnswer(answer);
  });
}

function readWith(layout: AnswerLayout, name: AnswerName, payload: Uint8Array): Answer | undefined {
  const code = fromLatin1(payload.subarray(10, 12));
  if (!/^\d\d$/.test(code)) return undefined;
  const { meaning, text } = resultCode(code);
  const fields = read(meaning === 'ok' ? layout.ok : layout.ko, payload);
  const said = maskCardNumbers(fields['text'] ?? '');
  return { name, code, meaning, text: said === '' ? text : said, fields };
}

/** The terminal's action code, where the answer has one that says something. */
const actionOf = ({ fields: { actionCode = '' } }: Answer): string =>
  /^0*$/.test(actionCode) ? '' : `, action code ${maskCardNumbers(actionCode)}`;

/** A rejection that says for certain that no money moved. */
export const declined = (answer: Answer): Declined => ({
  outcome: 'declined',
  responseCode: answer.code,
  message: `The terminal refused: ${answer.text} (code ${answer.code}${actionOf(answer)}).`,
});

export const unknownCode = (answer: Answer): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: answer.code,
  message: `The terminal answered with code ${answer.code}: ${answer.text}.`,
});

/** Cents in so many digits; nothing where that is no number, or one that is not exact. */
export function cents(digits: string | undefined): number | undefined {
  if (digits === undefined || !/^\d+$/.test(digits)) return undefined;
  const amount = Number(digits);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

export const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Zeros and blanks stand for nothing. */
const told = (text: string | undefined): string | undefined =>
  text === undefined || /^[0 ]*$/.test(text) ? undefined : maskCardNumbers(text);

export function identityOf({ fields }: Answer): Identity {
  const { terminalId, stan } = fields;
  const authorisationCode = told(fields['authorisationCode']);
  const number = told(terminalId);
  return {
    ...(isStan(stan) && { trace: stan }),
    ...(authorisationCode !== undefined && { authorisationCode }),
    ...(number !== undefined && { terminalId: number }),
  };
}

const states = { ok: 'approved', declined: 'declined', unknown: 'in-doubt' } as const;

/** The transaction that an answer tells of. Its amount comes from the caller: not every answer has one. */
export function transactionOf(
  answer: Answer,
  kind: TransactionKind,
  amount: number,
  clock: string | undefined,
): Transaction {
  const { fields, meaning } = answer;
  const type = cardType(fields['cardType']);
  const time = clock === undefined ? undefined : inferYear(fields['time'] ?? '', clock);
  const { last4 = '' } = fields;
  const code = told(fields['preAuthorisation']);
  return {
    kind,
    state: states[meaning],
    amount: eur(amount),
    ...identityOf(answer),
    ...(code !== undefined && { receiptNumber: code }),
    ...(last4 !== '' && { last4 }),
    ...(type && { cardType: type }),
    ...(time !== undefined && { time }),
  };
}
