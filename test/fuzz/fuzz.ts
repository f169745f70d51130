import type { Frame } from '../../src/framing/frame.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import type { Exchange, Input } from '../../src/protocols/exchange.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { createRandom, type Random } from '../simulation/random.ts';
import { nextBytes } from './mutate.ts';
import type { Target } from './targets.ts';

export interface Findings {
  readonly bytes: number;
  /** Frames whose check agreed, and those that ended an exchange. */
  readonly frames: number;
  readonly answers: number;
  /** The most that a deframer held back of what it was given, in bytes. */
  readonly mostHeld: number;
}

/** The longest frame of any protocol here, and a chunk: ZVT's extended lengths, PrivatBank's receipts. */
const longestHeld = 262_144 + 4_096;

const sizeOf = (frame: Frame): number =>
  frame.kind === 'control' ? (frame.bytes?.length ?? 1) : frame.bytes.length;

function sale(protocol: Protocol): Transaction {
  return {
    kind: 'purchase',
    state: 'approved',
    amount: { amount: 1_500, currency: protocol.currency },
    operationNumber: '1',
    receiptNumber: '1',
    trace: '1',
    authorisationCode: '123456',
  };
}

/** Every exchange that the protocol has; one that it refuses is none. */
function exchanges(protocol: Protocol): Exchange<unknown>[] {
  const amount = { amount: 1_500, currency: protocol.currency };
  const made: (Exchange<unknown> | undefined)[] = [
    protocol.greeting?.(),
    protocol.synchronise(),
    protocol.history(),
    protocol.status(),
    ...(protocol.capabilities.commands.includes('purchase')
      ? [
          protocol.lastTransaction(),
          protocol.totals(),
          protocol.settle(),
          protocol.purchase({ amount, ticket: '1' }),
          protocol.void(sale(protocol)),
          protocol.refund?.({ amount }),
        ]
      : []),
  ];
  return made.filter((exchange) => exchange !== undefined);
}

/** One exchange after the other, fed with whatever comes. */
function createListener(protocol: Protocol, random: Random) {
  const all = exchanges(protocol);
  let exchange = random.pick(all);
  let state = exchange.initial;
  let answers = 0;

  function feed(input: Input): void {
    const step = exchange.step(state, input);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type !== 'done' && effect.type !== 'failed') continue;
      if (effect.type === 'done') answers++;
      exchange = random.pick(all);
      state = exchange.initial;
      feed({ type: 'start', previousAnswer: undefined });
      return;
    }
  }
  feed({ type: 'start', previousAnswer: undefined });
  return {
    feed,
    get answers() {
      return answers;
    },
  };
}

/**
 * Feeds a protocol with so many bytes, of its own messages, mutated, and of noise, in chunks of any size.
 * @throws {Error} when something throws, holds back more than its longest frame, or lets a bad check pass
 */
export async function fuzz(target: Target, seed: number, bytes: number): Promise<Findings> {
  const protocol = await target.load();
  const random = createRandom(seed);
  const deframer = protocol.deframer();
  const listener = createListener(protocol, random);
  let [given, reported, frames, mostHeld] = [0, 0, 0, 0];

  function take(frame: Frame): void {
    reported += sizeOf(frame);
    if (frame.kind === 'frame' && frame.check === 'ok') {
      frames++;
      if (!target.sound(frame)) throw new Error(`A bad check passed: ${frame.bytes.toString()}`);
      protocol.describe(
        frame.data,
        random.chance(0.2) ? undefined : random.pick(['till', 'terminal'] as const),
      );
    }
    protocol.idle(frame, undefined);
    listener.feed({ type: 'frame', frame });
  }

  while (given < bytes) {
    const wire = nextBytes(target.corpus, random);
    for (let at = 0; at < wire.length; ) {
      const end = at + 1 + random.int(random.chance(0.3) ? 2 : 64);
      const chunk = wire.subarray(at, end);
      given += chunk.length;
      for (const frame of deframer.push(chunk)) take(frame);
      at = end;
    }
    // What is skipped in silence, such as empty frames, is not held.
    if (!deframer.pending()) reported = given;
    mostHeld = Math.max(mostHeld, given - reported);
    if (mostHeld > longestHeld) throw new Error(`It holds ${mostHeld} bytes.`);
    if (random.chance(0.02)) {
      for (const frame of deframer.flush()) take(frame);
      reported = given;
    }
    if (random.chance(0.05)) listener.feed({ type: random.pick(['timeout', 'cancel'] as const) });
  }
  return { bytes: given, frames, answers: listener.answers, mostHeld };
}
