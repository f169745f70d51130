/** One HID report. `id` is 0 on a device without report ids; `data` is everything behind the id. */
export interface Report {
  readonly id: number;
  readonly data: Uint8Array;
}

/** The reports that carry the stream in one direction: their ids, and the bytes behind the id. */
export interface ReportShape {
  readonly ids: readonly number[];
  readonly size: number;
}

/**
 * `length`: a length that does not fit the report or the message. `index`: a report of the message is
 * missing. `order`: a message that began without its first report or ended without its last.
 * `cancelled`: the sender took back a message of which a part has been delivered.
 */
export type GapReason = 'length' | 'index' | 'order' | 'cancelled';

/** What a report means to the byte stream. */
export type Unpacked =
  /** The next bytes of the stream; there may be none in it. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** It carries no byte of this stream: another report id, or the rest of a message begun before we listened. */
  | { readonly kind: 'noise'; readonly detail: string }
  /** Bytes of the stream are missing here, or nobody can tell which these are. */
  | { readonly kind: 'gap'; readonly reason: GapReason; readonly detail: string };

/** Reports in, bytes out. Holds no bytes, only counts; nothing in a report makes it throw. */
export interface Unpacker {
  push(report: Report): Unpacked;
}

export const packingNames = ['rba', 'neo2', 'sign-and-pay', 'mms', 'length', 'plain'] as const;
export type PackingName = (typeof packingNames)[number];

/** How a byte stream is cut into reports of one size, and put together again. */
export interface Packing {
  readonly name: PackingName;
  /** The report ids that belong to the scheme. Missing: any one id, or none, in each direction. */
  readonly ids?: {
    readonly toTerminal: readonly number[];
    readonly toTill: readonly number[];
  };
  /** Bytes behind the report id on the devices the scheme is known from. */
  readonly usualSize: number;
  /** Bytes behind the report id that the scheme can work with. */
  readonly sizes: { readonly min: number; readonly max: number };
  /** The longest message in bytes, where there is a limit. */
  readonly maxMessage?: number;
  /** One message; the caller has checked its length and the size. Every report is `shape.size` long. */
  pack(message: Uint8Array, shape: ReportShape): Report[];
  unpacker(shape: ReportShape): Unpacker;
}

export const delivered = (bytes: Uint8Array): Unpacked => ({ kind: 'bytes', bytes: bytes.slice() });

export const noise = (detail: string): Unpacked => ({ kind: 'noise', detail });

export const gap = (reason: GapReason, detail: string): Unpacked => ({
  kind: 'gap',
  reason,
  detail,
});

/** A report of `size` bytes: what it starts with, the data, zeros. */
export function filled(
  id: number,
  size: number,
  header: readonly number[],
  data: Uint8Array,
): Report {
  const report = new Uint8Array(size);
  report.set(header);
  report.set(data, header.length);
  return { id, data: report };
}

/** Cuts a message into pieces of `size` bytes; the last may be shorter. An empty message has none. */
export function pieces(message: Uint8Array, size: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += size) cut.push(message.subarray(at, at + size));
  return cut;
}

/** A report that is not one of the stream's has its own meaning to somebody else. */
export const foreign = ({ id }: Report): Unpacked =>
  noise(`report ${id} does not carry the stream`);
