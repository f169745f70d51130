import { openPty, openTcp } from '../../mocks/index.ts';
import { plugFor } from '../../mocks/replay-shell.ts';
import { systemClock } from '../model/clock.ts';
import { recordingHeader } from '../trace/recording.ts';
import { createTap, type Tap } from '../trace/tap.ts';
import type { Side, WireFrame } from '../trace/wire-frame.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import { type Target, type TargetRequest, targetOf } from './monitor-target.ts';
import { frameInWords } from './monitor-words.ts';
import { type Output, printable } from './output.ts';
import { type PassThrough, throughEach, throughOne, type Watcher } from './pass-through.ts';
import { createRecordFile } from './record-file.ts';
import { hostAndPort, isLoopback } from './values.ts';

export interface MonitorRequest extends TargetRequest {
  /** Where the till's port is made. */
  readonly through?: string;
  /** Where the till connects to. */
  readonly listen?: string;
  readonly wide?: true;
  readonly record?: string;
}

/** How a monitor ends, and which Tillwire it is. */
export interface MonitorSurroundings {
  readonly version: string;
  /** Resolves when it is to end. */
  readonly stop: Promise<unknown>;
}

/** The till's side: what to open in the terminal's place. */
interface TillSide {
  readonly where: string;
  readonly json: object;
  close(): Promise<void>;
}

/** What a till has not read when its port goes is thrown away by the kernel. In milliseconds. */
const lastReadMs = 50;

/** Tells of what passed in a turn of its own, so that nothing waits for the words. */
function aside(take: (from: Side, chunk: Uint8Array) => void) {
  let waiting: (readonly [Side, Uint8Array])[] = [];
  function flush(): void {
    const passed = waiting;
    waiting = [];
    for (const [from, chunk] of passed) take(from, chunk);
  }
  return {
    flush,
    passed(from: Side, chunk: Uint8Array): void {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push([from, chunk.slice()]);
    },
  };
}

/**
 * Shows what crosses the line between a till and its terminal until it is interrupted or the line ends:
 * through a port of its own, or by only listening. Never changes a byte.
 */
export async function monitor(
  address: string,
  request: MonitorRequest,
  output: Output,
  { version, stop }: MonitorSurroundings,
): Promise<ExitStatus> {
  const { through, listen, record } = request;
  if (through !== undefined && listen !== undefined)
    throw new UsageError('Give one of --through and --listen.');
  const place = listen === undefined ? undefined : placeOf(listen, request.wide === true);
  const target = await targetOf(address, request);
  const { named, protocol, over, transport } = target;
  const file =
    record === undefined
      ? undefined
      : createRecordFile(
          record,
          recordingHeader({
            tillwire: version,
            protocol: named,
            ...(named !== protocol.name && { profile: protocol.name }),
            transport: over,
            startedAt: new Date().toISOString(),
          }),
        );

  function show(frame: WireFrame): void {
    file?.write(frame);
    output.line(printable(frameInWords(frame)), { type: 'frame', ...frame });
  }

  let tap: Tap | undefined;
  const later = aside((from, chunk) => tap?.heard(from, chunk));
  let lineEnded = (_message: string): void => {};
  const gone = new Promise<string>((resolve) => {
    lineEnded = resolve;
  });

  function finish(): void {
    later.flush();
    tap?.end();
    tap = undefined;
  }

  const each = listen !== undefined && over === 'tcp';
  const watcher: Watcher = {
    opened(epoch) {
      finish();
      tap = createTap({ protocol, clock: systemClock, epoch, frame: show });
    },
    passed: later.passed,
    ended(message) {
      finish();
      if (each) output.line(message, { type: 'disconnected', message });
      else lineEnded(message);
    },
  };

  let passing: PassThrough | undefined;
  let till: TillSide | undefined;
  try {
    passing = each ? throughEach(transport, watcher) : await throughOne(transport, watcher);
    till = await openTillSide(passing, through, place);
    announce(target, till, output);
    const message = await Promise.race([gone, stop.then(() => undefined)]);
    // What the terminal said last is still read by the till, and what the till said last still leaves.
    if (till !== undefined)
      await new Promise<void>((resolve) => systemClock.after(lastReadMs, resolve));
    await till?.close();
    await passing.close();
    finish();
    const why = message ?? 'Interrupted.';
    output.line(why, {
      type: 'ended',
      why: message === undefined ? 'interrupted' : 'lost',
      message: why,
    });
    return exit.done;
  } finally {
    await till?.close();
    await passing?.close();
    file?.close();
  }
}

function placeOf(listen: string, wide: boolean): { host: string; port: number } {
  const place = hostAndPort('--listen', listen);
  if (wide || isLoopback(place.host)) return place;
  throw new UsageError(
    `Anybody who reaches ${place.host} could use the terminal; --listen takes loopback addresses only. --wide allows any address.`,
  );
}

async function openTillSide(
  { plugged }: PassThrough,
  through: string | undefined,
  place: { host: string; port: number } | undefined,
): Promise<TillSide | undefined> {
  // Only the plug is used: there is no terminal of ours behind it.
  const plug = plugFor({ protocol: 'profile', clock: systemClock, plugged });
  try {
    if (place !== undefined) {
      const tcp = await openTcp(plug, { ...place, wide: true });
      return {
        where: tcp.where.slice(2),
        json: { host: tcp.host, port: tcp.port },
        close: () => tcp.close(),
      };
    }
    if (through === undefined) return undefined;
    const pty = await openPty(plug, { link: through });
    return { where: pty.path, json: { path: pty.path }, close: () => pty.close() };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function announce({ named, transport }: Target, till: TillSide | undefined, output: Output): void {
  const listening = { type: 'listening', protocol: named, terminal: transport.name };
  if (till === undefined) {
    output.line(`Listening on ${transport.name}; nothing is written to it.`, listening);
  } else {
    output.line(`The till's port is ${till.where}; it leads to ${transport.name}.`, {
      ...listening,
      ...till.json,
    });
  }
  output.note('Interrupt to stop.');
}
