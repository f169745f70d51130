import { delimiterDeframer } from '../../../src/framing/delimiter.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import type { Effect, Exchange, Input } from '../../../src/protocols/exchange.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** The one frame that this message is on the wire. */
export function frameOf(message: string | Uint8Array): Frame {
  const bytes = typeof message === 'string' ? bytesOf(message) : message;
  const [frame] = delimiterDeframer().push(bytes);
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

/** A message of the terminal out of its parameters. */
export const message = (
  method: string,
  params: Readonly<Record<string, string>> = {},
  error = false,
  errorDescription = '',
): string => JSON.stringify({ method, step: 0, params, error, errorDescription });

export const service = (msgType: string, params: Readonly<Record<string, string>> = {}): string =>
  message('ServiceMessage', { msgType, ...params });

export const status = (code: string): string =>
  service('getLastStatMsgCode', { LastStatMsgCode: code });

const request = (bytes: Uint8Array): string => {
  const text = new TextDecoder().decode(bytes).replaceAll('\0', '');
  const sent: unknown = JSON.parse(text);
  const { method, params } = sent as { method: string; params?: Record<string, string> };
  if (method === 'ServiceMessage') return `${params?.['msgType']}?`;
  return params?.['invoiceNumber'] === undefined ? method : `${method} ${params['invoiceNumber']}`;
};

const word = <A>(effect: Effect<A>): string => {
  switch (effect.type) {
    case 'write':
      return `${effect.as === 'request' ? 'send' : 'ask'} ${request(effect.bytes)}`;
    case 'wait':
      return `wait ${effect.ms ?? effect.for}`;
    case 'progress':
      return effect.progress.type === 'prompt'
        ? `prompt ${effect.progress.code}`
        : effect.progress.type;
    case 'stray':
      return `stray ${effect.reason}`;
    case 'failed':
      return `failed ${effect.failure}`;
    case 'relay':
      return effect.type;
    case 'answered':
    case 'done':
      return `${effect.type} ${String(Reflect.get(Object(effect.answer), 'outcome'))}`;
  }
};

/** An exchange played by hand. A text is a message of the terminal. */
export function play<A>(exchange: Exchange<A>, previous?: string) {
  let state = exchange.initial;
  let answer: A | undefined;
  let last: Effect<A> | undefined;

  function input(given: Input): string[] {
    const step = exchange.step(state, given);
    state = step.state;
    for (const effect of step.effects) {
      last = effect;
      if (effect.type === 'done') answer = effect.answer;
    }
    return step.effects.map(word);
  }

  return {
    start: () =>
      input({
        type: 'start',
        previousAnswer: previous === undefined ? undefined : bytesOf(previous),
      }),
    hear: (heard: string | Uint8Array) => input({ type: 'frame', frame: frameOf(heard) }),
    input,
    /** The wait runs out. */
    wait: () => input({ type: 'timeout' }),
    cancel: () => input({ type: 'cancel' }),
    get answer(): A | undefined {
      return answer;
    },
    get last(): Effect<A> | undefined {
      return last;
    },
  };
}
