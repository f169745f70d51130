import { apduDeframer } from '../../src/framing/apdu.ts';
import { fromLatin1, toHex } from '../../src/framing/bytes.ts';
import { crc16Kermit } from '../../src/framing/crc16-kermit.ts';
import { delimiterDeframer } from '../../src/framing/delimiter.ts';
import { dleCrcDeframer } from '../../src/framing/dle-crc.ts';
import { ecr17Deframer, isProgress } from '../../src/framing/ecr17-frame.ts';
import type { Deframer } from '../../src/framing/frame.ts';
import { control, stxEtxLrcDeframer } from '../../src/framing/stx-etx-lrc.ts';
import type { ByteDamage } from './damage.ts';

/** Where in a frame a sender is. */
export interface Position {
  /** Nothing has begun that is not finished. */
  between(): boolean;
  pass(bytes: Uint8Array): void;
}

/** What a line has to know of the bytes on it to disturb them fairly. */
export interface Wire {
  /** What kind of message begins with these bytes. */
  kindOf(bytes: Uint8Array): string;
  /** To show the bytes as frames, and to see which damages come to the same. */
  deframer(): Deframer;
  /** Where the check alone does not tell: what frames have in common that come to the same. */
  alike?(data: Uint8Array): string | undefined;
  createPosition(): Position;
  isAck(bytes: Uint8Array): boolean;
  /** What a receiver says to a frame that it does not take; absent: nothing of the kind. */
  readonly nak: Uint8Array | undefined;
  /**
   * The limit of the wire's own protection. No till can see through damage that the check does not show, so
   * the simulated line does none: nothing that a receiver would believe may come out that did not go in.
   */
  showsUp(kind: ByteDamage, before: Uint8Array, after: Uint8Array): boolean;
  /** A disturbed line makes no such bytes: alone, they would be believed. */
  readonly words: readonly number[];
}

const DLE = 0x10;
const SOH = 0x01;
const STX = 0x02;
const ETX = 0x03;

const count = (bytes: Uint8Array, wanted: number): number =>
  bytes.reduce((sum, byte) => sum + (byte === wanted ? 1 : 0), 0);

/** The project's own deframers are not asked what would be believed: they are what is to be tested. */
export const noneNew = (
  believed: (bytes: Uint8Array) => readonly string[],
  before: Uint8Array,
  after: Uint8Array,
): boolean => {
  const found = believed(after);
  if (found.length === 0) return true;
  const sent = believed(before);
  return found.every((frame) => sent.includes(frame));
};

/** Every stretch of bytes that would pass for a sound frame with an XOR behind its ETX. */
const xorFrames =
  (begin: number) =>
  (bytes: Uint8Array): string[] => {
    const found: string[] = [];
    for (let start = bytes.indexOf(STX); start >= 0; start = bytes.indexOf(STX, start + 1)) {
      let check = begin;
      for (let at = start + 1; at + 1 < bytes.length; at++) {
        const byte = bytes[at] ?? 0;
        // ECR17 leaves its ETX out of the check: it is taken back again.
        if (byte === ETX && bytes[at + 1] === (begin === 0 ? check ^ ETX : check))
          found.push(fromLatin1(bytes.subarray(start, at + 2)));
        check ^= byte;
      }
    }
    return found;
  };

/** STX, data, ETX, LRC; bare ACK and NAK. An LRC of eight bits shows each damaged byte, but not every two. */
export const stxEtxLrcWire: Wire = {
  kindOf: (bytes) => toHex(bytes.subarray(0, 5)),
  deframer: () => stxEtxLrcDeframer(),
  // A NUL goes into one of the fields.
  alike: (data) =>
    data.includes(0) ? `NUL in field ${count(data.subarray(0, data.indexOf(0)), 0x7c)}` : undefined,
  createPosition() {
    let place: 'between' | 'inside' | 'check' = 'between';
    return {
      between: () => place === 'between',
      pass(bytes) {
        for (const byte of bytes) {
          if (place === 'between') place = byte === STX ? 'inside' : 'between';
          else if (place === 'inside') place = byte === ETX ? 'check' : 'inside';
          else place = 'between';
        }
      },
    };
  },
  isAck: (bytes) => bytes.length === 1 && bytes[0] === control.ACK,
  nak: Uint8Array.of(control.NAK),
  showsUp: (kind, before, after) =>
    // A NUL leaves the XOR as it is: the frame is sound and the driver has to see the field that is not.
    kind === 'nul' ||
    (count(after, control.ACK) <= count(before, control.ACK) &&
      noneNew(xorFrames(0), before, after)),
  words: [control.ACK, control.NAK],
};

/** Frames as above, another XOR; ACK and NAK are frames of three bytes, and progress has no check. */
export const ecr17Wire: Wire = {
  kindOf: ecr17Kind,
  deframer: () => ecr17Deframer({ variants: ['std'] }),
  alike: (data) => (isProgress(data) ? 'progress' : undefined),
  createPosition() {
    let place: 'between' | 'inside' | 'check' | 'progress' = 'between';
    return {
      between: () => place === 'between',
      pass(bytes) {
        for (const byte of bytes) {
          if (place === 'check') place = 'between';
          else if (place === 'progress') place = byte === 0x04 ? 'between' : 'progress';
          else if (byte === ETX) place = 'check';
          else if (place === 'between') place = byte === SOH ? 'progress' : 'inside';
        }
      },
    };
  },
  isAck: (bytes) => bytes.length === 3 && bytes[0] === control.ACK,
  nak: Uint8Array.of(control.NAK, ETX, 0x7f ^ control.NAK),
  showsUp: (kind, before, after) =>
    kind === 'nul' ||
    (noneNew(xorFrames(0x7f), before, after) && noneNew(ecr17Words, before, after)),
  words: [],
};

