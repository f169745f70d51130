import { ecr17Control } from '../../framing/ecr17-frame.ts';
import type { LrcVariant } from '../../framing/ecr17-lrc.ts';
import { type AckNakRequest, type AckNakWords, ackNakExchange, type Reading } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';
import { inOrder } from './in-order.ts';
import { withReceipts } from './receipts.ts';
import { printAtTill } from './requests.ts';
import type { Link } from './setup.ts';

export const answer = <A>(value: A): Reading<A> => ({
  type: 'answer',
  answer: value,
  // No answer names its request: one that comes before the acknowledgement belongs to something older.
  names: false,
});

export const wordsIn = (variant: LrcVariant): AckNakWords => ({
  ack: ecr17Control('ACK', variant),
  nak: ecr17Control('NAK', variant),
});

type FrameReader<A> = Extract<AckNakRequest<A>['answer'], { by: 'frame' }>['read'];

const common = ({ spoken }: Link) => ({
  words: wordsIn(spoken.lrc),
  confirmsProgress: false,
});

/** An exchange whose whole answer is the ACK. */
export const acknowledgedOnly = <A>(
  link: Link,
  name: string,
  request: Uint8Array,
  means: A,
): Exchange<A> =>
  ackNakExchange<A>({
    ...common(link),
    name,
    money: false,
    request,
    repeatOnSilence: false,
    answer: { by: 'acknowledgement', means },
  });

/** An exchange that changes nothing and may be asked again. `refusal`: what NAK to it means. */
export const query = <A>(
  link: Link,
  name: string,
  request: Uint8Array,
  read: FrameReader<A>,
  refusal?: A,
): Exchange<A> =>
  ackNakExchange<A>({
    ...common(link),
    name,
    money: false,
    request,
    repeatOnSilence: true,
    ...(refusal !== undefined && { refusal }),
    answer: { by: 'frame', read },
  });

/** An exchange that moves no money, but must not be carried out twice either. */
export const once = <A>(
  link: Link,
  name: string,
  request: Uint8Array,
  read: FrameReader<A>,
): Exchange<A> =>
  ackNakExchange<A>({
    ...common(link),
    name,
    money: false,
    request,
    repeatOnSilence: false,
    answer: { by: 'frame', read },
  });

/**
 * An exchange that must not be carried out twice: sent once. The vendor lets a till repeat it on silence; a
 * terminal has no way to tell the copy from a second payment.
 */
export const booking = <A>(
  link: Link,
  name: string,
  request: Uint8Array,
  read: FrameReader<A>,
): Exchange<A> =>
  ackNakExchange<A>({
    ...common(link),
    name,
    money: true,
    repeatOnNak: false,
    request,
    repeatOnSilence: false,
    answer: { by: 'frame', read },
  });

/** A procedure whose receipts come to the till, where the till wants them and the terminal can. */
export function printed<A>(link: Link, procedure: Exchange<A>): Exchange<A> {
  if (!link.receipts) return procedure;
  const atTill = ackNakExchange<boolean>({
    ...common(link),
    name: 'printing at the till',
    money: false,
    request: printAtTill(link, true),
    // A late acknowledgement must not be taken for that of the request behind it.
    repeatOnSilence: false,
    refusal: false,
    answer: { by: 'acknowledgement', means: true },
  });
  return inOrder(atTill, (on) =>
    on === true ? withReceipts(procedure, wordsIn(link.spoken.lrc)) : procedure,
  );
}
