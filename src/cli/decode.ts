import { toHex } from '../framing/bytes.ts';
import type { Frame } from '../framing/frame.ts';
import { maskCardBytes } from '../model/mask.ts';
import { isBuiltinProfile } from '../profiles/names.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { type ProtocolSetup, plainSetup, protocols } from '../protocols/table.ts';
import { unpackReports } from './decode-reports.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';

export interface DecodeRequest {
  readonly from?: 'till' | 'terminal';
  readonly framing: string;
  /** `hid`: how the stream is cut into reports, where the protocol has no packing of its own. */
  readonly packing?: string;
  /** `hid`: bytes of a report behind its id, where they are not those of the packing. */
  readonly reportSize?: string;
  /** A file that describes the terminal; then the first argument is bytes too. */
  readonly profile?: string;
}

/** Prints one JSON object for each frame, control byte and piece of noise in the given bytes. */
export async function decode(
  name: string | undefined,
  more: readonly string[],
  request: DecodeRequest,
  output: Output,
): Promise<ExitStatus> {
  const { from, framing, profile } = request;
  const own = profile !== undefined;
  const hex = own && name !== undefined ? [name, ...more] : more;
  const protocol = await protocolFor(profile, name, {
    ...plainSetup,
    transport: framing,
  });
  const bytes = parseHex(hex.length > 0 ? hex.join('') : await readStdin());
  const pieces =
    framing === 'hid' ? unpackReports(bytes, { ...request, protocol: protocol.name }) : [bytes];
  const deframer = protocol.deframer();
  const tell = (json: object): void => output.line(JSON.stringify(json), json);
  const tellAll = (frames: readonly Frame[]): void => {
    for (const frame of frames) tell(frameAsJson(protocol, frame, from));
  };
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      tellAll(deframer.push(piece));
      continue;
    }
    // What is behind a gap is not the rest of what was before it.
    if (piece.kind === 'gap') tellAll(deframer.flush());
    tell(piece);
  }
  tellAll(deframer.flush());
  return exit.done;
}

/** A profile is read without the settings that only its requests need. */
async function protocolFor(
  file: string | undefined,
  name: string | undefined,
  setup: ProtocolSetup,
): Promise<Protocol> {
  if (file !== undefined || (name !== undefined && isBuiltinProfile(name))) {
    const [{ profilePath }, { protocolToRead }] = await Promise.all([
      import('../profiles/builtin.ts'),
      import('../profiles/load.ts'),
    ]);
    return protocolToRead(profilePath(file ?? name ?? ''));
  }
  if (name === 'profile') throw new UsageError('Say which profile, with --profile FILE.');
  const entry = name === undefined ? undefined : protocols.get(name);
  if (entry !== undefined) return entry.load(setup);
  throw new UsageError(
    name === undefined
      ? 'Give a protocol, or --profile FILE.'
      : `Unknown protocol ${JSON.stringify(name)}; known: ${[...protocols.keys()].join(', ')}.`,
  );
}

/** Hex digits; blanks, colons, commas, dashes and `0x` between bytes are fine. */
export function parseHex(text: string): Uint8Array {
  const digits = text.replace(/0x/gi, '').replace(/[\s:,-]/g, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong !== null) throw new UsageError(`HEX holds ${JSON.stringify(wrong[0])}, no hex digit.`);
  if (digits.length % 2 !== 0)
    throw new UsageError(`HEX has ${digits.length} digits; two are needed for each byte.`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

type Line =
  | { kind: 'control'; name: string }
  | { kind: 'noise'; hex: string; reason: string }
  | { kind: 'frame'; check: 'ok'; code: string; name: string; fields: object }
  | {
      kind: 'frame';
      check: 'bad';
      expected: string;
      received: string;
      code: string;
      name: string;
      fields: object;
    };

export function frameAsJson(
  protocol: Protocol,
  frame: Frame,
  from: 'till' | 'terminal' | undefined,
): Line {
  switch (frame.kind) {
    case 'control':
      return { kind: 'control', name: frame.name };
    case 'noise':
      return { kind: 'noise', hex: toHex(maskCardBytes(frame.bytes)), reason: frame.reason };
    case 'frame': {
      const words = protocol.describe(frame.data, from);
      if (frame.check === 'ok') return { kind: 'frame', check: 'ok', ...words };
      const received = frame.bytes.slice(-frame.expected.length);
      const hex = { expected: toHex(frame.expected), received: toHex(received) };
      return { kind: 'frame', check: 'bad', ...hex, ...words };
    }
  }
}

async function readStdin(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}
