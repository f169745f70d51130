/** The reports of a HID device as its descriptor declares them: from report id to bytes behind the id. */
export interface ReportDescriptor {
  /** Reports carry an id. Where they do not, the one report of each kind stands under id 0. */
  readonly numbered: boolean;
  readonly input: ReadonlyMap<number, number>;
  readonly output: ReadonlyMap<number, number>;
  readonly feature: ReadonlyMap<number, number>;
  /** What its top-level collections are for: page and usage, as in the HID Usage Tables. */
  readonly usages: readonly { readonly page: number; readonly usage: number }[];
}

const MAIN = 0;
const GLOBAL = 1;
const LOCAL = 2;
const LONG_ITEM = 0xfe;
/** What Linux takes: HID_MAX_DESCRIPTOR_SIZE and HID_MAX_BUFFER_SIZE. In bytes. */
const longestDescriptor = 4_096;
const longestReport = 16_384;

interface Item {
  readonly type: number;
  readonly tag: number;
  readonly size: number;
  readonly value: number;
}

/** What Push saves and Pop brings back, as far as it concerns sizes. */
interface Globals {
  readonly page: number;
  readonly bits: number;
  readonly count: number;
  readonly id: number;
}

type Kind = 'input' | 'output' | 'feature';
const kinds: ReadonlyMap<number, Kind> = new Map([
  [0x8, 'input'],
  [0x9, 'output'],
  [0xb, 'feature'],
]);

/**
 * Reads a report descriptor (Device Class Definition for HID 1.11, section 6.2.2); undefined when it is
 * cut short, contradicts itself or declares a report that no system would take.
 */
export function parseReportDescriptor(bytes: Uint8Array): ReportDescriptor | undefined {
  const items = bytes.length > longestDescriptor ? undefined : itemsOf(bytes);
  if (items === undefined) return undefined;
  const bits: Record<Kind, Map<number, number>> = {
    input: new Map(),
    output: new Map(),
    feature: new Map(),
  };
  const usages: { page: number; usage: number }[] = [];
  let globals: Globals = { page: 0, bits: 0, count: 0, id: 0 };
  const saved: Globals[] = [];
  let usage: Item | undefined;
  let depth = 0;
  let numbered = false;

  /** @returns false for what cannot be. */
  function global({ tag, value }: Item): boolean {
    switch (tag) {
      case 0x0:
        globals = { ...globals, page: value };
        return true;
      case 0x7:
        globals = { ...globals, bits: value };
        return true;
      case 0x8:
        globals = { ...globals, id: value };
        numbered = true;
        return value >= 1 && value <= 255;
      case 0x9:
        globals = { ...globals, count: value };
        return true;
      case 0xa:
        saved.push(globals);
        return true;
      case 0xb: {
        const back = saved.pop();
        globals = back ?? globals;
        return back !== undefined;
      }
      default:
        return true;
    }
  }

  function main({ tag }: Item): boolean {
    const kind = kinds.get(tag);
    if (kind !== undefined) {
      const sum = (bits[kind].get(globals.id) ?? 0) + globals.bits * globals.count;
      if (sum > 0) bits[kind].set(globals.id, sum);
      if (sum > longestReport * 8) return false;
    } else if (tag === 0xa) {
      if (depth++ === 0 && usage !== undefined) usages.push(fullUsage(usage, globals.page));
    } else if (tag === 0xc && --depth < 0) return false;
    usage = undefined;
    return true;
  }

  for (const item of items) {
    if (item.type === GLOBAL && !global(item)) return undefined;
    if (item.type === LOCAL && item.tag === 0) usage ??= item;
    if (item.type === MAIN && !main(item)) return undefined;
  }
  // A device has ids on all of its reports or on none.
  const unnumbered = Object.values(bits).some((reports) => reports.has(0));
  if (depth !== 0 || (numbered && unnumbered)) return undefined;
  return {
    numbered,
    input: inBytes(bits.input),
    output: inBytes(bits.output),
    feature: inBytes(bits.feature),
    usages,
  };
}

/** A usage of four bytes brings its page along. */
const fullUsage = ({ size, value }: Item, page: number) =>
  size === 4 ? { page: value >>> 16, usage: value & 0xffff } : { page, usage: value };

const inBytes = (bits: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...bits].map(([id, sum]) => [id, Math.ceil(sum / 8)]));

function itemsOf(bytes: Uint8Array): Item[] | undefined {
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at] ?? 0;
    if (prefix === LONG_ITEM) {
      at += 3 + (bytes[at + 1] ?? 0);
      if (at > bytes.length) return undefined;
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 3] ?? 0;
    const data = bytes.subarray(at + 1, at + 1 + size);
    if (data.length < size) return undefined;
    const value = data.reduceRight((sum, byte) => sum * 256 + byte, 0);
    items.push({ type: (prefix >> 2) & 3, tag: prefix >> 4, size, value });
    at += 1 + size;
  }
  return items;
}
