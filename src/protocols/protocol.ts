import type { Deframer, Frame } from '../framing/frame.ts';
import type { LineSettings } from '../model/line-settings.ts';
import type { Money } from '../model/money.ts';
import type {
  BookingKind,
  Declined,
  LastTransactionResult,
  Refused,
  SettleResult,
  StatusResult,
  TotalsResult,
} from '../model/results.ts';
import type {
  Identity,
  PurchaseRequest,
  RefundRequest,
  Target,
  Transaction,
} from '../model/transaction.ts';
import type { Effect, Exchange } from './exchange.ts';

/** What a terminal can really do. A till reads this before it promises anything to a customer. */
export interface Capabilities {
  /**
   * `reference`: the void names its transaction. `checked-last`: it takes the last one and the terminal
   * checks that it is the right one. `blind-last`: it takes whatever was last, unseen.
   */
  readonly voidBy: 'reference' | 'checked-last' | 'blind-last' | 'none';
  readonly queryBy: 'reference' | 'last' | 'none';
  /** A query prints on the terminal's paper: do not poll with it. */
  readonly queryPrints: boolean;
  /** The till can stop a transaction in progress. */
  readonly abort: boolean;
  /** What it tells of its memory shows that a sale was taken back. */
  readonly tellsVoids: boolean;
  /** The terminal repeats an answer that was not acknowledged. */
  readonly retransmits: boolean;
  /** What the answer to a sale repeats of the request. */
  readonly echoesIdentity: readonly ('amount' | 'ticket')[];
  /** How many past transactions a query reaches. */
  readonly historyDepth: number;
  /** A sale can, or has to, bring the code that the till has scanned off the customer's telephone. */
  readonly payCode?: 'optional' | 'required';
  readonly commands: readonly CommandName[];
}

export type CommandName =
  | 'status'
  | 'lastTransaction'
  | 'purchase'
  | 'refund'
  | 'voidTransaction'
  | 'totals'
  | 'settle';

/** How long to wait, in milliseconds. */
export interface Timing {
  /** For the terminal's ACK. */
  readonly acknowledgementMs: number;
  /** For the answer after the ACK; each sign of life starts it afresh. */
  readonly answerMs: number;
  /** Between two bytes of a frame; after that the frame is cut off. */
  readonly interByteMs: number;
  /** How long to try to reach a terminal that a command was lost on. */
  readonly recoveryMs: number;
  /** How long the line must be silent after a disturbed exchange before it is used again. */
  readonly quietMs: number;
}

/** What the terminal itself says about the transaction that an answer is about; never our own request's words. */
export type Named = Identity & { readonly amount?: Money };

/** The answer to a void, before the driver has compared it with the target. */
export type VoidAnswer =
  | { readonly outcome: 'voided'; readonly named: Named }
  | {
      readonly outcome: 'already-voided' | 'not-found' | 'declined';
      readonly named: Named;
      readonly responseCode: string;
      readonly message: string;
    }
  | UnknownCode;

/** The answer to a sale, before the driver has compared it with the request. */
export type PurchaseAnswer =
  | { readonly outcome: 'approved'; readonly transaction: Transaction }
  | (Declined & { readonly named: Identity })
  | UnknownCode;

/** A response code that the vendor's table does not list: it proves nothing about the money. */
export interface UnknownCode {
  readonly outcome: 'unknown-response-code';
  readonly responseCode: string;
  readonly message: string;
  /** Told with it all the same: something may have been made, though not what was asked for. */
  readonly transaction?: Transaction;
}

/** What a terminal still remembers, in its order, and its voids with negative amounts. */
export interface History {
  /** Everything since the last settlement; otherwise only the last transaction. */
  readonly whole: boolean;
  /** Only one of those under the reference asked for, which need not be the latest. */
  readonly oneOfReference?: true;
  readonly transactions: readonly Transaction[];
}

