import {
  delivered,
  filled,
  foreign,
  gap,
  noise,
  type Packing,
  type Report,
  type Unpacked,
} from './hid-packing.ts';

const SINGLE = 0;
const HEAD = 1;
const MIDDLE = 2;
const TAIL = 3;
const CANCEL = 4;

/** Bytes before the data: type and length, type and total, type and index. */
const singleHeader = 2;
const headHeader = 5;
const middleHeader = 3;

const bigEndian = (bytes: Uint8Array, at: number, count: number): number =>
  bytes.subarray(at, at + count).reduce((value, byte) => value * 256 + byte, 0);

/**
 * MagTek MMS (DynaFlex, DynaProx): unnumbered reports of 64 bytes, byte 0 the type.
 *
 * ```
 * single  00 length data            head  01 total(4) data
 * middle  02 index(2) data          tail  03 length data          cancel  04
 * ```
 *
 * Numbers are high byte first, the index counts the middles from 1. With a total, an index and a length a
 * lost report is always noticed.
 *
 * Source: MagTek-PaulDeignan/WebHID_Public, js/MagTek_WebAPI/API_mmsParse.js.
 */
export const mmsPacking: Packing = {
  name: 'mms',
  usualSize: 64,
  sizes: { min: headHeader + 1, max: 255 + singleHeader },
  /** A limit of ours: the index never runs over, whatever the size of the reports. */
  maxMessage: 65_535,
  pack(message, { ids: [id = 0], size }) {
    const most = size - singleHeader;
    if (message.length === 0) return [];
    if (message.length <= most) return [filled(id, size, [SINGLE, message.length], message)];
    const total = [24, 16, 8, 0].map((shift) => (message.length >>> shift) & 0xff);
    let at = size - headHeader;
    const reports = [filled(id, size, [HEAD, ...total], message.subarray(0, at))];
    for (let index = 1; message.length - at > most; index++) {
      const piece = message.subarray(at, at + size - middleHeader);
      reports.push(filled(id, size, [MIDDLE, index >> 8, index & 0xff], piece));
      at += piece.length;
    }
    reports.push(filled(id, size, [TAIL, message.length - at], message.subarray(at)));
    return reports;
  },
  unpacker({ ids }) {
    let message:
      | { readonly got: number; readonly total: number; readonly index: number }
      | undefined;
    let begun = false;

    /** A message begins; the one under way, if any, will never end. */
    function begin(then: () => Unpacked): Unpacked {
      const unfinished = message;
      message = undefined;
      begun = true;
      if (unfinished === undefined) return then();
      const { got, total } = unfinished;
      return gap('order', `a message began after ${got} of ${total} bytes of another`);
    }

    function goOn(then: (under: NonNullable<typeof message>) => Unpacked): Unpacked {
      const under = message;
      message = undefined;
      if (under !== undefined) return then(under);
      return begun
        ? gap('order', 'a message goes on that never began')
        : noise('the rest of an earlier message');
    }

    function single({ data }: Report): Unpacked {
      const length = data[1] ?? 0;
      if (data.length < singleHeader + length || length === 0)
        return gap('length', `a report of ${data.length} bytes says that ${length} follow`);
      return delivered(data.subarray(singleHeader, singleHeader + length));
    }

    function head({ data }: Report): Unpacked {
      const total = bigEndian(data, 1, 4);
      const got = data.length - headHeader;
      if (got < 1 || total <= got)
        return gap('length', `a message of ${total} bytes in more than one report`);
      message = { got, total, index: 1 };
      return delivered(data.subarray(headHeader));
    }

    function middle(
      { data }: Report,
      { got, total, index }: NonNullable<typeof message>,
    ): Unpacked {
      const found = bigEndian(data, 1, 2);
      if (data.length <= middleHeader) return gap('length', 'a middle report without data');
      if (found !== index) return gap('index', `part ${found} came where part ${index} was due`);
      const now = got + data.length - middleHeader;
      if (now >= total) return gap('length', `a message of ${total} bytes goes on after ${now}`);
      message = { got: now, total, index: index + 1 };
      return delivered(data.subarray(middleHeader));
    }

    function tail(report: Report, { got, total }: NonNullable<typeof message>): Unpacked {
      const length = report.data[1] ?? 0;
      return got + length === total
        ? single(report)
        : gap('length', `a message of ${total} bytes ended after ${got + length}`);
    }

    function cancel(): Unpacked {
      const under = message;
      message = undefined;
      return under === undefined
        ? noise('nothing to cancel')
        : gap('cancelled', `a message was cancelled after ${under.got} of ${under.total} bytes`);
    }

    return {
      push(report) {
        if (!ids.includes(report.id)) return foreign(report);
        switch (report.data[0]) {
          case SINGLE:
            return begin(() => single(report));
          case HEAD:
            return begin(() => head(report));
          case MIDDLE:
            return goOn((under) => middle(report, under));
          case TAIL:
            return goOn((under) => tail(report, under));
          case CANCEL:
            return cancel();
          default:
            return noise(`a report of unknown type ${report.data[0] ?? 'none'}`);
        }
      },
    };
  },
};
