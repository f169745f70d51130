import { type GapReason, packingNames, type Unpacked } from '../framing/hid-packing.ts';
import { packings } from '../framing/hid-packings.ts';
import { TerminalError } from '../model/error.ts';
import { parseHidAddress } from '../transports/hid-settings.ts';
import { reportShape } from '../transports/hid-shape.ts';
import { UsageError } from './exit.ts';

export interface ReportsRequest {
  /** The protocol, since some have a packing of their own. */
  readonly protocol: string;
  readonly packing?: string;
  /** Bytes behind the report id. */
  readonly reportSize?: string;
  readonly from?: 'till' | 'terminal';
}

/** What stands in HID reports: pieces of the stream, and where some of it is missing. */
export type FromReports =
  | Uint8Array
  | {
      readonly kind: 'gap' | 'noise';
      readonly reason: GapReason | 'report';
      readonly detail: string;
    };

/** The packing of the reports and how long they are, with the id in front where they have one. */
function shapeOf({ protocol, packing, reportSize, from }: ReportsRequest) {
  const options = new Map([
    ...(packing === undefined ? [] : [['packing', packing] as const]),
    ...(reportSize === undefined ? [] : [['report-size', reportSize] as const]),
  ]);
  try {
    const asked = parseHidAddress('reports', options, protocol);
    const chosen = packings[asked.packing];
    const { toTerminal, toTill, numbered } = reportShape(chosen, undefined, asked);
    return {
      chosen,
      numbered,
      ways: from === 'till' ? [toTerminal] : from === 'terminal' ? [toTill] : [toTill, toTerminal],
    };
  } catch (cause) {
    if (!(cause instanceof TerminalError)) throw cause;
    throw new UsageError(
      packing === undefined
        ? `HID reports are packed in one of these ways: ${packingNames.join(', ')}. Say which with --packing.`
        : cause.message,
      { cause },
    );
  }
}

/**
 * Takes the stream out of HID reports that stand one behind the other, each whole: its id first where the
 * packing has ids, and filled up to its size.
 * @throws {UsageError} where the packing is not known, or the bytes are no whole reports of it
 */
export function unpackReports(bytes: Uint8Array, request: ReportsRequest): readonly FromReports[] {
  const { chosen, numbered, ways } = shapeOf(request);
  const size = (ways[0]?.size ?? chosen.usualSize) + (numbered ? 1 : 0);
  if (bytes.length === 0 || bytes.length % size !== 0)
    throw new UsageError(
      `HEX has ${bytes.length} bytes, and each report of ${chosen.name} has ${size}${numbered ? ', its id first' : ''}: give whole reports, or their size behind the id with --report-size.`,
    );
  const unpackers = ways.map((way) => ({ ids: way.ids, unpacker: chosen.unpacker(way) }));
  return Array.from({ length: bytes.length / size }, (_, index): FromReports => {
    const report = bytes.subarray(index * size, (index + 1) * size);
    const id = numbered ? (report[0] ?? 0) : 0;
    const own = unpackers.find(({ ids }) => ids.includes(id)) ?? unpackers[0];
    const told: Unpacked | undefined = own?.unpacker.push({
      id,
      data: report.subarray(numbered ? 1 : 0),
    });
    if (told === undefined) return new Uint8Array();
    if (told.kind === 'bytes') return told.bytes;
    return {
      kind: told.kind,
      reason: told.kind === 'gap' ? told.reason : 'report',
      detail: told.detail,
    };
  });
}
