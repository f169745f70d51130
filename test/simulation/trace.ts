import { fromLatin1 } from '../../src/framing/bytes.ts';
import { maskCardNumbers } from '../../src/model/mask.ts';
import type { Wire } from './wires.ts';

/** Who something happens to. */
export type Lane = 'till' | 'journal' | 'line' | 'terminal';

interface Note {
  readonly at: number;
  readonly lane: Lane;
  readonly text: string;
  readonly bytes: Uint8Array | undefined;
}

/** What happened in a run, in order, and a hash of it: two runs of one seed have the same. */
export interface Trace {
  note(lane: Lane, text: string, bytes?: Uint8Array): void;
  length(): number;
  hash(): number;
  /** The sequence drawing; empty when the notes were not kept. */
  draw(): string;
}

const prime = 0x01000193;

export function createTrace(now: () => number, keep: boolean, wire: Wire): Trace {
  const notes: Note[] = [];
  let length = 0;
  let hash = 0x811c9dc5;

  const mix = (value: number): void => {
    hash = Math.imul(hash ^ (value & 0xff), prime);
    hash = Math.imul(hash ^ ((value >>> 8) & 0xffffff), prime);
  };

  return {
    note(lane, text, bytes) {
      const at = now();
      length++;
      mix(at | 0);
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
      if (bytes !== undefined) for (const byte of bytes) hash = Math.imul(hash ^ byte, prime);
      if (keep) notes.push({ at, lane, text, bytes });
    },
    length: () => length,
    hash: () => hash >>> 0,
    draw: () => draw(notes, wire),
  };
}

const columns: Readonly<Record<Lane, number>> = { till: 0, journal: 34, line: 62, terminal: 104 };

/** Till, journal, line and terminal side by side, time running down. */
function draw(notes: readonly Note[], wire: Wire): string {
  const start = notes[0]?.at ?? 0;
  const heading = Object.entries(columns).reduce(
    (line, [lane, column]) => line.padEnd(12 + column) + lane,
    '     seconds',
  );
  const lines = notes.map(({ at, lane, text, bytes }) => {
    const time = ((at - start) / 1_000).toFixed(3).padStart(12);
    const said = bytes === undefined ? text : `${text} ${inWords(bytes, wire)}`;
    return `${time}${' '.repeat(columns[lane])} ${maskCardNumbers(said)}`;
  });
  return [heading, ...lines].join('\n');
}

/** Bytes as a person reads them: frames as their text, the rest by name or in hexadecimal. */
function inWords(bytes: Uint8Array, wire: Wire): string {
  const deframer = wire.deframer();
  const frames = [...deframer.push(bytes), ...deframer.flush()];
  return frames
    .map((frame) => {
      if (frame.kind === 'control') return frame.name;
      if (frame.kind === 'noise') return `~${printable(frame.bytes)}~`;
      return `[${printable(frame.data)}]${frame.check === 'ok' ? '' : ' bad check'}`;
    })
    .join(' ');
}

const printable = (bytes: Uint8Array): string =>
  fromLatin1(bytes).replace(/[^ -~]/g, (byte) => `<${byte.charCodeAt(0).toString(16)}>`);
