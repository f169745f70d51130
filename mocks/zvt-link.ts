import type { Piece } from './behaviours.ts';
import type { Request } from './messages.ts';

/** What the terminal makes of one APDU of the till. */
export interface Hearing {
  /** `refused`: NAK on a serial line, `84 9C 00` on TCP. `unheard`: no reaction at all. */
  readonly reaction: 'taken' | 'refused' | 'unheard';
  readonly request: Request | undefined;
  /** The terminal will say more in this exchange. */
  readonly followed: boolean;
  /** Goes on with it, once the link has had its say. */
  carryOn(): void;
}

/** One APDU that the terminal says. */
export interface Saying {
  readonly apdu: Uint8Array;
  readonly request: Request | undefined;
  readonly followed: boolean;
  /** The till has it, as far as the link can tell. */
  sent?(): void;
  /** Nobody has taken it, three times. */
  failed?(): void;
}

/** How APDUs travel: framed and acknowledged one by one on a serial line, bare on TCP. */
export interface Link {
  /** A frame waits for the till's ACK. Never on TCP. */
  awaitingAck(): boolean;
  say(saying: Saying): void;
  receive(chunk: Uint8Array): void;
  reset(): void;
}

/** What a link asks of whoever speaks over it. */
export type Hear = (apdu: Uint8Array) => Hearing;

const hex = (byte: number | undefined): string =>
  (byte ?? 0).toString(16).toUpperCase().padStart(2, '0');

/** The two bytes of the control field: `04 0F`. */
export const controlOf = (apdu: Uint8Array): string => `${hex(apdu[0])} ${hex(apdu[1])}`;

/** 80 and 84 answer a command; all else is a command. */
export const isAnswer = (apdu: Uint8Array): boolean => apdu[0] === 0x80 || apdu[0] === 0x84;

/**
 * A piece in the words that the faults know. On TCP the positive answer to a command is what an ACK is
 * elsewhere; the result and the end of a command are the answer, what comes before and between is status.
 */
export function pieceOf(
  { apdu, request, followed }: Saying,
  on: 'serial' | 'tcp',
  attempt: number,
  bytes: Uint8Array,
): Piece {
  const message = controlOf(apdu);
  return { kind: kindOf(message, on), bytes, request, attempt, followed, message };
}

function kindOf(message: string, on: 'serial' | 'tcp'): Piece['kind'] {
  switch (message) {
    case '80 00':
      return on === 'tcp' ? 'ack' : 'status';
    case '04 FF':
    case '04 01':
    case '06 D1':
    case '06 D3':
      return 'status';
    default:
      return 'answer';
  }
}
