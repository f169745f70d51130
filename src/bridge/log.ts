import { type DestinationStream, type Logger, pino } from 'pino';
import { withoutCardNumbers } from '../journal/card-data.ts';

export type Log = Logger;

/** Never in a log, whatever it is called with. */
const secret = new Set([
  'token',
  'authorization',
  'cookie',
  'code',
  'secret',
  'secrets',
  'password',
  'pan',
  'track',
  'track2',
]);

/** What an error says of itself, without what it was made from. */
const plainError = (error: Error): object => ({
  name: error.name,
  message: error.message,
  ...('code' in error && typeof error.code === 'string' && { kind: error.code }),
  stack: error.stack,
});

/** A value as it may be logged: no secrets by their name, no card numbers, no tokens in a text. */
export function loggable(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return loggable(plainError(value), depth);
  if (typeof value === 'string') return withoutCardNumbers(value.replace(bearer, '$1[hidden]'));
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => loggable(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      withoutCardNumbers(name),
      secret.has(name.toLowerCase()) ? '[hidden]' : loggable(item, depth + 1),
    ]),
  );
}

const bearer = /(bearer\s+)\S+/gi;

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : { value };

/**
 * A log in JSON lines. Everything in it goes through {@link loggable}.
 * @param to where it goes; standard error otherwise, without waiting for whoever reads it
 */
export function createLog(to?: DestinationStream): Log {
  const target = to ?? pino.destination({ dest: 2, sync: false, maxLength: 1_048_576 });
  // Whoever reads along may go away; a sale that is under way goes on.
  if ('on' in target && typeof target.on === 'function') target.on('error', () => {});
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (entry) => asObject(loggable(entry)),
      },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args;
          const texts = rest.map((part) => loggable(part));
          return Reflect.apply(method, this, [
            typeof first === 'string' ? loggable(first) : first,
            ...texts,
          ]);
        },
      },
    },
    target,
  );
}

/** Says nothing: for tests. */
export const silentLog = (): Log => pino({ enabled: false });
