import { delivered, filled, foreign, gap, type Packing, pieces } from './hid-packing.ts';

/**
 * The stream cut into reports, the last one filled up with zeros. The zeros cannot be told from data, so
 * they are delivered: the protocol inside must know the end of its own frames, and takes what stands
 * between them for noise.
 */
export const plainPacking: Packing = {
  name: 'plain',
  usualSize: 64,
  sizes: { min: 1, max: 65_535 },
  pack: (message, { ids: [id = 0], size }) =>
    pieces(message, size).map((piece) => filled(id, size, [], piece)),
  unpacker: ({ ids }) => ({
    push: (report) => (ids.includes(report.id) ? delivered(report.data) : foreign(report)),
  }),
};

/**
 * `length data zeros`: each report says how many of its bytes count. A longer message runs on through
 * further reports, each with its own length; nothing marks the first or the last, so that a report that
 * was lost shows only in the protocol inside.
 */
export const lengthPrefixed = (
  known: Pick<Packing, 'name' | 'usualSize'> & Partial<Pick<Packing, 'ids'>>,
): Packing => ({
  ...known,
  sizes: { min: 2, max: 256 },
  pack: (message, { ids: [id = 0], size }) =>
    pieces(message, size - 1).map((piece) => filled(id, size, [piece.length], piece)),
  unpacker: ({ ids }) => ({
    push(report) {
      if (!ids.includes(report.id)) return foreign(report);
      const [length = 0, ...rest] = report.data;
      if (report.data.length > 0 && length <= rest.length)
        return delivered(report.data.subarray(1, 1 + length));
      return gap('length', `a report of ${report.data.length} bytes says that ${length} follow`);
    },
  }),
});

/** Length-prefixed reports of any id and size. */
export const lengthPacking: Packing = lengthPrefixed({ name: 'length', usualSize: 64 });
