import { toHex } from '../framing/bytes.ts';
import type { Frame } from '../framing/frame.ts';
import { maskCardBytes } from '../model/mask.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { type ProtocolSetup, plainSetup, protocols } from '../protocols/table.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';

export interface DecodeRequest {
  readonly from?: 'till' | 'terminal';
  readonly framing: string;
  /** A file that describes the terminal; then the first argument is bytes too. */
  readonly profile?: string;
}

/** Prints one JSON object for each frame, control byte and piece of noise in the given bytes. */
export async function decode(
  name: string | undefined,
  more: readonly string[],
  { from, framing, profile }: DecodeRequest,
  output: Output,
): Promise<ExitStatus> {
  const own = profile !== undefined;
  const hex = own && name !== undefined ? [name, ...more] : more;
  const protocol = await loadProtocol(own ? 'profile' : name, {
    ...plainSetup,
    transport: framing,
    ...(own && { texts: new Map([['file', profile]]) }),
  });
  const bytes = parseHex(hex.length > 0 ? hex.join('') : await readStdin());
  const deframer = protocol.deframer();
  for (const frame of [...deframer.push(bytes), ...deframer.flush()]) {
    const json = frameAsJson(protocol, frame, from);
    output.line(JSON.stringify(json), json);
  }
  return exit.done;
}

function loadProtocol(name: string | undefined, setup: ProtocolSetup): Promise<Protocol> {
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
