import type { Clock } from '../src/model/clock.ts';
import type { Request } from './messages.ts';
import type { Saying } from './zvt-link.ts';

/** What became of a command of the terminal: the till's 80 or 84, or nothing in time. */
export type Acknowledged =
  | { readonly by: 'till'; readonly code: number; readonly data: Uint8Array }
  | { readonly by: 'nobody' };

interface Pending {
  /** The link has brought it over. */
  said: boolean;
  answer?: Acknowledged;
  cancel(): void;
  settled(by: Acknowledged): void;
}

/** Says the terminal's commands, and finds the till's answer to each: they come in order. */
export interface Acknowledgements {
  /** `waitMs`: from its being brought over to the till's answer. */
  expect(
    apdu: Uint8Array,
    about: { readonly request: Request | undefined; readonly followed: boolean },
    waitMs: number,
    settled: (by: Acknowledged) => void,
  ): void;
  /** The till answers the oldest command that it has not answered. */
  answered(code: number, data: Uint8Array): void;
  /** Forgets all that is open. */
  reset(): void;
}

export function createAcknowledgements(
  clock: Clock,
  say: (saying: Saying) => void,
): Acknowledgements {
  let open: Pending[] = [];

  function settle(pending: Pending, by: Acknowledged): void {
    if (!open.includes(pending)) return;
    open = open.filter((other) => other !== pending);
    pending.cancel();
    pending.settled(by);
  }

  return {
    expect(apdu, about, waitMs, settled) {
      const pending: Pending = { said: false, cancel() {}, settled };
      open.push(pending);
      say({
        apdu,
        ...about,
        sent() {
          if (!open.includes(pending)) return;
          pending.said = true;
          // On a serial line the answer may come before the ACK of the frame, when that was lost.
          if (pending.answer !== undefined) settle(pending, pending.answer);
          else pending.cancel = clock.after(waitMs, () => settle(pending, { by: 'nobody' }));
        },
        failed: () => settle(pending, { by: 'nobody' }),
      });
    },
    answered(code, data) {
      const oldest = open.find(({ answer }) => answer === undefined);
      if (oldest === undefined) return;
      oldest.answer = { by: 'till', code, data };
      if (oldest.said) settle(oldest, oldest.answer);
    },
    reset() {
      for (const { cancel } of open) cancel();
      open = [];
    },
  };
}
