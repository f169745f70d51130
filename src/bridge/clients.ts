import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { TerminalError } from '../model/error.ts';
import { alone, readPrivate, replacePrivate, unusable } from './state-files.ts';

/** What a client may ask for. A set of them; none implies another. */
export const roles = ['query', 'sell', 'void', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Client {
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** The only Origin its token is good for, when it was paired from a page. */
  readonly origin?: string;
}

export interface Clients {
  /** Whose token it is. Reads the file again when another process changed it. */
  byToken(token: string): Client | undefined;
  /**
   * @returns the token, which is kept nowhere
   * @throws {TerminalError} `bad-settings`: the name is taken or is none, there is no role
   */
  add(name: string, roles: ReadonlySet<Role>, origin?: string): string;
  /** False when there is no such client. Its token is worth nothing from now on. */
  remove(name: string): boolean;
  list(): readonly Client[];
  /**
   * Runs `then` once when the token is no longer anybody's: at once when this process removed the client,
   * within two seconds when another did. The returned function ends the wait.
   */
  whenRemoved(token: string, then: () => void): () => void;
}

export const clientName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

const most = 256;
const pollMs = 2_000;

/** 256 bits in base64url. */
const tokenForm = /^[A-Za-z0-9_-]{43}$/;

const entry = z.strictObject({
  name: z.string().regex(clientName),
  roles: z.array(z.enum(roles)).min(1),
  origin: z.exactOptional(z.string().min(1).max(300)),
  /** SHA-256 of the token in hex. It has 256 bits of chance, so nothing slower than that is needed. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since the Unix epoch. */
  addedAt: z.int(),
});

const content = z
  .strictObject({ version: z.literal(1), clients: z.array(entry).max(most) })
  .refine(({ clients }) => new Set(clients.map(({ name }) => name)).size === clients.length, {
    message: 'two clients have one name',
  });

type Entry = z.infer<typeof entry>;

interface Known {
  readonly client: Client;
  readonly hash: Buffer;
}

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest();

const known = ({ name, roles: may, origin, token }: Entry): Known => ({
  client: { name, roles: new Set(may), ...(origin !== undefined && { origin }) },
  hash: Buffer.from(token, 'hex'),
});

/** A client that has not changed stays the same object: who knows it need not learn it anew. */
const keep = (earlier: Known | undefined, read: Known): Known =>
  earlier !== undefined && isDeepStrictEqual(earlier, read) ? earlier : read;

function read(file: string): readonly Entry[] {
  const text = readPrivate(file);
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable(file, 'it is not JSON');
  }
  const checked = content.safeParse(value);
  if (checked.success) return checked.data.clients;
  const issues = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw unusable(file, issues.join('; '));
}

/** Changes with each replacement of the file. */
function versionOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.ctimeNs} ${stats.mtimeNs} ${stats.size}`;
}

/**
 * The clients in a file: of each, its name, its roles and the hash of its token.
 * @throws {TerminalError} `bad-settings` when the file is open to others or is not as it was written.
 *   The functions of what is returned throw it, too: with such a file nobody is let in.
 */
export function openClients(file: string, clock: Clock): Clients {
  let entries: readonly Known[] = [];
  let version: string | undefined;
  const watches = new Set<{ readonly token: string; readonly then: () => void }>();
  let cancelPoll: (() => void) | undefined;

  const refresh = (): readonly Known[] => {
    const now = versionOf(file);
    if (now !== version) {
      const earlier = new Map(entries.map((one) => [one.hash.toString('hex'), one]));
      entries = read(file).map((one) => keep(earlier.get(one.token), known(one)));
      version = now;
    }
    return entries;
  };

  const byToken = (token: string): Client | undefined => {
    const all = refresh();
    if (!tokenForm.test(token)) return undefined;
    const hash = sha256(token);
    let found: Client | undefined;
    // All of them are compared, whether or not it was found.
    for (const one of all) if (timingSafeEqual(one.hash, hash)) found = one.client;
    return found;
  };

  const isGone = (token: string): boolean => {
    try {
      return byToken(token) === undefined;
    } catch {
      // Nobody is let in with such a file, and nobody stays.
      return true;
    }
  };

  const tellWatches = (): void => {
    for (const watch of [...watches])
      if (isGone(watch.token) && watches.delete(watch)) watch.then();
  };

  const poll = (): void => {
    cancelPoll = undefined;
    tellWatches();
    if (watches.size > 0) cancelPoll = clock.after(pollMs, poll);
  };

  const write = (all: readonly Entry[]): void => {
    replacePrivate(file, `${JSON.stringify({ version: 1, clients: all }, null, 2)}\n`);
    tellWatches();
  };

  refresh();
  return {
    byToken,
    add(name, may, origin) {
      if (!clientName.test(name))
        throw refused(
          `A client's name is 1 to 32 letters, digits, - and _, and begins with a letter or digit; got ${JSON.stringify(name)}.`,
        );
      if (may.size === 0)
        throw refused(`The client ${name} needs at least one role of ${roles.join(', ')}.`);
      const token = randomBytes(32).toString('base64url');
      const made: Entry = {
        name,
        roles: roles.filter((role) => may.has(role)),
        ...(origin !== undefined && { origin }),
        token: sha256(token).toString('hex'),
        addedAt: clock.now(),
      };
      alone(file, () => {
        const all = read(file);
        if (all.some((one) => one.name === name))
          throw refused(
            `There is a client ${name} already. Take another name, or run: tillwire clients remove ${name}`,
          );
        if (all.length >= most)
          throw refused(`There are ${all.length} clients; ${most} are the most.`);
        write([...all, made]);
      });
      return token;
    },
    remove: (name) =>
      alone(file, () => {
        const all = read(file);
        const kept = all.filter((one) => one.name !== name);
        if (kept.length === all.length) return false;
        write(kept);
        return true;
      }),
    list: () => refresh().map(({ client }) => client),
    whenRemoved(token, then) {
      const watch = { token, then };
      watches.add(watch);
      cancelPoll ??= clock.after(pollMs, poll);
      return () => {
        watches.delete(watch);
        if (watches.size > 0) return;
        cancelPoll?.();
        cancelPoll = undefined;
      };
    },
  };
}

const refused = (message: string): TerminalError =>
  new TerminalError('bad-settings', 'none', message);
