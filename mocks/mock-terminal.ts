import { type Clock, systemClock } from '../src/model/clock.ts';
import { TerminalError } from '../src/model/error.ts';
import type { MemoryLine, MemoryPeer } from '../src/transports/memory.ts';
import { type Behaviour, type Bench, createBehaviourStack } from './behaviours.ts';
import { type FaceName, faces } from './faces.ts';
import { parseFault } from './faults.ts';
import type { Request } from './messages.ts';
import {
  createSimulatedTerminal,
  type EarlierSale,
  type SimulatedTerminal,
} from './simulated-terminal.ts';
import { createWire } from './wire.ts';

export interface MockTerminalOptions {
  readonly protocol: FaceName;
  readonly clock?: Clock;
  /** What the plug leads to, where the protocol has a framing for each. Default `tcp`. */
  readonly transport?: 'serial' | 'tcp';
  /** For the protocol `profile`: the text of the file that describes the terminal, YAML or JSON. */
  readonly profile?: string;
  /**
   * From the acknowledgement to the next thing the terminal says, and between two things it says, in
   * milliseconds. Default 20. The official Node SDK needs more than 100: it knows a frame by the gap
   * behind it.
   */
  readonly thinkMs?: number;
  /** Faults by name, `NAME[-once][@COMMAND][=ARGUMENT]`; installed before `sales` are made. */
  readonly faults?: readonly string[];
  /** Sales that the terminal has made already. */
  readonly sales?: readonly EarlierSale[];
  /** The operation number of the first sale. Default 1. */
  readonly firstOperationNumber?: number;
  /** How long a power loss takes, in milliseconds. Default 3 000. */
  readonly bootMs?: number;
}

/** Bytes as they passed through the terminal's plug. */
export interface TranscriptEntry {
  readonly at: number;
  readonly from: 'till' | 'terminal';
  readonly bytes: Uint8Array;
}

/** A simulated terminal that speaks one protocol, with a plug for a till. */
export interface MockTerminal {
  readonly protocol: FaceName;
  readonly clock: Clock;
  /** The terminal behind the protocol: its memory, its customers, its ledger of truth. */
  readonly terminal: SimulatedTerminal;
  /** The requests it could read, oldest first; the last 1 000. */
  readonly received: readonly Request[];
  /** The chunks that went through the plug, oldest first; the last 1 000. */
  readonly transcript: readonly TranscriptEntry[];
  readonly plugged: boolean;

  /** Puts a behaviour on top of the others; the returned function takes it off. */
  use(behaviour: Behaviour): () => void;
  /**
   * Installs a fault: `fault('bad-lrc-once@void')`, `fault('late-answer', 12_000)`. The returned
   * function takes it off.
   *
   * @throws {Error} for an unknown fault or a bad argument.
   */
  fault(text: string, argument?: string | number): () => void;
  /**
   * Connects a till's line; the peer takes what the till sends. One at a time, as on a real port.
   *
   * @throws {TerminalError} `no-such-device` while unplugged, `device-busy` while another line is on.
   */
  plug(line: MemoryLine): MemoryPeer;
  /** Pulls the plug: the till's connection is lost and opening fails. The terminal itself goes on. */
  unplug(message?: string): void;
  replug(): void;
  /** Ends it for good: pulls the plug and stops every timer. */
  close(): void;
}

/** What puts a mock terminal on a line: its plug, and nothing of what is behind it. */
export type MockPlug = Pick<
  MockTerminal,
  'protocol' | 'clock' | 'plug' | 'plugged' | 'unplug' | 'replug'
>;

const kept = 1_000;

function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > kept) list.shift();
}

/**
 * Makes a mock terminal.
 *
 * Everything it says is a plan of timed writes on the given clock: with a clock of your own a test is
 * deterministic to the byte.
 *
 * @throws {Error} for an unknown fault or a bad argument of one.
 */
export function createMockTerminal(options: MockTerminalOptions): MockTerminal {
  const { protocol, clock = systemClock, thinkMs = 20, transport = 'tcp' } = options;
  const received: Request[] = [];
  const transcript: TranscriptEntry[] = [];

  const pass = (from: TranscriptEntry['from'], bytes: Uint8Array) =>
    keep(transcript, { at: clock.now(), from, bytes: bytes.slice() });

  const wire = createWire(clock, (bytes) => pass('terminal', bytes));
  const terminal = createSimulatedTerminal({
    clock,
    ...(options.firstOperationNumber !== undefined && {
      firstOperationNumber: options.firstOperationNumber,
    }),
    ...(options.bootMs !== undefined && { bootMs: options.bootMs }),
    onPowerLoss: () => face.reset(),
  });

  function endLine(message: string): void {
    wire.unplug(message);
    face.hungUp?.();
  }

  function unplug(message = 'the terminal was unplugged'): void {
    mock.plugged = false;
    endLine(message);
  }

  const bench: Bench = {
    clock,
    terminal,
    unplug: () => unplug(),
    put: wire.put,
    hangUp: () => endLine('the terminal closed the connection'),
  };
  const behaviours = createBehaviourStack(bench);
  const face = faces[protocol]({
    clock,
    terminal,
    behaviours,
    wire,
    transport,
    thinkMs,
    ...(options.profile !== undefined && { profile: options.profile }),
    received: (request) => keep(received, request),
  });

  function fault(text: string, argument?: string | number): () => void {
    return behaviours.use(parseFault(argument === undefined ? text : `${text}=${argument}`));
  }

  const mock: MockTerminal & { plugged: boolean } = {
    protocol,
    clock,
    terminal,
    received,
    transcript,
    plugged: true,
    use: behaviours.use,
    fault,
    plug(line) {
      if (!mock.plugged)
        throw new TerminalError('no-such-device', 'none', 'The mock terminal is unplugged.');
      if (wire.attached())
        throw new TerminalError('device-busy', 'none', 'Another till holds the mock terminal.');
      wire.attach(line);
      return {
        data(chunk) {
          if (!wire.attached(line)) return;
          pass('till', chunk);
          face.receive(chunk);
        },
        closed() {
          const ours = wire.attached(line);
          wire.detach(line);
          if (ours) face.hungUp?.();
        },
      };
    },
    unplug,
    replug: () => {
      mock.plugged = true;
    },
    close() {
      unplug('the mock terminal was closed');
      face.reset();
    },
  };
  for (const text of options.faults ?? []) fault(text);
  for (const sale of options.sales ?? []) terminal.remember(sale);
  return mock;
}
