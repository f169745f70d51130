import type { Clock } from '../src/model/clock.ts';
import type { BehaviourStack } from './behaviours.ts';
import type { Request } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';
import type { Wire } from './wire.ts';

/** What a face is set into. */
export interface Setting {
  readonly clock: Clock;
  readonly terminal: SimulatedTerminal;
  readonly behaviours: BehaviourStack;
  readonly wire: Wire;
  /** What the plug leads to: where it decides how frames are made. */
  readonly transport: 'serial' | 'tcp';
  /** The text of the profile that it speaks, where that is no protocol of its own. */
  readonly profile?: string;
  /** From the acknowledgement to the next thing the terminal says, in milliseconds. */
  readonly thinkMs: number;
  /** Told of each request that could be read, before anything is done about it. */
  received(request: Request): void;
}

/**
 * One terminal protocol, seen from the terminal: bytes of the till in, bytes for the till through the
 * wire. Nothing on the line makes it throw, and its memory is bounded.
 */
export interface Face {
  receive(chunk: Uint8Array): void;
  /** Power loss: it forgets in the middle of the word. */
  reset(): void;
  /** The till's connection has ended. On TCP a terminal sees that; at a serial line it cannot. */
  hungUp?(): void;
}
