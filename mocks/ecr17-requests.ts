import { fromLatin1 } from '../src/framing/bytes.ts';
import { type Fields, read, type Table, widthOf } from '../src/protocols/ecr17/fixed-width.ts';
import { requestTables } from '../src/protocols/ecr17/layouts.ts';
import { anyTerminal } from '../src/protocols/ecr17/setup.ts';
import type { Answer, Command, Request } from './messages.ts';

/** What each code asks for. `U` belongs to the request before it. */
const commands: Readonly<Record<string, Command>> = {
  s: 'poll',
  P: 'purchase',
  X: 'purchase',
  p: 'pre-authorisation',
  i: 'pre-authorisation',
  c: 'booking',
  H: 'card-verification',
  S: 'void',
  G: 'last-transaction',
  T: 'totals',
  C: 'settle',
  E: 'print-at-till',
  R: 'reprint',
  K: 'vas',
};

const tables: Readonly<Record<string, Table>> = requestTables;

/** The named fields of a request. */
export const fieldsOf = ({ code, text }: Pick<Request, 'code' | 'text'>): Fields =>
  read(
    tables[code] ?? [],
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
  );

/**
 * A request of the till. Nothing: another terminal's number, an unknown code, or a wrong length; the
 * terminal says NAK to all of them.
 */
export function readRequest(data: Uint8Array, terminalId: string, at: number): Request | undefined {
  const text = fromLatin1(data);
  const code = text.slice(9, 10);
  const command = Object.hasOwn(commands, code) ? commands[code] : undefined;
  if (command === undefined || text[8] !== '0') return undefined;
  if (![anyTerminal, terminalId].includes(text.slice(0, 8))) return undefined;
  const width = widthOf(tables[code] ?? []);
  const fields = fieldsOf({ code, text });
  const expected = code === 'K' ? width + Number(fields['length']) : width;
  if (text.length !== expected) return undefined;
  const { amount = '', atTill } = fields;
  return {
    command,
    code,
    text,
    at,
    withStatus: true,
    ...(/^\d{8}$/.test(amount) && { amount: Number(amount) }),
    ...(code === 'R' && { prints: atTill === '0' }),
  };
}

/** Additional data, sent behind a request that has announced it. */
export const isAdditionalData = (data: Uint8Array): boolean => data[9] === 0x55 && data.length > 36;

/** The request's own flag. */
export const announcesData = (request: Request): boolean =>
  fieldsOf(request)['additionalData'] === '1';

const paying: readonly Command[] = ['purchase', 'pre-authorisation', 'booking'];

/** What the terminal refuses before it asks for a card. */
export function checkRequest({ command, amount }: Request): Answer | undefined {
  if (!paying.includes(command) || (amount !== undefined && amount > 0)) return undefined;
  return { to: command, outcome: amount === undefined ? 'amount-malformed' : 'amount-zero' };
}
