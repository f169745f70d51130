/** A token bucket for each key. */
export interface RateLimit {
  /** Takes one: 0, or how long until there is one to take, milliseconds. */
  take(key: string): number;
}

export interface Rate {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
  now(): number;
  /** How many keys are kept apart; those beyond share one bucket. Default 4 096. */
  readonly keys?: number;
}

/** The bucket of all keys for which there is no room. No address and no client is called so. */
const others = '(others)';

const sweepMs = 1_000;

export function createRateLimit({ perSecond, burst, now, keys = 4_096 }: Rate): RateLimit {
  const everyMs = 1_000 / perSecond;
  const emptyMs = burst * everyMs;
  /** Of each bucket: when it will be full again, if nothing is taken. One that is full is not kept. */
  const fullAt = new Map<string, number>();
  let sweptAt = Number.NEGATIVE_INFINITY;

  const sweep = (at: number): void => {
    if (Math.abs(at - sweptAt) < sweepMs) return;
    sweptAt = at;
    for (const [key, full] of fullAt) if (full <= at) fullAt.delete(key);
  };

  const nameOf = (key: string, at: number): string => {
    if (fullAt.has(key)) return key;
    if (fullAt.size >= keys) sweep(at);
    return fullAt.size >= keys ? others : key;
  };

  return {
    take(key) {
      const at = now();
      const name = nameOf(key, at);
      // A clock that was set back gives nothing and takes nothing.
      const full = Math.min(Math.max(fullAt.get(name) ?? at, at), at + emptyMs);
      const waitMs = full + everyMs - (at + emptyMs);
      fullAt.set(name, waitMs <= 0 ? full + everyMs : full);
      return waitMs <= 0 ? 0 : Math.ceil(waitMs);
    },
  };
}

/**
 * What counts as one remote address. Whoever has one IPv6 address has the 2^64 of its network (RFC 4291,
 * section 2.5.1), so these are one.
 */
export function addressKey(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...(tail === undefined ? [] : zeros), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
