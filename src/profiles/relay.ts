import { toHex } from '../framing/bytes.ts';
import { readLength } from '../framing/length-field.ts';
import type { RelayAnswer, RelayAsk } from '../model/relay.ts';
import { fromHex } from './body.ts';
import type { ReplyTo } from './expression.ts';
import type { Message, Wire } from './message.ts';
import type { PlainReading } from './plain-exchange.ts';
import { isMade, makeRequest, type Surroundings } from './requests.ts';
import type { Intermediate, ProfileCommand } from './schema.ts';

type Send = ProfileCommand['send'];

/** What is said in reply to a message needs neither clock nor counter. */
export const still = (settings: ReadonlyMap<string, string>): Surroundings => ({
  settings,
  now: () => '',
  next: () => 0,
});

/** What the host is asked, and what the terminal is told of how that went. */
export function readRelay(
  wire: Wire,
  { relay, refuse = 'silence' }: Intermediate,
  { values }: Message,
  sent: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string>,
): Extract<PlainReading<never>, { type: 'relay' }> {
  const made = (send: Send, to: ReplyTo = {}): Uint8Array | undefined => {
    const frame = makeRequest(wire, send, {}, still(settings), [], {
      received: values,
      sent,
      ...to,
    });
    return isMade(frame) ? frame.bytes : undefined;
  };
  const told = (send: Send | undefined): Uint8Array | undefined => {
    const frame = send ?? refuse;
    return frame === 'silence' ? undefined : made(frame);
  };

  function say(answer: RelayAnswer): Uint8Array | undefined {
    switch (answer.type) {
      case 'replied': {
        const relayed = toHex(answer.bytes);
        // A reply for which the frame has no room cannot be told; that it is missing can.
        return (relay && made(relay.done, { relayed })) ?? told(relay?.silent);
      }
      case 'refused':
        return told(undefined);
      case 'unreachable':
        return told(relay?.unreachable);
      case 'no-reply':
        return told(relay?.silent);
    }
  }

  const empty = relay && made(relay.done, { relayed: '' });
  return { type: 'relay', ask: askOf(relay, values, room(wire, empty)), say };
}

/** How many bytes of a reply the frame to the terminal has room for. */
const room = ({ shape }: Wire, empty: Uint8Array | undefined): number =>
  Math.max(0, shape.maxFrame - (empty?.length ?? shape.maxFrame));

function askOf(
  relay: Intermediate['relay'],
  values: ReadonlyMap<string, string>,
  most: number,
): RelayAsk {
  const host = relay && values.get(relay.host);
  const port = relay && values.get(relay.port);
  const seconds = (relay?.seconds && values.get(relay.seconds)?.trim()) ?? '';
  const { longestMs = 0, reply } = relay ?? {};
  return {
    to: host === undefined || port === undefined ? undefined : { host, port },
    data: fromHex((relay && values.get(relay.data)) ?? ''),
    wholeReply: (beginning) => {
      if (reply === undefined || beginning.length < reply.size) return undefined;
      const told = readLength(beginning.subarray(0, reply.size), reply.encoding);
      // A length that is none leads to no whole reply.
      return told === undefined ? Number.POSITIVE_INFINITY : reply.size + told;
    },
    most,
    ms: /^0*[1-9]\d{0,4}$/.test(seconds) ? Math.min(longestMs, 1_000 * Number(seconds)) : longestMs,
  };
}
