/** One booking: in the memory and in the ledger. `amount`: of a delivery in part, instead of its own. */
export type Effect = (amount?: number) => void;

/** Work that is done, while what it booked waits. */
export interface Held<T> {
  readonly result: T;
  /** Now it is booked. Without this it never was: no memory and no ledger knows of it. */
  stand(amount?: number): void;
}

/** Books at once, or later: a ZVT terminal books when the till has acknowledged the answer. */
export interface Bookings {
  book(effect: Effect): void;
  hold<T>(work: () => T): Held<T>;
}

export function createBookings(): Bookings {
  let waiting: Effect[] | undefined;
  return {
    book(effect) {
      if (waiting === undefined) effect();
      else waiting.push(effect);
    },
    hold(work) {
      const mine: Effect[] = [];
      waiting = mine;
      try {
        const result = work();
        return {
          result,
          stand(amount) {
            for (const effect of mine.splice(0)) effect(amount);
          },
        };
      } finally {
        waiting = undefined;
      }
    },
  };
}
