import { delivered, filled, foreign, gap, type Packing, pieces } from './hid-packing.ts';

const MORE = 0x80;

/**
 * ID TECH Sign&Pay (0ACD:2310): unnumbered reports of 64 bytes. Byte 0 is the number of bytes that count,
 * its top bit set while the message goes on in the next report. There is no index: a report lost in the
 * middle shows only in the protocol inside.
 *
 * Source: CORE-POS/IS4C SPH_SignAndPay_USB.cs, whose driver hung the pad when two threads mixed their
 * reports.
 */
export const signAndPayPacking: Packing = {
  name: 'sign-and-pay',
  usualSize: 64,
  sizes: { min: 2, max: 128 },
  pack(message, { ids: [id = 0], size }) {
    const cut = pieces(message, size - 1);
    return cut.map((piece, at) =>
      filled(id, size, [piece.length | (at < cut.length - 1 ? MORE : 0)], piece),
    );
  },
  unpacker: ({ ids }) => ({
    push(report) {
      if (!ids.includes(report.id)) return foreign(report);
      const length = (report.data[0] ?? 0) & ~MORE;
      if (report.data.length > 0 && length < report.data.length)
        return delivered(report.data.subarray(1, 1 + length));
      return gap('length', `a report of ${report.data.length} bytes says that ${length} follow`);
    },
  }),
};
