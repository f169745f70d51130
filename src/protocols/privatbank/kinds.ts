import type { Declined } from '../../model/results.ts';
import { type Ask, answer, type Next } from './conversation.ts';
import { type Message, writeService } from './envelope.ts';

/** The terminal is at work on something else, or does not know the method: it did nothing. */
export const notTaken = (msgType: string): Declined => ({
  outcome: 'declined',
  responseCode: msgType,
  message:
    msgType === 'deviceBusy'
      ? 'The terminal is busy with something else and did not take the request (deviceBusy).'
      : 'The terminal does not know this method (methodNotImplemented). It may need newer software.',
});

type Read<A> = (message: Message) => Next<A>;

/** A question that the terminal answers at once, out of its own memory. */
export const question = <A>(
  method: string,
  request: Uint8Array,
  read: Read<A>,
  rest: Pick<Ask<A>, 'busy' | 'notImplemented'>,
): Ask<A> => ({ method, request, read, service: false, wait: 'acknowledgement', ...rest });

/** One that declines by itself when the terminal does not take it. */
export const plainQuestion = <A>(
  method: string,
  request: Uint8Array,
  read: Read<A | Declined>,
  wait: Ask<A>['wait'] = 'acknowledgement',
): Ask<A | Declined> => ({
  method,
  request,
  read,
  service: false,
  wait,
  busy: answer<A | Declined>(notTaken('deviceBusy')),
  notImplemented: answer<A | Declined>(notTaken('methodNotImplemented')),
});

/** A ServiceMessage: answered at once, whatever the terminal is at. */
export const service = <A>(msgType: string, read: Read<A>, notImplemented: Next<A>): Ask<A> => ({
  method: msgType,
  request: writeService(msgType),
  read,
  service: true,
  wait: 'acknowledgement',
  busy: { type: 'other' },
  notImplemented,
});
