import {
  filter,
  firstValueFrom,
  map,
  Observable,
  type OperatorFunction,
  ReplaySubject,
  share,
} from 'rxjs';
import type { CommandEvent } from '../model/events.ts';

/**
 * A command is a receipt you can read many times. Nothing happens before the first subscription; it then
 * runs once. Later subscribers replay what was emitted. It never runs again, whatever `retry`, `repeat`,
 * a second subscriber, `take(1)`, `timeout` or an early unsubscribe do. It emits progress and then exactly
 * one `result`, and completes; or it ends with a `TerminalError`. Unsubscribing stops watching, and
 * nothing else.
 */
export type Command<R> = Observable<CommandEvent<R>>;

type Emit<R> = (event: CommandEvent<R>) => void;

/** Makes a command of `run`, which is called at the first subscription and never again. */
export const once = <R>(run: (emit: Emit<R>) => Promise<void>): Command<R> =>
  new Observable<CommandEvent<R>>((subscriber) => {
    run((event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
  }).pipe(
    share({
      connector: () => new ReplaySubject(),
      resetOnError: false,
      resetOnComplete: false,
      resetOnRefCountZero: false,
    }),
  );

/** Operator: only the result. Errors pass through. */
export const result =
  <R>(): OperatorFunction<CommandEvent<R>, R> =>
  (command) =>
    command.pipe(
      filter((event) => event.type === 'result'),
      map((event) => event.result),
    );

/**
 * The result as a promise. Starts the command if nobody has.
 * @throws {TerminalError} when the command ends without a certain statement.
 */
export const resultOf = <R>(command: Command<R>): Promise<R> =>
  firstValueFrom(command.pipe(result()));
