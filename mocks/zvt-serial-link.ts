import { sameBytes } from '../src/framing/bytes.ts';
import { dleCrcDeframer, dleCrcFrame } from '../src/framing/dle-crc.ts';
import type { ControlName, Frame } from '../src/framing/frame.ts';
import { control } from '../src/framing/stx-etx-lrc.ts';
import type { Setting } from './face.ts';
import { type Hear, type Hearing, isAnswer, type Link, pieceOf, type Saying } from './zvt-link.ts';

/** Between two bytes of a frame, in milliseconds: then the receiver says NAK. */
const t1 = 200;
/** From the end of a frame to its ACK or NAK, in milliseconds: then the sender says it again. */
const t2 = 5_000;
/** One transmission and two repeats. */
const tries = 3;

/** A till that asks and asks and acknowledges nothing finds no more answers. */
const mostWaiting = 32;

const ACK = Uint8Array.of(control.ACK);
const NAK = Uint8Array.of(control.NAK);

/** Frames with a check, each answered by one byte and repeated twice when it is not. PA00P016, chapter 3. */
export function serialLink(setting: Setting, hear: Hear): Link {
  const { behaviours, clock, terminal, wire } = setting;
  const deframer = dleCrcDeframer();
  const waiting: Saying[] = [];
  let flying: Saying | undefined;
  let attempt = 0;
  let cancelRepeat = () => {};
  let cancelGap = () => {};
  /** The till's last command, for as long as it may come once more because our ACK was lost. */
  let repeatable: Uint8Array | undefined;

  function transmit(): void {
    const mine = flying;
    if (mine === undefined) return;
    cancelRepeat();
    if (attempt >= tries) {
      land();
      mine.failed?.();
      return;
    }
    attempt++;
    wire.play(behaviours.transmit(pieceOf(mine, 'serial', attempt, dleCrcFrame(mine.apdu))), () => {
      if (flying !== mine) return;
      // A NAK in the middle of the frame has it said again: the two have one timer.
      cancelRepeat();
      cancelRepeat = clock.after(t2, transmit);
    });
  }

  /** The frame in the air is done with, one way or the other. */
  function land(): void {
    cancelRepeat();
    flying = undefined;
    takeOff();
  }

  function takeOff(): void {
    if (flying !== undefined) return;
    flying = waiting.shift();
    attempt = 0;
    transmit();
  }

  function reply(kind: 'ack' | 'nak', hearing?: Hearing): void {
    const piece = {
      kind,
      bytes: kind === 'ack' ? ACK : NAK,
      request: hearing?.request,
      attempt: 1,
      followed: kind === 'ack' && hearing?.followed === true,
    };
    wire.play(behaviours.transmit(piece));
    // What it leads to is said behind the ACK: the wire plays one after the other.
    if (kind === 'ack') hearing?.carryOn();
  }

  function onApdu(apdu: Uint8Array): void {
    if (repeatable !== undefined && sameBytes(repeatable, apdu)) {
      reply('ack');
      return;
    }
    const hearing = hear(apdu);
    if (hearing.reaction === 'unheard') return;
    if (hearing.reaction === 'refused') {
      reply('nak', hearing);
      return;
    }
    repeatable = isAnswer(apdu) ? undefined : apdu.slice();
    reply('ack', hearing);
  }

  function onControl(name: ControlName): void {
    const landed = flying;
    if (landed === undefined) return;
    if (name === 'NAK') transmit();
    if (name !== 'ACK') return;
    repeatable = undefined;
    land();
    landed.sent?.();
  }

  function onFrame(frame: Frame): void {
    if (!terminal.listening()) return;
    switch (frame.kind) {
      case 'frame':
        if (frame.check === 'ok') onApdu(frame.data);
        else reply('nak');
        break;
      case 'control':
        onControl(frame.name);
        break;
      case 'noise':
        if (frame.reason === 'cut-off') reply('nak');
        break;
    }
  }

  return {
    awaitingAck: () => flying !== undefined,
    say(saying) {
      if (waiting.length < mostWaiting) waiting.push(saying);
      takeOff();
    },
    receive(chunk) {
      cancelGap();
      for (const frame of deframer.push(chunk)) onFrame(frame);
      if (deframer.pending()) cancelGap = clock.after(t1, () => deframer.flush().forEach(onFrame));
    },
    reset() {
      cancelGap();
      cancelRepeat();
      waiting.length = 0;
      flying = undefined;
      repeatable = undefined;
      deframer.flush();
      wire.reset();
    },
  };
}
