import { toHex } from '../src/framing/bytes.ts';
import { requestOf } from '../src/profiles/describe.ts';
import { told } from '../src/profiles/meaning.ts';
import type { Message, Wire } from '../src/profiles/message.ts';
import type { Meaning, ProfileCommand } from '../src/profiles/schema.ts';
import type { Command, Request } from './messages.ts';

/** A request of the till, by the profile's own names. */
export interface ProfileRequest extends Request {
  readonly name: string;
  readonly message: Message;
  readonly sent: ProfileCommand;
}

const commands: Readonly<Record<string, Command>> = {
  status: 'poll',
  opening: 'register',
  sale: 'purchase',
  void: 'void',
  refund: 'refund',
  last: 'last-transaction',
  find: 'last-transaction',
  settle: 'settle',
  'others.reprint': 'reprint',
};

/** Nothing: the terminal cannot make sense of it. */
export function readProfileRequest(
  wire: Wire,
  data: Uint8Array,
  at: number,
): ProfileRequest | undefined {
  const known = requestOf(wire, data);
  if (known === undefined) return undefined;
  const { name, message, command: sent } = known;
  // Bytes that are no text in its character set: it could not even say them back.
  if ([...message.values.values()].some((value) => value.includes('\ufffd'))) return undefined;
  const amount = Number(told(wire, message, 'amount') ?? Number.NaN);
  const ticket = told(wire, message, 'ticket');
  const command = commands[name] ?? 'diagnosis';
  return {
    command,
    code: name,
    text: toHex(data),
    at,
    name,
    message,
    sent,
    ...(Number.isSafeInteger(amount) && { amount }),
    ...(ticket !== undefined && { ticket }),
  };
}

/** What a void says of its sale, by the marks that a profile can send. */
export const originalOf = (
  wire: Wire,
  { message }: ProfileRequest,
): readonly (readonly [Meaning, string])[] =>
  (
    [
      'original.trace',
      'original.receiptNumber',
      'original.operationNumber',
      'original.authorisationCode',
      'original.rrn',
      'original.ticket',
    ] as const
  ).flatMap((meaning) => {
    const value = told(wire, message, meaning);
    return value === undefined ? [] : [[meaning, value] as const];
  });
