import { apduDeframer } from '../src/framing/apdu.ts';
import type { Setting } from './face.ts';
import { type Hear, type Link, pieceOf, type Saying } from './zvt-link.ts';

/** 84 9C: please wait. */
const pleaseWait = Uint8Array.of(0x84, 0x9c, 0x00);

/** Bare APDUs: the stream is reliable, so that there is nothing to repeat. PA00P016, chapters 2.2 and 5. */
export function tcpLink({ behaviours, terminal, wire }: Setting, hear: Hear): Link {
  let deframer = apduDeframer();

  function say(saying: Saying): void {
    wire.play(behaviours.transmit(pieceOf(saying, 'tcp', 1, saying.apdu)), saying.sent);
  }

  function onApdu(apdu: Uint8Array): void {
    const { reaction, request, carryOn } = hear(apdu);
    if (reaction === 'taken') carryOn();
    if (reaction === 'refused') say({ apdu: pleaseWait, request, followed: false });
  }

  return {
    awaitingAck: () => false,
    say,
    receive(chunk) {
      for (const frame of deframer.push(chunk))
        if (frame.kind === 'frame' && terminal.listening()) onApdu(frame.data);
    },
    reset() {
      deframer = apduDeframer();
      wire.reset();
    },
  };
}
