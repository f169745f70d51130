import { sameBytes, toLatin1 } from './bytes.ts';
import {
  delivered,
  filled,
  foreign,
  gap,
  noise,
  type Packing,
  pieces,
  type Report,
  type Unpacked,
} from './hid-packing.ts';

const WHOLE = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;
const ids = [WHOLE, FIRST, MIDDLE, LAST];

/** `ViVOtech2\0`, command, status or sub-command, length (two bytes, high first), data, CRC. */
const tag = toLatin1('ViVOtech2\0');
const lengthAt = 12;
const aroundData = 16;

/** How long the message is that begins like this, if it is one of the reader's own. */
function lengthInside(start: Uint8Array): number | undefined {
  if (start.length < lengthAt + 2 || !sameBytes(start.subarray(0, tag.length), tag))
    return undefined;
  return aroundData + (start[lengthAt] ?? 0) * 256 + (start[lengthAt + 1] ?? 0);
}

/**
 * ID TECH ViVOpay NEO 2: the report id tells the place in the message, 1 whole, 2 first, 3 middle, 4 last,
 * each with 63 bytes; only 1 and 4 are filled up with zeros. There is no count, but the message says its
 * length: with it the zeros are cut off and a lost report is noticed. Any other message is delivered with
 * its zeros, as in plain reports. (Trimming zeros would lose a check that ends in 00.)
 *
 * Source: NEO 2 Interface Developer's Guide 80139403-002, "USB HID" and the longest command of 1 500 bytes.
 */
export const neo2Packing: Packing = {
  name: 'neo2',
  ids: { toTerminal: ids, toTill: ids },
  usualSize: 63,
  sizes: { min: lengthAt + 2, max: 65_535 },
  maxMessage: 1_500,
  pack(message, { size }) {
    const cut = pieces(message, size);
    return cut.map((piece, at) => filled(idOf(at, cut.length), size, [], piece));
  },
  unpacker({ size }) {
    /** Bytes so far of the message under way, and all there will be, where that is known. */
    let message: { got: number; total: number | undefined } | undefined;
    let begun = false;

    function start(report: Report): Unpacked {
      const unfinished = message;
      begun = true;
      message = undefined;
      if (unfinished !== undefined)
        return gap('order', `a message began after ${unfinished.got} bytes of another`);
      if (report.id === FIRST && report.data.length < size) return short(report);
      const total = lengthInside(report.data);
      if (report.id === WHOLE) return upTo(report, total);
      if (total !== undefined && total <= size)
        return gap('length', `a message of ${total} bytes in more than one report`);
      message = { got: size, total };
      return delivered(report.data.subarray(0, size));
    }

    function goOn(report: Report): Unpacked {
      if (message === undefined) return missingStart(begun);
      const { got, total } = message;
      if (report.id === LAST) {
        message = undefined;
        return upTo(report, total === undefined ? undefined : total - got);
      }
      message = { got: got + size, total };
      if (report.data.length >= size && (total === undefined || got + size < total))
        return delivered(report.data.subarray(0, size));
      message = undefined;
      return report.data.length < size
        ? short(report)
        : gap('length', `a message of ${total} bytes goes on after ${got + size}`);
    }

    const short = (report: Report): Unpacked =>
      gap('length', `report ${report.id} has ${report.data.length} bytes and not ${size}`);

    /** The last report of a message: as many bytes as it still needs. */
    function upTo(report: Report, length: number | undefined): Unpacked {
      if (length === undefined) return delivered(report.data);
      if (length > 0 && length <= report.data.length)
        return delivered(report.data.subarray(0, length));
      return gap('length', `the message lacks ${length} bytes in its last report`);
    }

    return {
      push(report) {
        if (report.id === WHOLE || report.id === FIRST) return start(report);
        return report.id === MIDDLE || report.id === LAST ? goOn(report) : foreign(report);
      },
    };
  },
};

function idOf(at: number, count: number): number {
  if (count === 1) return WHOLE;
  if (at === 0) return FIRST;
  return at === count - 1 ? LAST : MIDDLE;
}

/** The end of a message that began before we listened is nobody's loss. */
const missingStart = (begun: boolean): Unpacked =>
  begun
    ? gap('order', 'a message goes on that never began')
    : noise('the rest of an earlier message');