/** A frame in words, for traces and `tillwire decode`. Card numbers are reduced to the last four digits. */
export interface Described {
  readonly code: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A command of one protocol only, run with `terminal.run`. It cannot move money. */
export interface ProtocolCommand<R> {
  readonly name: string;
  /** The exchange on this protocol, or why it has none. */
  exchange(protocol: Protocol): Exchange<R> | Refused;
}

/** A money command of one protocol only, run under a key with `terminal.book`. */
export interface MoneyCommand {
  readonly name: string;
  readonly kind: Exclude<BookingKind, 'purchase'>;
  readonly amount: Money;
  /** What was reserved, where a booking gives the rest of it back. */
  readonly reserved?: Money;
  /** What names the transaction that a booking or a reversal is about. */
  readonly asked: Identity;
  /** The exchange on this protocol, or why it has none. */
  exchange(protocol: Protocol, last?: Transaction): Exchange<PurchaseAnswer> | Refused;
}

/** Whether the terminal is at work on something. */
export interface Idle {
  readonly idle: boolean;
  readonly message: string;
}

/** A purchase with its reference settled. */
export type Purchase = PurchaseRequest & { readonly ticket: string };

/**
 * One terminal protocol: what goes on the wire and what it means. Pure: no I/O, no clock. Each exchange
 * is made afresh for one command.
 */
export interface Protocol {
  readonly name: string;
  /**
   * Which of its ways of speaking to one and the same terminal this is, where it has several, such as one for
   * cards and one for QR; nothing for the common one. In an address: `variant=qr`. A command is found out
   * about only in the way in which it was sent: the other may ask for another memory.
   */
  readonly variant?: string;
  readonly line: LineSettings;
  readonly timing: Timing;
  readonly capabilities: Capabilities;
  /**
   * `kept`: a connection stays open between commands. `per-command`: the terminal ends it after each, so
   * that the next command opens a new one.
   */
  readonly connection: 'kept' | 'per-command';
  /**
   * True: no ACK and no number parts an answer from what came before it. What an earlier program was still
   * owed could be taken for the answer to what is sent on a new connection, so that the terminal is proved
   * idle before the first command on it.
   */
  readonly provenIdleFirst?: boolean;
  /** True: each answer to a sale repeats a mark that no other request has ever had. */
  readonly marksRequests?: boolean;
  /** Where its terminals listen on TCP. */
  readonly tcpPort?: number;
  /** Its terminals may ask the till to connect them to their host: see `relay` in `exchange.ts`. */
  readonly relays?: boolean;
  /** The currency of amounts when a till gives none. */
  readonly currency: string;

  deframer(): Deframer;
  describe(data: Uint8Array, from: 'till' | 'terminal' | undefined): Described;
  /** What to do with a frame when nothing was asked. */
  idle(frame: Frame, previousAnswer: Uint8Array | undefined): readonly Effect<never>[];
  /**
   * What has to be said first on a new connection: registration, or finding out how this terminal speaks.
   * Moves no money. The answer is the protocol as it is spoken on this connection from then on.
   */
  greeting?(): Exchange<Protocol | Declined>;
  /** Proves that the terminal is idle and the line in step; changes nothing at the terminal. */
  synchronise(): Exchange<Idle>;

  /**
   * What the terminal remembers, to find out how a command ended; changes nothing at the terminal.
   * `about`: what was asked for, where a terminal can be asked for that very transaction.
   */
  history(about?: Target): Exchange<History | Declined>;

  status(): Exchange<StatusResult>;
  lastTransaction(): Exchange<LastTransactionResult>;
  /** Asks for this very transaction, where the terminal can be asked and the target has what names it. */
  find?(target: Target): Exchange<LastTransactionResult> | undefined;
  totals(): Exchange<TotalsResult>;
  settle(): Exchange<SettleResult | UnknownCode>;

  /** Why this cannot be sold as asked, if it cannot. */
  checkPurchase(request: PurchaseRequest): Refused | undefined;
  /** A reference for a sale that came without one, from `random` characters 0-9 and A-Z. */
  ticket(random: (length: number) => string): string;
  /** `last`: what the terminal told as its last transaction right before, where it was asked. */
  purchase(request: Purchase, last?: Transaction): Exchange<PurchaseAnswer>;

  checkRefund?(request: RefundRequest): Refused | undefined;
  refund?(request: RefundRequest, last?: Transaction): Exchange<PurchaseAnswer>;

  /** Why this target cannot be voided, whatever the terminal says. */
  checkTarget(target: Target): Refused | undefined;
  /** Why the transaction found cannot be voided on this terminal, if it cannot. */
  checkVoidable(found: Transaction): Refused | undefined;
  void(found: Transaction): Exchange<VoidAnswer>;
}
