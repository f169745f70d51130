import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Audit } from './audit.ts';
import { type Client, type Clients, clientName, type Role, roles } from './clients.ts';
import { HttpProblem } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { readPrivate, removePrivate, replacePrivate } from './state-files.ts';

export interface PairingRequest {
  readonly code: string;
  readonly name: string;
  /** The Origin that the request came from; the client is bound to it. */
  readonly origin?: string;
  /** The remote address, for the audit. */
  readonly address: string;
}

export interface Pairing {
  /**
   * Trades the code that is shown on the host for a client of its own.
   * @throws {HttpProblem} `pairing-failed`, `too-many-requests`, `bad-request` (the name)
   */
  pair(request: PairingRequest): { readonly client: Client; readonly token: string };
}

/** How long a code is good, milliseconds. */
export const codeLifeMs = 5 * 60_000;

/** Wrong tries that end a code: 5 of 1 000 000 is what a guess is worth. */
const triesPerCode = 5;

/** Wrong tries of all codes together, whoever makes them. */
const triesAtOnce = 10;
const triesPerMinute = 1;

const content = z.strictObject({
  version: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  roles: z.array(z.enum(roles)).min(1),
  /** Milliseconds since the Unix epoch. */
  until: z.int(),
});

const hashOf = (code: string, salt: string): Buffer =>
  createHash('sha256').update(`${salt} ${code}`).digest();

/**
 * Makes a code of six digits that a running bridge takes once. An older one is worth nothing any more.
 * @throws {TerminalError} `bad-settings` when the file cannot be written
 */
export function createPairingCode(
  file: string,
  may: ReadonlySet<Role>,
  now: number,
): { readonly code: string; readonly until: number } {
  const code = randomInt(1_000_000).toString().padStart(6, '0');
  const salt = randomBytes(16).toString('hex');
  const until = now + codeLifeMs;
  const made: z.infer<typeof content> = {
    version: 1,
    salt,
    hash: hashOf(code, salt).toString('hex'),
    roles: roles.filter((role) => may.has(role)),
    until,
  };
  replacePrivate(file, `${JSON.stringify(made)}\n`);
  return { code, until };
}

export interface PairingParts {
  /** Where `createPairingCode` writes. */
  readonly file: string;
  readonly clients: Clients;
  readonly audit: Audit;
  now(): number;
}

export function openPairing({ file, clients, audit, now }: PairingParts): Pairing {
  const attempts = createRateLimit({ perSecond: triesPerMinute / 60, burst: triesAtOnce, now });
  /** Of the code with this salt: how many wrong tries. */
  let tried = { salt: '', wrong: 0 };

  const readCode = () => {
    const text = readPrivate(file);
    if (text === undefined) return undefined;
    const code = content.safeParse(parsed(text)).data;
    const left = code === undefined ? 0 : code.until - now();
    // A clock that was set back must not make a code last longer.
    if (code !== undefined && left > 0 && left <= codeLifeMs) return code;
    removePrivate(file);
    return undefined;
  };

  return {
    pair({ code: given, name, origin, address }) {
      if (!clientName.test(name))
        throw new HttpProblem(400, 'bad-request', 'The name is not one for a client.', {
          errors: [{ path: 'name', message: '1 to 32 letters, digits, - and _' }],
        });
      const waitMs = attempts.take('');
      if (waitMs > 0)
        throw new HttpProblem(429, 'too-many-requests', 'Too many pairing codes were tried.', {
          headers: { 'Retry-After': String(Math.ceil(waitMs / 1_000)) },
        });
      const code = readCode();
      if (code === undefined) throw failed();
      if (tried.salt !== code.salt) tried = { salt: code.salt, wrong: 0 };
      if (!timingSafeEqual(hashOf(given, code.salt), Buffer.from(code.hash, 'hex'))) {
        tried.wrong += 1;
        if (tried.wrong >= triesPerCode) {
          removePrivate(file);
          audit.record({ what: 'pairing-code-ended', address });
        }
        throw failed();
      }
      if (clients.list().some((client) => client.name === name))
        throw new HttpProblem(400, 'bad-request', `There is a client ${name} already.`, {
          errors: [{ path: 'name', message: 'taken' }],
        });
      // Gone before there is a token: whatever happens next, the code is good for one.
      removePrivate(file);
      const may = new Set(code.roles);
      const token = clients.add(name, may, origin);
      const client: Client = { name, roles: may, ...(origin !== undefined && { origin }) };
      audit.record({
        what: 'paired',
        client: name,
        roles: code.roles,
        ...(origin !== undefined && { origin }),
        by: address,
      });
      return { client, token };
    },
  };
}

/** The same words for wrong, used, too old and none: whoever guesses learns nothing. */
const failed = (): HttpProblem =>
  new HttpProblem(
    403,
    'pairing-failed',
    'The code is wrong, has been used, or is older than five minutes. Run `tillwire pair` on the host for a new one.',
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
