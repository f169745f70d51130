import { field, type Group, readRequest } from '../src/protocols/pax-poslink/groups.ts';
import type { Command, Request } from './messages.ts';

/** A request of the till with what it says in its groups. */
export interface PoslinkRequest extends Request {
  readonly version: string;
  readonly groups: readonly Group[];
}

export const isPoslinkRequest = (request: Request): request is PoslinkRequest =>
  'groups' in request && 'version' in request;

const plain: Readonly<Record<string, Command>> = {
  A00: 'poll',
  B00: 'settle',
  R02: 'last-transaction',
};

/** 01 a sale; 16 a void of whatever it was, 17 of a sale. */
const credits: Readonly<Record<string, Command>> = { '01': 'purchase', '16': 'void', '17': 'void' };

/** The request in a frame, or nothing for one that this terminal does not know. */
export function readPoslinkRequest(data: Uint8Array, at: number): PoslinkRequest | undefined {
  // A break on the line leaves the XOR as it is.
  const read = data.includes(0) ? undefined : readRequest(data);
  if (read === undefined) return undefined;
  const { command: code, version, groups } = read;
  const type = field(groups, 0, 0) ?? '';
  const command = code === 'T00' ? entry(credits, type) : entry(plain, code);
  if (command === undefined) return undefined;
  const amount = field(groups, 1, 0);
  const isCredit = code === 'T00';
  const ticket = isCredit ? field(groups, 3, 0) : undefined;
  const operationNumber = isCredit ? field(groups, 3, 3) : undefined;
  return {
    command,
    code: isCredit ? `${code} ${type}` : code,
    text: groups.map((group) => group.join(',')).join('|'),
    at,
    version,
    groups,
    ...(isCredit &&
      amount !== undefined &&
      /^\d{1,12}$/.test(amount) && { amount: Number(amount) }),
    ...(ticket !== undefined && { ticket }),
    ...(operationNumber !== undefined && { operationNumber }),
  };
}

const entry = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** A14: no request of its own; it is about the one under way. */
export const isCancel = (data: Uint8Array): boolean => readRequest(data)?.command === 'A14';
