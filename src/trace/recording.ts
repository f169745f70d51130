import type { Side, WireFrame } from './wire-frame.ts';

/** The first line of a recording. */
export interface RecordingHeader {
  readonly type: 'recording';
  readonly version: 1;
  /** The version of Tillwire that wrote it. */
  readonly tillwire: string;
  /** As it stands in an address: `zvt`, `profile`. */
  readonly protocol: string;
  /** The name in the profile, where the protocol is one of a file. */
  readonly profile?: string;
  /** `serial`, `tcp`, `hid` or `mock`: frames may depend on it. */
  readonly transport: string;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** What was done to the bytes. */
  readonly masked: string;
}

/** One frame of a recording; its bytes are masked as those of a {@link WireFrame}. */
export type RecordedFrame = Omit<WireFrame, 'fields'>;

export interface Recording {
  readonly header: RecordingHeader;
  readonly frames: readonly RecordedFrame[];
}

const masked =
  'Card numbers are replaced but for their last four digits, secrets altogether; checks were made anew.';

export const recordingHeader = (
  given: Pick<RecordingHeader, 'tillwire' | 'protocol' | 'profile' | 'transport' | 'startedAt'>,
): RecordingHeader => ({ type: 'recording', version: 1, ...given, masked });

/** A frame as a line of the file, without its line end. */
export function recordedLine({ at, epoch, from, name, hex, length, check }: WireFrame): string {
  const frame: RecordedFrame = {
    at,
    epoch,
    from,
    name,
    length,
    ...(check !== undefined && { check }),
    hex,
  };
  return JSON.stringify(frame);
}

const wrong = (line: number, what: string) =>
  new Error(`The recording's line ${line} makes no sense: ${what}.`);

function objectOf(text: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(line, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(line, 'it is no object');
  return Object.fromEntries(Object.entries(value));
}

function headerOf(text: string): RecordingHeader {
  const read = objectOf(text, 1);
  const { type, version, protocol, profile, transport } = read;
  if (type !== 'recording') throw wrong(1, 'it is not the header of a recording');
  if (version !== 1)
    throw wrong(1, `version must be 1, which is all this Tillwire reads; got ${String(version)}`);
  if (typeof protocol !== 'string') throw wrong(1, 'protocol must be a text');
  if (typeof transport !== 'string') throw wrong(1, 'transport must be a text');
  if (profile !== undefined && typeof profile !== 'string')
    throw wrong(1, 'profile must be a text');
  return {
    type,
    version,
    tillwire: String(read['tillwire']),
    protocol,
    ...(profile !== undefined && { profile }),
    transport,
    startedAt: String(read['startedAt']),
    masked: String(read['masked']),
  };
}

const isSide = (value: unknown): value is Side => value === 'till' || value === 'terminal';

function frameOf(text: string, line: number): RecordedFrame {
  const { at, epoch, from, name, length, check, hex } = objectOf(text, line);
  if (typeof at !== 'number' || !Number.isFinite(at)) throw wrong(line, 'at must be milliseconds');
  if (!isSide(from)) throw wrong(line, 'from must be till or terminal');
  if (typeof name !== 'string') throw wrong(line, 'name must be a text');
  if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})*$/i.test(hex))
    throw wrong(line, 'hex must be bytes in hexadecimal digits');
  if (check !== undefined && check !== 'good' && check !== 'bad')
    throw wrong(line, 'check must be good or bad');
  return {
    at,
    epoch: typeof epoch === 'number' ? epoch : 1,
    from,
    name,
    hex,
    length: typeof length === 'number' ? length : hex.length / 2,
    ...(check !== undefined && { check }),
  };
}

/**
 * Reads a recording. A last line without its line end, of a program that was killed while it wrote, is left
 * out.
 * @throws {Error} naming the line and what is wrong with it
 */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n').slice(0, -1);
  const [first, ...rest] = lines;
  if (first === undefined) throw new Error('The recording is empty.');
  return { header: headerOf(first), frames: rest.map((line, at) => frameOf(line, at + 2)) };
}