/** The letter behind the terminal's number, or what stands alone. */
function ecr17Kind(bytes: Uint8Array): string {
  return bytes[0] === STX ? fromLatin1(bytes.subarray(10, 11)) : toHex(bytes.subarray(0, 1));
}

/** ACK and NAK, their check right. */
function ecr17Words(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    const word = bytes[at] ?? 0;
    if (word !== control.ACK && word !== control.NAK) continue;
    if (bytes[at + 1] === ETX && bytes[at + 2] === (0x7f ^ word)) found.push(`word ${word}`);
  }
  return found;
}

/** DLE STX, data with each DLE doubled, DLE ETX, CRC; bare ACK and NAK. */
export const dleCrcWire: Wire = {
  kindOf: (bytes) => toHex(bytes.subarray(0, 4)),
  deframer: () => dleCrcDeframer(),
  createPosition() {
    let place: 'between' | 'begin' | 'inside' | 'dle' | 'low' | 'high' = 'between';
    return {
      between: () => place === 'between',
      pass(bytes) {
        for (const byte of bytes)
          switch (place) {
            case 'between':
              if (byte === DLE) place = 'begin';
              break;
            case 'begin':
              place = byte === STX ? 'inside' : 'between';
              break;
            case 'inside':
              if (byte === DLE) place = 'dle';
              break;
            case 'dle':
              place = byte === ETX ? 'low' : 'inside';
              break;
            case 'low':
              place = 'high';
              break;
            case 'high':
              place = 'between';
              break;
          }
      },
    };
  },
  isAck: (bytes) => bytes.length === 1 && bytes[0] === control.ACK,
  nak: Uint8Array.of(control.NAK),
  showsUp: (_kind, before, after) =>
    count(after, control.ACK) <= count(before, control.ACK) && noneNew(crcFrames, before, after),
  words: [control.ACK, control.NAK],
};

/** Every stretch of bytes whose CRC agrees, wherever it begins and ends. */
function crcFrames(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (let start = 0; start + 1 < bytes.length; start++) {
    if (bytes[start] !== DLE || bytes[start + 1] !== STX) continue;
    const data: number[] = [];
    for (let at = start + 2; at + 3 < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const next = bytes[at + 1] ?? 0;
      if (byte === DLE && next === ETX) {
        const crc = crc16Kermit([...data, ETX]);
        if (bytes[at + 2] === (crc & 0xff) && bytes[at + 3] === crc >>> 8)
          found.push(fromLatin1(bytes.subarray(start, at + 4)));
      }
      data.push(byte);
      if (byte === DLE && next === DLE) at++;
    }
  }
  return found;
}

/** JSON with 00 behind it and no check at all: only what is no JSON any more shows. */
export const jsonWire: Wire = {
  kindOf: jsonKind,
  deframer: () => delimiterDeframer(),
  alike: (data) => (jsonMessages(data).length > 0 ? undefined : 'no message'),
  createPosition() {
    let between = true;
    return {
      between: () => between,
      pass(bytes) {
        if (bytes.length > 0) between = bytes.at(-1) === 0;
      },
    };
  },
  isAck: () => false,
  nak: undefined,
  showsUp: (_kind, before, after) => noneNew(jsonMessages, before, after),
  words: [],
};

function jsonKind(bytes: Uint8Array): string {
  return /"method":"\w+"(?:.*"msgType":"\w+")?/.exec(fromLatin1(bytes))?.[0] ?? '';
}

/** Also what stands behind noise, and what has not ended yet. */
function jsonMessages(bytes: Uint8Array): string[] {
  return fromLatin1(bytes)
    .split('\0')
    .map((text) => text.slice(Math.max(0, text.indexOf('{'))))
    .filter((text) => isJson(text));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** A stream that TCP looks after: it comes whole and in order, or the connection ends. */
const streamOf = (deframer: () => Deframer, kindOf: Wire['kindOf']): Wire => ({
  kindOf,
  deframer,
  createPosition: () => ({ between: () => true, pass() {} }),
  isAck: () => false,
  nak: undefined,
  showsUp: () => false,
  words: [],
});

export const apduStream = streamOf(
  () => apduDeframer(),
  (bytes) => toHex(bytes.subarray(0, 2)),
);
export const ecr17Stream = streamOf(() => ecr17Deframer(), ecr17Kind);
export const jsonStream = streamOf(() => delimiterDeframer(), jsonKind);
export const poslinkStream = streamOf(
  () => stxEtxLrcDeframer({ maxFrame: 8_192, controls: ['ACK', 'NAK', 'EOT', 'ENQ'] }),
  stxEtxLrcWire.kindOf,
);
