import type { StatusResult } from '../../model/results.ts';
import { type AckNakRequest, ackNakExchange, type Reading } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';
import { requestFrame } from './requests.ts';

export const answer = <A>(value: A, names = false): Reading<A> => ({
  type: 'answer',
  answer: value,
  names,
});

/** An exchange whose whole answer is the ACK. */
export const acknowledgedOnly = (
  name: string,
  data: string,
  message: string,
  repeatOnSilence: boolean,
): Exchange<StatusResult> =>
  ackNakExchange<StatusResult>({
    name,
    money: false,
    request: requestFrame(data),
    repeatOnSilence,
    answer: { by: 'acknowledgement', means: { outcome: 'ready', message } },
  });

/** An exchange that changes nothing and may be asked again. */
export const query = <A>(name: string, data: string, read: FrameReader<A>): Exchange<A> =>
  ackNakExchange<A>({
    name,
    money: false,
    request: requestFrame(data),
    repeatOnSilence: true,
    answer: { by: 'frame', read },
  });

/** An exchange that must not be carried out twice. `repeatOnNak`: a second copy could do no harm. */
export const booking = <A>(
  name: string,
  data: string,
  read: FrameReader<A>,
  repeatOnNak = false,
): Exchange<A> =>
  ackNakExchange<A>({
    name,
    money: true,
    repeatOnNak,
    request: requestFrame(data),
    repeatOnSilence: false,
    answer: { by: 'frame', read },
  });

type FrameReader<A> = Extract<AckNakRequest<A>['answer'], { by: 'frame' }>['read'];
