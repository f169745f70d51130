import type { Charset } from './charset.ts';

/**
 * The counter of message sequence ids on one connection (TLV 1F73, PA00P015 chapter 5). Both sides count in
 * it, so it outlives the exchange; it is made when the terminal has accepted the ids, and ends with the
 * connection.
 */
export interface Sequence {
  last: number;
}

/** How one ZVT terminal is set up, and how it is spoken to on the connection at hand. */
export interface Setup {
  /** Frames with a check on a serial line, bare APDUs on TCP. */
  readonly framing: 'serial' | 'apdu';
  /** Six digits. Never written anywhere but into the commands that need it. */
  readonly password: string | undefined;
  /** ISO 4217 letters. */
  readonly currency: string;
  /** Say 06 00 first on each connection. */
  readonly register: boolean;
  /** The config byte of the registration. */
  readonly config: number;
  /** The service byte of the registration. */
  readonly service: number;
  /** Receipts in text blocks 06 D3; otherwise line by line, 06 D1. */
  readonly textBlocks: boolean;
  /** The till can print: receipts are taken. Otherwise the terminal is told 84 CC. */
  readonly print: boolean;
  /** The character set to ask for. */
  readonly charset: Charset;
  /** How text is read, as agreed or as the address says. */
  readonly text: Charset;
  /** The address says how text is read, whatever is agreed. */
  readonly textFixed: boolean;
  /** Offer message sequence ids in the registration. */
  readonly sequenceIds: boolean;
  /** In force on this connection. */
  readonly sequence: Sequence | undefined;
}

export const lastId = 999_999;

/** 999999 is followed by 000001. */
export const nextId = (id: number): number => (id >= lastId ? 1 : id + 1);
