import { fromLatin1 } from '../../framing/bytes.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { StatusResult } from '../../model/results.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { Idle } from '../protocol.ts';
import { frameReader } from './answers.ts';
import { operative, statusText } from './codes.ts';
import { read, widthOf } from './fixed-width.ts';
import { inOrder } from './in-order.ts';
import { answer, once, query } from './kinds.ts';
import { statusTable } from './layouts.ts';
import { request } from './requests.ts';
import { anyTerminal, type Link, type Spoken } from './setup.ts';
import { clockOf } from './terminal-time.ts';

/** The terminal's answer to a status request. */
export interface StatusSaid {
  readonly terminalId: string;
  readonly status: string;
  /** Its local time, to the minute; absent where it tells none. */
  readonly clock?: string;
  /** Its software, eight characters each. */
  readonly releases: readonly string[];
}

/** Nothing: it is no status answer. */
export function readStatus(payload: Uint8Array): StatusSaid | undefined {
  const { terminalId = '', code, clock = '', status } = read(statusTable, payload);
  if (code !== 's' || status === undefined) return undefined;
  const time = clockOf(clock);
  const rest = fromLatin1(payload.subarray(widthOf(statusTable)));
  const releases = (rest.match(/.{1,8}/gs) ?? []).map((text) => maskCardNumbers(text.trim()));
  return { terminalId, status, releases, ...(time !== undefined && { clock: time }) };
}

const asked = (link: Link, name: string, kind = query): Exchange<StatusSaid> =>
  kind<StatusSaid>(
    link,
    name,
    request(link, 's'),
    frameReader(link, ['s'], (payload) => {
      const said = readStatus(payload);
      return said === undefined ? { type: 'unreadable' } : answer(said);
    }),
  );

export const status = (link: Link): Exchange<StatusResult> =>
  mapAnswer(asked(link, 'status'), (said): StatusResult => {
    const software = said.releases.length === 0 ? '' : ` Software: ${said.releases.join(', ')}.`;
    const message = `${statusText(said.status)}${software}`;
    return said.status === operative
      ? { outcome: 'ready', message }
      : { outcome: 'not-ready', message, terminalCode: said.status };
  });

/** A terminal at work on a transaction answers no status request. */
export const idle = (link: Link): Exchange<Idle> =>
  mapAnswer(asked(link, 'status'), (said) => ({ idle: true, message: statusText(said.status) }));

/** What the first status exchange has shown of the terminal. */
export const spokenOf = (lrc: Spoken['lrc'], { terminalId, clock }: StatusSaid): Spoken => ({
  lrc,
  ...(terminalId !== anyTerminal && { terminalId }),
  ...(clock !== undefined && { clock }),
});

/**
 * An exchange whose answer tells a time without a year. The terminal's clock at the beginning of a short
 * connection says which year it is; on one that stays open for weeks the terminal is asked right before.
 */
export function dated<A>(
  link: Link,
  make: (clock: string | undefined) => Exchange<A>,
): Exchange<A> {
  if (link.connection === 'per-command') return make(link.spoken.clock);
  // Once: a late answer to a repeated question would come in the middle of what is asked next.
  return inOrder(asked(link, 'clock', once), (said) => make(said?.clock));
}
