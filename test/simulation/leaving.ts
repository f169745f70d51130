import { createHash } from 'node:crypto';
import { fromLatin1 } from '../../src/framing/bytes.ts';
import type { Entry } from '../../src/journal/journal.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { Target } from '../../src/model/transaction.ts';
import { type Call, inWords } from './call.ts';
import type { Disk, DiskRecord } from './durable-journal.ts';
import type { Family, MoneyRequest } from './family.ts';
import { countWord } from './line.ts';
import type { Process } from './process.ts';
import type { Invariant } from './violation.ts';

/** A money frame that left the till. */
export interface Left {
  readonly at: number;
  readonly call: Call;
  readonly key: string | undefined;
  readonly kind: MoneyRequest;
  readonly asked: Target | undefined;
}

interface LeavingParts {
  readonly family: Family;
  readonly disk: Disk;
  /** All that were started, the oldest first. */
  readonly calls: readonly Call[];
  now(): number;
  violated(invariant: Invariant, text: string): void;
}

/** Watches what leaves the till: I4, I5, I6, I8, I15. */
export interface Leaving {
  /** The money frames so far. */
  readonly left: readonly Left[];
  writes(process: Process, epoch: number, bytes: Uint8Array): void;
  hears(process: Process, bytes: Uint8Array): void;
}

export function createLeaving({ family, disk, calls, now, violated }: LeavingParts): Leaving {
  const left: Left[] = [];
  const framesOfMark = new Map<Entry, number>();
  /** The NAKs that a process has heard and not yet followed with a money frame. */
  const refusals = new Map<Process, number>();

  const running = (process: Process): Call[] =>
    calls.filter((call) => call.process === process && call.ending === undefined);

  function callOf(process: Process, key: string): Call | undefined {
    return running(process).find((call) => call.key === key);
  }

  /** I5, I6, I4: the mark under which a money frame leaves. */
  function markOf(process: Process, epoch: number, bytes: Uint8Array): DiskRecord | undefined {
    const digest = createHash('sha256')
      .update(family.asMarked?.(bytes) ?? bytes)
      .digest('hex');
    const open = [...disk.records.values()].filter(({ entries }) => standingOf(entries) === 'open');
    const marked = open.find(({ entries }) => {
      const mark = entries.findLast(({ type }) => type === 'sent' || type === 'not-sent');
      return mark?.type === 'sent' && mark.digest === digest;
    });
    if (marked === undefined) {
      violated(
        'I5',
        `a money frame left without a durable mark: ${fromLatin1(bytes.slice(1, -2))}`,
      );
      return undefined;
    }
    const at = marked.entries.findLastIndex(({ type }) => type === 'sent');
    const mark = marked.entries[at];
    if (mark?.type === 'sent') {
      if (mark.epoch !== epoch || marked.writers[at] !== process.name)
        violated('I6', `${marked.intent.key} was marked for another connection than it left on`);
      const frames = (framesOfMark.get(mark) ?? 0) + 1;
      framesOfMark.set(mark, frames);
      const naks = frames === 1 ? 0 : (refusals.get(process) ?? 0) - 1;
      if (naks < 0)
        violated('I6', `${marked.intent.key} was sent again, and the terminal had not said NAK`);
      refusals.set(process, naks);
      if (frames > family.mostFrames) violated('I6', `${marked.intent.key} left ${frames} times`);
    }
    const others = open.filter((record) => record !== marked);
    if (others.length > 0)
      violated(
        'I4',
        `${marked.intent.key} left while ${others.map(({ intent }) => intent.key).join(', ')} was in doubt`,
      );
    return marked;
  }

  function alone(call: Call): void {
    const other = calls.find(
      (one) =>
        one !== call &&
        one.frames > 0 &&
        one.ending === undefined &&
        one.watched &&
        one.process.alive(),
    );
    if (other !== undefined)
      violated('I8', `${inWords(call)} sent while ${inWords(other)} was in flight`);
  }

  function writes(process: Process, epoch: number, bytes: Uint8Array): void {
    const kind = family.moneyRequest(bytes);
    if (kind === undefined) return;
    if (kind === 'settle') {
      const call = running(process).find((one) => one.kind === 'settle');
      if (call === undefined) {
        violated('I15', 'a settlement left that no command asked for');
        return;
      }
      alone(call);
      call.frames++;
      left.push({ at: now(), call, key: undefined, kind, asked: undefined });
      return;
    }
    const record = markOf(process, epoch, bytes);
    const key = record?.intent.key;
    const call = key === undefined ? undefined : callOf(process, key);
    if (record === undefined || key === undefined) return;
    if (call === undefined) {
      violated('I15', `a frame of ${key} left that no command asked for`);
      return;
    }
    alone(call);
    call.frames++;
    const mark = record.entries.findLast((entry) => entry.type === 'sent');
    left.push({ at: now(), call, key, kind, asked: mark?.asked });
  }

  return {
    left,
    writes,
    hears(process, bytes) {
      const naks = family.wire.nak === undefined ? 0 : countWord(bytes, family.wire.nak);
      if (naks > 0) refusals.set(process, (refusals.get(process) ?? 0) + naks);
    },
  };
}
