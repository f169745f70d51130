import { splitApdu } from '../../framing/apdu.ts';
import { sameBytes } from '../../framing/bytes.ts';
import { dleCrcFrame } from '../../framing/dle-crc.ts';
import type { Frame } from '../../framing/frame.ts';
import { control as controlByte } from '../../framing/stx-etx-lrc.ts';
import type { Effect } from '../exchange.ts';
import { control, isAnswer, isOfTheTill } from './control-fields.ts';
import { type Message, messageApdu, readMessage, sequenceIdOf } from './message.ts';
import { lastId, type Setup } from './setup.ts';

const notPossible = 0x8483;
const printerNotReady = 0x84cc;

/**
 * What the till answers to a command of the terminal. A status information, and whatever else tells how
 * something ended, is acknowledged always: any other answer to 04 0F makes the terminal reverse the payment
 * (PA00P015 2.2.8). `84 83` says that the till has no such function.
 */
export function replyCode(command: number, { print }: Pick<Setup, 'print'>): number {
  switch (command) {
    case control.statusInformation:
    case control.intermediateStatus:
    case control.completion:
    case control.abort:
    case control.setTime:
      return control.positive;
    case control.printLine:
    case control.textBlock:
      return print ? control.positive : printerNotReady;
    default:
      return notPossible;
  }
}

/** As it goes on the wire: framed on a serial line, bare on TCP. */
export const onWire = (apdu: Uint8Array, { framing }: Pick<Setup, 'framing'>): Uint8Array =>
  framing === 'serial' ? dleCrcFrame(apdu) : apdu;

/** The whole answer to this message; it carries the message's own sequence id where ids are in force. */
export function replyTo(message: Message, setup: Setup): Uint8Array {
  const id = setup.sequence === undefined ? undefined : sequenceIdOf(message);
  return onWire(messageApdu({ command: replyCode(message.command, setup) }, id), setup);
}

export const linkAck: Effect<never> = reply(Uint8Array.of(controlByte.ACK));
export const linkNak: Effect<never> = reply(Uint8Array.of(controlByte.NAK));

export function reply(bytes: Uint8Array): Effect<never> {
  return { type: 'write', as: 'reply', bytes };
}

/** The message in a sound frame. A length that does not agree with the bytes leaves the data out. */
export function messageIn(data: Uint8Array, afterEnquiry: boolean): Message | undefined {
  const split = splitApdu(data);
  if (split !== undefined) return readMessage(split.command, split.data, 'terminal', afterEnquiry);
  const [cla, ins] = data;
  if (cla === undefined || ins === undefined) return undefined;
  return { ...readMessage((cla << 8) | ins, new Uint8Array(), 'terminal'), rest: data.slice(2) };
}

/**
 * A frame when nothing was asked. What the terminal says is acknowledged all the same, so that it does not
 * take a payment back because nobody listened any more; and surfaced, since it may be the missing answer.
 */
export function idleReply(
  frame: Frame,
  previousAnswer: Uint8Array | undefined,
  setup: Setup,
): readonly Effect<never>[] {
  const serial = setup.framing === 'serial';
  switch (frame.kind) {
    case 'noise':
      return serial && frame.reason === 'cut-off' ? [linkNak] : [];
    case 'control':
      return [];
    case 'frame': {
      if (frame.check === 'bad') return serial ? [linkNak] : [];
      const message = messageIn(frame.data, false);
      const repeated = previousAnswer !== undefined && sameBytes(previousAnswer, frame.bytes);
      if (message !== undefined && isOfTheTill(message.command))
        return [{ type: 'stray', frame, reason: 'stale' }];
      if (message !== undefined) heard(message, setup);
      return [
        ...(serial ? [linkAck] : []),
        ...(message === undefined || isAnswer(message.command)
          ? []
          : [reply(replyTo(message, setup))]),
        { type: 'stray', frame, reason: repeated ? 'duplicate' : 'stale' },
      ];
    }
  }
}

/** Both sides count in one row; something old that comes late does not turn it back. */
export function heard(message: Message, { sequence }: Pick<Setup, 'sequence'>): void {
  const id = sequenceIdOf(message);
  if (sequence === undefined || id === undefined) return;
  const ahead = (id - sequence.last + lastId) % lastId;
  if (ahead < lastId / 2) sequence.last = id;
}
