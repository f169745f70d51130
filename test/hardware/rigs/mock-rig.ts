import {
  type Behaviour,
  createMockTerminal,
  type MockTerminal,
  type TranscriptEntry,
} from '../../../mocks/index.ts';
import { quickClock } from '../runner/quick-clock.ts';
import type { Rig } from './rig.ts';

/** A real cable, of one kind or another, with room for a mock terminal at its end. */
export interface Cable {
  /** Plugs the terminal in; resolves when the till's system shows the device. */
  plugIn(mock: MockTerminal): Promise<void>;
  /** Resolves when the till's system does not show it any more, after the terminal was unplugged. */
  gone(): Promise<void>;
  close(): Promise<void>;
}

/** Puts mock terminals at the end of a real cable. */
export function mockRig(cable: Cable, address: string): Rig {
  let mock: MockTerminal | undefined;
  const present = (): MockTerminal => {
    if (mock === undefined) throw new Error('There is no terminal on the cable yet.');
    return mock;
  };
  async function unplug(): Promise<void> {
    mock?.unplug();
    await cable.gone();
  }

  return {
    address,
    async fresh({ sales = [] } = {}) {
      await unplug();
      mock?.close();
      mock = createMockTerminal({
        protocol: 'transbank',
        clock: quickClock(10),
        thinkMs: 50,
        sales,
      });
      await cable.plugIn(mock);
    },
    unplug,
    async replug() {
      if (present().plugged) throw new Error('The plug is in.');
      await cable.gone();
      present().replug();
      await cable.plugIn(present());
    },
    async fault(text) {
      present().fault(text);
    },
    async cutAfter(bytes) {
      present().use(cutting(bytes));
    },
    async seen() {
      const { terminal, received, transcript } = present();
      return {
        ledger: terminal.ledger.map(({ kind }) => kind),
        received: received.map(({ code }) => code),
        fromTill: bytesFrom('till', transcript),
        fromTerminal: bytesFrom('terminal', transcript),
      };
    },
    async close() {
      await unplug();
      mock?.close();
      await cable.close();
    },
  };
}

/** Lets so many bytes of the till through, and then it is unplugged. */
function cutting(bytes: number): Behaviour {
  let left = bytes;
  return {
    receive(heard, next, bench) {
      if (left <= 0) return next();
      const through = heard.bytes.subarray(0, left);
      left -= heard.bytes.length;
      if (left <= 0) bench.unplug();
      return next({ ...heard, bytes: through });
    },
  };
}

const bytesFrom = (side: TranscriptEntry['from'], transcript: readonly TranscriptEntry[]): number =>
  transcript.filter(({ from }) => from === side).reduce((sum, { bytes }) => sum + bytes.length, 0);
