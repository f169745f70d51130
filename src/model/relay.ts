/** What a terminal without a network of its own asks the till to carry to its host, and how the reply ends. */
export interface RelayAsk {
  /** Where to, as the terminal writes it; nothing where it does not say. */
  readonly to: { readonly host: string; readonly port: string } | undefined;
  /** What the host is sent, as it is. May hold card data: for nobody else's eyes. */
  readonly data: Uint8Array;
  /** How many bytes the reply has in all, as soon as these, its beginning, tell that. */
  wholeReply(beginning: Uint8Array): number | undefined;
  /** The longest reply that can be carried back, in bytes. */
  readonly most: number;
  /** For the connection and the reply together, in milliseconds. */
  readonly ms: number;
}

/** How that went. */
export type RelayAnswer =
  | { readonly type: 'replied'; readonly bytes: Uint8Array }
  /** The place is not on the list; no connection was made. */
  | { readonly type: 'refused' }
  /** Nobody took the connection. */
  | { readonly type: 'unreachable' }
  /** No whole reply, or one that is too long to be carried back. */
  | { readonly type: 'no-reply' };

/**
 * Carries it, where it is allowed to. Calls `done` once, before `ask.ms` and a little have passed, and never
 * after it was stopped. Gives back what stops it.
 */
export type Relay = (ask: RelayAsk, done: (answer: RelayAnswer) => void) => () => void;

/** A till that carries nothing for a terminal. */
export const noRelay: Relay = (_ask, done) => {
  done({ type: 'refused' });
  return () => {};
};
