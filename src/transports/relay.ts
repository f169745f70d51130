import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP, isIPv6 } from 'node:net';
import { type Clock, systemClock } from '../model/clock.ts';
import { maskCardNumbers } from '../model/mask.ts';
import { noRelay, type Relay, type RelayAnswer, type RelayAsk } from '../model/relay.ts';
import { connectTcp } from './tcp-connection.ts';
import { parseTcpAddress, placeOf } from './tcp-settings.ts';

export interface RelayOptions {
  /** Where a terminal may be connected to, each `HOST:PORT` as the terminal writes it; nowhere else. */
  readonly allowed: readonly string[];
  /** Told what a terminal asked for and did not get, and why. */
  readonly onWarning?: (message: string) => void;
  readonly clock?: Clock;
  /** Takes the place of the system's resolver, for tests. */
  readonly resolve?: (host: string) => Promise<string>;
}

/** Networks that are nobody's on the internet: this machine, and what is behind the shop's own router. */
const local = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  local.addSubnet(net, prefix);
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  local.addSubnet(net, prefix, 'ipv6');

const isLocal = (address: string): boolean =>
  local.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

const keyOf = (host: string, port: number): string => placeOf({ host: host.toLowerCase(), port });

const systemResolve = async (host: string): Promise<string> => (await lookup(host)).address;

interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Carries what a terminal without a network of its own wants to say to its host, and the reply back: one
 * TCP connection for each, only to places on the list. Where to is the terminal's word, so the list is
 * compared to the letter; a name on it that leads into a local network leads nowhere, unless that address
 * and port are on the list as well. What is carried is neither kept nor told to anybody.
 * @throws {TerminalError} `bad-address` for a place on the list that is none
 */
export function tcpRelay(options: RelayOptions): Relay {
  const { onWarning = () => {}, clock = systemClock, resolve = systemResolve } = options;
  const allowed = new Set(
    options.allowed.map((place) => {
      const { host, port } = parseTcpAddress(place, new Map());
      return keyOf(host, port);
    }),
  );

  /** The place, where it is on the list. */
  function permitted({ to }: RelayAsk): Place | undefined {
    const where = to === undefined ? 'its host and does not say where' : shown(to);
    const host = to?.host.trim() ?? '';
    const port = /^\d{1,5}$/.test(to?.port.trim() ?? '') ? Number(to?.port) : 0;
    if (port > 0 && allowed.has(keyOf(host, port))) return { host, port };
    onWarning(
      `The terminal asked the till to connect it to ${where}. That was refused: it is not among the places that relay allows (${[...allowed].join(', ') || 'none'}).`,
    );
    return undefined;
  }

  async function addressOf({ host, port }: Place): Promise<string | undefined> {
    if (isIP(host) !== 0) return host;
    const address = await resolve(host);
    if (!isLocal(address) || allowed.has(keyOf(address, port))) return address;
    onWarning(
      `The terminal asked the till to connect it to ${placeOf({ host, port })}. That was refused: the name leads to ${address}, in a local network, and relay does not allow ${placeOf({ host: address, port })}.`,
    );
    return undefined;
  }

  function begin(ask: RelayAsk, place: Place, done: Parameters<Relay>[1]): () => void {
    const stopped = new AbortController();
    /** What it was when the time is up, or the line fails. */
    let missing: RelayAnswer = { type: 'unreachable' };

    function end(answer: RelayAnswer, why?: string): void {
      if (stopped.signal.aborted) return;
      cancelTimer();
      stopped.abort();
      if (why !== undefined) onWarning(inWords(place, answer, why));
      done(answer);
    }

    const cancelTimer = clock.after(ask.ms, () => end(missing, `not within ${ask.ms} ms`));
    const connected = () => {
      missing = { type: 'no-reply' };
    };
    addressOf(place)
      .then((address) =>
        address === undefined || stopped.signal.aborted
          ? { type: 'refused' as const }
          : carry(ask, { host: address, port: place.port }, clock, stopped.signal, connected),
      )
      .then(
        (answer) => end(answer),
        (cause: unknown) => end(missing, cause instanceof Error ? cause.message : String(cause)),
      );

    return () => {
      cancelTimer();
      stopped.abort();
    };
  }

  return (ask, done) => {
    const place = permitted(ask);
    return place === undefined ? noRelay(ask, done) : begin(ask, place, done);
  };
}

/** @throws {Error} why there is no reply; `connected` has been called where the connection was made */
async function carry(
  ask: RelayAsk,
  to: Place,
  clock: Clock,
  stopped: AbortSignal,
  connected: () => void,
): Promise<RelayAnswer> {
  const socket = connect({ ...to, noDelay: true, allowHalfOpen: true });
  stopped.addEventListener('abort', () => socket.destroy(), { once: true });
  const { data, closed, reply } = hearReply(ask);
  try {
    const connection = await connectTcp(
      socket,
      { data, closed },
      { place: placeOf(to), connectTimeoutMs: ask.ms, clock, nextEpoch: () => 1 },
    );
    connected();
    connection.write(ask.data);
    return { type: 'replied', bytes: await reply };
  } finally {
    socket.destroy();
  }
}

/** Takes the reply and nothing behind it, and never more than can be carried back. */
function hearReply(ask: RelayAsk) {
  const held = new Uint8Array(ask.most + 1);
  let size = 0;
  let settle: { resolve(bytes: Uint8Array): void; reject(cause: Error): void } | undefined;
  const reply = new Promise<Uint8Array>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // It may fail before anybody waits for it.
  reply.catch(() => {});
  return {
    reply,
    data(chunk: Uint8Array): void {
      const taken = chunk.subarray(0, held.length - size);
      held.set(taken, size);
      size += taken.length;
      const whole = ask.wholeReply(held.subarray(0, size));
      if ((whole ?? size) > ask.most)
        settle?.reject(new Error(`its reply is longer than the ${ask.most} bytes that fit`));
      else if (whole !== undefined && size >= whole) settle?.resolve(held.slice(0, whole));
      else return;
      held.fill(0);
    },
    closed: () => settle?.reject(new Error('the host ended the connection')),
  };
}

const inWords = (place: Place, { type }: RelayAnswer, why: string): string => {
  const what =
    type === 'unreachable' ? 'the connection could not be made' : 'there is no whole reply';
  return `The till was to carry data of the terminal to ${placeOf(place)}, and ${what}: ${why}.`;
};

/** As the terminal wrote it, as far as that can be shown. */
const shown = ({ host, port }: NonNullable<RelayAsk['to']>): string =>
  JSON.stringify(maskCardNumbers(`${host.slice(0, 64)}:${port.slice(0, 8)}`));
