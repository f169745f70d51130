import { type Clock, systemClock } from '../src/model/clock.ts';
import { parseRecording, type RecordedFrame, type Recording } from '../src/trace/recording.ts';
import { createTap } from '../src/trace/tap.ts';
import type { MemoryLine } from '../src/transports/memory.ts';
import { isFaceName } from './faces.ts';
import { protocolOfRecording } from './replay-protocol.ts';
import { type ClosingPlug, plugFor } from './replay-shell.ts';

export interface ReplayOptions {
  readonly clock?: Clock;
  /** For a recording of the protocol `profile`: the text of the file that describes the terminal. */
  readonly profile?: string;
  /** Told once when the till says something else than in the recording. */
  readonly onMismatch?: (mismatch: Mismatch) => void;
}

/** Where a till has left the recording. */
export interface Mismatch {
  /** Which frame of the till, counted from 1. */
  readonly position: number;
  /** What the till said in the recording; nothing when that was all. */
  readonly expected: string | undefined;
  readonly came: string;
  /** The same for people. */
  readonly message: string;
}

/** A terminal that says what another one said, and nothing else. */
export interface ReplayedTerminal extends ClosingPlug {
  /** As it stands in an address. */
  readonly spoken: string;
  /** Everything that the terminal said has been said, and everything that the till said was heard. */
  readonly finished: boolean;
  readonly mismatch: Mismatch | undefined;
}

/** Something that the terminal said, once the till had said `behind` frames; `gapMs` after what was before it. */
interface Saying {
  readonly behind: number;
  readonly gapMs: number;
  readonly bytes: Uint8Array;
}

function sayingsOf(frames: readonly RecordedFrame[]): readonly Saying[] {
  let behind = 0;
  return frames.flatMap(({ from, at, hex, length }, index): Saying[] => {
    if (from === 'till') {
      behind++;
      return [];
    }
    if (hex === '' && length > 0)
      throw new Error(
        `The recording cannot be replayed: frame ${index + 1}, of the terminal, has no bytes in it.`,
      );
    const gapMs = Math.max(0, at - (frames[index - 1]?.at ?? at));
    return [{ behind, gapMs, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) }];
  });
}

/** Shortly after the last word on a connection, in milliseconds. */
const hangUpMs = 20;

/** How much had been said by both sides at the end of each connection but the last. */
function endsOf(frames: readonly RecordedFrame[]): ReadonlySet<string> {
  const ends = new Set<string>();
  const count = { till: 0, terminal: 0 };
  for (const [index, { from, epoch }] of frames.entries()) {
    count[from]++;
    const next = frames[index + 1];
    if (next !== undefined && next.epoch !== epoch) ends.add(`${count.till} ${count.terminal}`);
  }
  return ends;
}

/**
 * A terminal that answers as in a recording. It waits for each frame of the till, in their order and by their
 * names, whatever stands in them; and says what the terminal said then, after the same time. When the till
 * says something else, it says so and stays silent from then on.
 *
 * @param recording The text of the file, or what `parseRecording` made of it.
 * @throws {Error} for a recording that makes no sense or is of a protocol that is not known.
 */
export async function replayTerminal(
  recording: string | Recording,
  { clock = systemClock, profile, onMismatch }: ReplayOptions = {},
): Promise<ReplayedTerminal> {
  const { header, frames } = typeof recording === 'string' ? parseRecording(recording) : recording;
  const protocol = await protocolOfRecording(header, profile);
  const expected = frames.filter(({ from }) => from === 'till').map(({ name }) => name);
  const sayings = sayingsOf(frames);
  // A serial line does not end because one side has had enough of it.
  const ends = ['serial', 'hid'].includes(header.transport) ? new Set() : endsOf(frames);
  let heard = 0;
  let said = 0;
  let line: MemoryLine | undefined;
  let mismatch: Mismatch | undefined;
  let waiting = false;
  let cancel = () => {};
  let cancelHangUp = () => {};

  function say({ bytes }: Saying): void {
    said++;
    // What nobody is there for is lost, as on the real line.
    line?.send(bytes);
    hangUp();
  }

  /** Where the recording goes on with another connection, this one ends, if the till has not ended it. */
  function hangUp(): void {
    if (!ends.has(`${heard} ${said}`)) return;
    const ended = line;
    cancelHangUp = clock.after(hangUpMs, () => {
      if (line !== ended) return;
      line = undefined;
      ended?.unplug('the terminal closed the connection');
    });
  }

  function goOn(): void {
    while (!waiting && mismatch === undefined) {
      const next = sayings[said];
      if (next === undefined || next.behind > heard) return;
      if (next.gapMs === 0) {
        say(next);
        continue;
      }
      waiting = true;
      cancel = clock.after(next.gapMs, () => {
        waiting = false;
        say(next);
        goOn();
      });
    }
  }

  function take(came: string): void {
    if (mismatch !== undefined) return;
    const wanted = expected[heard];
    if (wanted === came) {
      heard++;
      hangUp();
      goOn();
      return;
    }
    const position = heard + 1;
    const then = wanted === undefined ? 'nothing more was expected' : `expected was "${wanted}"`;
    const message = `The till's frame ${position} is not as recorded: ${then}, and "${came}" came. The terminal is silent from now on.`;
    mismatch = { position, expected: wanted, came, message };
    cancel();
    onMismatch?.(mismatch);
  }

  const shell = plugFor({
    protocol: isFaceName(header.protocol) ? header.protocol : 'profile',
    clock,
    plugged(plugged) {
      line = plugged;
      const tap = createTap({ protocol, clock, epoch: 1, frame: ({ name }) => take(name) });
      goOn();
      return {
        data: (chunk) => tap.heard('till', chunk),
        closed() {
          tap.end();
          if (line === plugged) line = undefined;
        },
      };
    },
  });

  return {
    ...shell,
    spoken: header.protocol,
    get plugged() {
      return shell.plugged;
    },
    get finished() {
      return mismatch === undefined && heard === expected.length && said === sayings.length;
    },
    get mismatch() {
      return mismatch;
    },
    close() {
      cancel();
      cancelHangUp();
      shell.close();
    },
  };
}
