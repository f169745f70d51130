/** Who has to act now. */
export type Actor = 'customer' | 'cashier' | 'nobody';

/** What the terminal is doing or asking, in words shared by all protocols. */
export type PromptCode =
  | 'present-card'
  | 'confirm-amount'
  | 'enter-pin'
  | 'choose-instalments'
  | 'confirm-instalments'
  | 'choose-account'
  | 'operate-card'
  | 'authorising'
  | 'initialisation'
  | 'reader'
  | 'remove-card'
  | 'wait'
  /** The terminal takes back by itself what it has just begun. */
  | 'reversing'
  /** What the terminal shows; the result is what it says at the end. */
  | 'approved'
  | 'declined'
  | 'other';

/** Progress of one exchange, as a protocol reports it. */
export type Progress =
  | { readonly type: 'acknowledged' }
  | {
      readonly type: 'prompt';
      readonly who: Actor;
      readonly code: PromptCode;
      /** The terminal's own status code, as written on the wire. */
      readonly terminalCode: string;
      readonly text: string;
    }
  | {
      readonly type: 'receipt';
      /** Lines to print, without line ends. */
      readonly lines: readonly string[];
      /** Written by the terminal, or by Tillwire from what the terminal confirmed. */
      readonly from: 'terminal' | 'tillwire';
    };

/** What a command emits before its result. `at` is milliseconds since the Unix epoch. */
export type ProgressEvent = { readonly at: number } & (
  | Progress
  /** Accepted; waits for the commands before it on this terminal. */
  | { readonly type: 'queued' }
  /**
   * A request has left. `attempt` above 1: it was sent again, as the protocol demands. `money`: from now
   * on the command may have an effect.
   */
  | {
      readonly type: 'sent';
      readonly request: string;
      readonly attempt: number;
      readonly money: boolean;
    }
  /** The outcome is not known yet; this is being asked to find out. */
  | { readonly type: 'recovering'; readonly asking: string; readonly why: string }
);

/** Exactly one, last; then the stream completes. A result is only ever a certain statement. */
export interface ResultEvent<R> {
  readonly type: 'result';
  readonly at: number;
  readonly result: R;
}

export type CommandEvent<R> = ProgressEvent | ResultEvent<R>;
