import type { LrcVariant } from '../src/framing/ecr17-lrc.ts';
import type { Behaviour } from './behaviours.ts';
import { type Ecr17Setup, ecr17Setup } from './ecr17-setup.ts';
import { type Fault, plain } from './fault.ts';

/** Faults and set-ups that only an ECR17 terminal can have. On any other they do nothing, `result-before-ack` apart. */

/** The terminal is set up in another way for as long as the fault is on. */
const setUp = <K extends keyof Ecr17Setup>(part: K, value: Ecr17Setup[K]): Behaviour => ({
  install({ terminal }) {
    const setup = ecr17Setup(terminal);
    const before = setup[part];
    setup[part] = value;
    return () => {
      setup[part] = before;
    };
  },
});

const inCheck = (lrc: LrcVariant, how: string): Fault =>
  plain({ description: `ECR17: the check of its frames counts ${how}.` }, () => setUp('lrc', lrc));

export const ecr17Faults = {
  'lrc-stx': inCheck('stx', 'STX and ETX, too'),
  'lrc-noext': inCheck('noext', 'ETX, too'),
  'lrc-stx-noext': inCheck('stx_noext', 'STX, too'),
  'silent-on-bad-lrc': plain(
    { description: 'ECR17: a frame with a wrong check finds no reaction instead of NAK.' },
    () => setUp('garbled', 'silence'),
  ),
  'empty-naks': plain(
    { description: 'ECR17: before the first payment the last result is refused with NAK.' },
    () => setUp('empty', 'nak'),
  ),
  'receipts-kept-back': plain(
    { description: 'ECR17: the receipts that the till has asked for never come.' },
    () => setUp('receipts', 'kept-back'),
  ),
  'receipts-without-end': plain(
    { description: 'ECR17: the last part of each receipt does not say that it is the last.' },
    () => setUp('receipts', 'without-end'),
  ),
  'receipts-not-supported': plain(
    {
      description: 'ECR17: the terminal says NAK when it is asked for receipts, and prints itself.',
    },
    () => setUp('receipts', 'not-supported'),
  ),
  'closes-after-everything': plain(
    { description: 'ECR17 on TCP: the connection is closed after a question, too.' },
    () => setUp('closes', 'after-everything'),
  ),
  'till-results-only': plain(
    { description: 'ECR17: the last result is of what a till has asked for, never of a clerk’s.' },
    () => setUp('keeps', 'till'),
  ),
  'never-closes': plain(
    { description: 'ECR17 on TCP: the connection stays open after a transaction.' },
    () => setUp('closes', 'never'),
  ),
  'not-configured': plain(
    { description: 'ECR17: the status answer says that the terminal is not configured.' },
    () => setUp('status', '0'),
  ),
  'result-before-ack': plain(
    { description: 'The answer comes before the ACK of its request.' },
    (strike) => {
      let held: Uint8Array | undefined;
      return {
        transmit(piece, next) {
          if (piece.kind === 'ack' && piece.followed && strike()) {
            held = piece.bytes;
            return [];
          }
          if (held === undefined || piece.kind !== 'answer') return next();
          const late = { bytes: held };
          held = undefined;
          return [...next(), late];
        },
      };
    },
  ),
} as const satisfies Readonly<Record<string, Fault>>;
