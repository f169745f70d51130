import type { MemoryPeer } from '../../../src/transports/memory.ts';
import { sleep } from '../runner/wait.ts';
import type { Cable } from './mock-rig.ts';

/** The terminal's end of a serial cable. */
export interface SerialPlug {
  /** Plugs in; resolves when the till's system shows the port. `onData`: bytes from the till. */
  push(onData: (bytes: Uint8Array) => void): Promise<void>;
  /** Pulls; resolves when the port is gone from there. */
  pull(): Promise<void>;
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Bytes written right before the plug is pulled are under way for a moment. */
const underWayMs = 40;

export function serialCable(plug: SerialPlug): Cable {
  let pulled: Promise<void> = Promise.resolve();
  return {
    async plugIn(mock) {
      let peer: MemoryPeer | undefined;
      await plug.push((bytes) => peer?.data(bytes));
      peer = mock.plug({
        send: (bytes) => plug.send(bytes),
        unplug: () => {
          peer = undefined;
          pulled = sleep(underWayMs).then(() => plug.pull());
        },
      });
    },
    gone: () => pulled,
    close: () => plug.close(),
  };
}
