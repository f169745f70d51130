import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined, StatusResult } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { Idle, Protocol } from '../protocol.ts';
import { idleStatus, responseCode, responseCodeOf, statusCode } from './codes.ts';
import { answer, conversation, type Next } from './conversation.ts';
import type { Message } from './envelope.ts';
import { question, service } from './kinds.ts';
import { requests } from './requests.ts';

/** What the terminal is at, as it tells it. */
type At =
  | { readonly type: 'free' }
  | { readonly type: 'working'; readonly code: string; readonly text: string }
  /** It answers, and says that something is wrong with it. */
  | { readonly type: 'ailing'; readonly code: string; readonly text: string };

const method = 'PingDevice';
const busy: At = { type: 'working', code: 'deviceBusy', text: 'busy with something else' };

/** Older terminals answer with a `code` of two digits, or with no code at all. */
function readPing(message: Message): At {
  const code = responseCodeOf(message.param('responseCode') ?? message.param('code')) ?? '0000';
  if (code === '0000' && message.error !== true) return { type: 'free' };
  const { text } = responseCode(code);
  return { type: 'ailing', code, text: maskCardNumbers(message.errorDescription) || text };
}

/** The vendor: answered when the terminal is free and ready for any method, with "busy" when it is not. */
const ping = <A>(of: (at: At) => A) =>
  question<A>(method, requests.ping(), (message) => answer(of(readPing(message))), {
    busy: answer(of(busy)),
    notImplemented: answer(of({ type: 'free' })),
  });

/**
 * First what the terminal is at, which it tells at any time; then, if that is nothing, a ping, which it
 * answers only when it is free. Whatever it still owed to an earlier command has come before that answer.
 */
function ask<A>(name: string, of: (at: At) => A): Exchange<A> {
  const then: Next<A> = { type: 'ask', ask: ping(of) };
  return conversation(
    name,
    service<A>(
      'getLastStatMsgCode',
      (message) => {
        const code = (message.param('LastStatMsgCode') ?? idleStatus).slice(0, 4);
        if (code === idleStatus) return then;
        return answer(of({ type: 'working', code, text: statusCode(code).text }));
      },
      then,
    ),
  );
}

export const synchronise = (): Exchange<Idle> =>
  ask('status', (at) =>
    at.type === 'working'
      ? { idle: false, message: `The terminal is at work: ${at.text}.` }
      : { idle: true, message: 'The terminal is idle.' },
  );

export const status = (): Exchange<StatusResult> =>
  ask('status', (at) =>
    at.type === 'free'
      ? { outcome: 'ready', message: 'The terminal is ready.' }
      : {
          outcome: 'not-ready',
          terminalCode: at.code,
          message: `The terminal is not ready: ${at.text} (code ${at.code}).`,
        },
  );

/**
 * The first message of a connection: a ping with one more 00 before it. A terminal that is busy, as after a
 * connection that was lost in the middle of a sale, says so, and is greeted all the same.
 */
export function greeting(protocol: Protocol): Exchange<Protocol | Declined> {
  const ask = ping<Protocol | Declined>(() => protocol);
  const request = new Uint8Array(ask.request.length + 1);
  request.set(ask.request, 1);
  return conversation<Protocol | Declined>('greeting', { ...ask, request });
}
