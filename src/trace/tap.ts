import type { Deframer } from '../framing/frame.ts';
import type { Clock } from '../model/clock.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { deframerFor, readFrame } from './read-frame.ts';
import type { Side, WireFrame } from './wire-frame.ts';

export interface TapParts {
  readonly protocol: Protocol;
  readonly clock: Clock;
  /** On which opening of the line. */
  readonly epoch: number;
  /** Told of each frame, in the order in which they were whole. */
  frame(frame: WireFrame): void;
}

/** Reads along on a line that others use. */
export interface Tap {
  /** What one side said, cut as the system happened to cut it. */
  heard(from: Side, chunk: Uint8Array): void;
  /** The line has ended: what is not whole is told as it is. */
  end(): void;
}

/** What follows such a silence is not the rest of what came before it, where nothing else tells. */
const shortSilenceMs = 200;

export function createTap({ protocol, clock, epoch, frame: told }: TapParts): Tap {
  const sides = { till: side('till'), terminal: side('terminal') };

  function side(from: Side) {
    const deframer: Deframer = deframerFor(protocol, from);
    let cancel = () => {};

    function tell(frames: ReturnType<Deframer['push']>): void {
      for (const frame of frames)
        told(readFrame(protocol, frame, { at: clock.now(), epoch, from }));
    }

    const flush = () => tell(deframer.flush());

    return {
      heard(chunk: Uint8Array) {
        cancel();
        tell(deframer.push(chunk));
        const { interByteMs } = protocol.timing;
        const silence =
          deframer.lost?.() === true ? Math.min(interByteMs, shortSilenceMs) : interByteMs;
        if (deframer.pending()) cancel = clock.after(silence, flush);
      },
      end() {
        cancel();
        flush();
      },
    };
  }

  return {
    heard: (from, chunk) => sides[from].heard(chunk),
    end() {
      sides.till.end();
      sides.terminal.end();
    },
  };
}
