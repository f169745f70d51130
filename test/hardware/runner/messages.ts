/** What a case file says about itself while it runs. */
export type Told =
  | { readonly type: 'subject'; readonly subject: string; readonly cases: number }
  | { readonly type: 'case'; readonly name: string; readonly ms: number; readonly why?: string }
  /** A measured fact, worth printing and not worth failing for. */
  | { readonly type: 'note'; readonly text: string }
  /** Something that only the host can do; it answers under the same number. */
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly what: string;
      readonly args: readonly unknown[];
    };

export interface Answered {
  readonly type: 'answer';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What the guest's first program says about the case files. */
export type FromGuest =
  | Told
  | { readonly type: 'ready'; readonly bootSeconds: number }
  | { readonly type: 'start'; readonly file: string }
  | { readonly type: 'end'; readonly file: string; readonly how: string; readonly ok: boolean }
  | { readonly type: 'done' };

export type ToGuest =
  | Answered
  | {
      readonly type: 'go';
      readonly files: readonly string[];
      /** Only the cases whose sentences have this in them. */
      readonly only?: string;
    };
