import type { Frame } from '../framing/frame.ts';
import type { StrayReason } from '../protocols/exchange.ts';
import type { Protocol } from '../protocols/protocol.ts';

/**
 * Something on the line that belongs to no command. `stale`: an answer to something else, for example
 * one that came after the till had given up. `duplicate`: the answer we had already. `noise`,
 * `bad-check`: bytes that must not be believed.
 */
export interface Unsolicited {
  readonly at: number;
  readonly reason: StrayReason | 'noise' | 'bad-check';
  /** How many bytes it was. */
  readonly bytes: number;
  /** What it says, when its check agrees; card numbers reduced to their last four digits. */
  readonly code?: string;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export function describeStray(
  frame: Frame,
  reason: Unsolicited['reason'],
  at: number,
  protocol: Protocol,
): Unsolicited {
  const bytes = frame.kind === 'control' ? 1 : frame.bytes.length;
  if (frame.kind !== 'frame' || frame.check === 'bad') return { at, reason, bytes };
  return { at, reason, bytes, ...protocol.describe(frame.data, 'terminal') };
}
