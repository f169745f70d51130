import type { Clock } from '../src/model/clock.ts';
import { TerminalError } from '../src/model/error.ts';
import type { MemoryLine, MemoryPeer } from '../src/transports/memory.ts';
import type { FaceName } from './faces.ts';
import type { MockPlug } from './mock-terminal.ts';

/** What is behind a plug that no simulated terminal is behind. */
export interface Behind {
  readonly protocol: FaceName;
  readonly clock: Clock;
  plugged(line: MemoryLine): MemoryPeer;
}

/** A plug that can be pulled for good. */
export interface ClosingPlug extends MockPlug {
  close(): void;
}

/**
 * A plug of a mock terminal with something else behind it, to be put on a pseudo-terminal or on TCP as a
 * mock terminal is.
 */
export function plugFor({ protocol, clock, plugged }: Behind): ClosingPlug {
  let open = true;
  let held: MemoryLine | undefined;

  function unplug(message = 'the terminal was unplugged'): void {
    open = false;
    const line = held;
    held = undefined;
    line?.unplug(message);
  }

  return {
    protocol,
    clock,
    get plugged() {
      return open;
    },
    plug(line) {
      if (!open) throw new TerminalError('no-such-device', 'none', 'The terminal is unplugged.');
      if (held !== undefined)
        throw new TerminalError('device-busy', 'none', 'Another till holds the terminal.');
      held = line;
      const peer = plugged({
        send: (chunk) => {
          if (held === line) line.send(chunk);
        },
        unplug(message) {
          if (held === line) held = undefined;
          line.unplug(message);
        },
      });
      return {
        data(chunk) {
          if (held === line) peer.data(chunk);
        },
        closed() {
          if (held !== line) return;
          held = undefined;
          peer.closed();
        },
      };
    },
    unplug,
    replug: () => {
      open = true;
    },
    close: () => unplug('the terminal was closed'),
  };
}
