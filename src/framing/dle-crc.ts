import { longestApduData } from './apdu.ts';
import { crc16Kermit, crc16KermitStep } from './crc16-kermit.ts';
import type { Deframer, Frame } from './frame.ts';
import { noiseCollector } from './noise.ts';
import { control } from './stx-etx-lrc.ts';

const DLE = 0x10;
const STX = 0x02;
const ETX = 0x03;

/** The CRC is over the data as it was before doubling, and the ETX. Low byte first. */
function checkOf(data: Uint8Array): Uint8Array {
  const crc = crc16KermitStep(crc16Kermit(data), ETX);
  return Uint8Array.of(crc & 0xff, crc >>> 8);
}

/** `DLE STX data DLE ETX CRC` (PA00P016 3): each DLE in the data is doubled, also one in the length. */
export function dleCrcFrame(apdu: Uint8Array): Uint8Array {
  const doubled = apdu.reduce((count, byte) => (byte === DLE ? count + 1 : count), 0);
  const frame = new Uint8Array(apdu.length + doubled + 6);
  frame.set([DLE, STX]);
  let at = 2;
  for (const byte of apdu) {
    if (byte === DLE) frame[at++] = DLE;
    frame[at++] = byte;
  }
  frame.set([DLE, ETX, ...checkOf(apdu)], at);
  return frame;
}

export interface DleCrcOptions {
  /** Longest frame in bytes as it is on the wire; a longer one is noise. */
  readonly maxFrame?: number;
}

/** The longest APDU, every byte of it doubled, and what stands around it. */
const longestFrame = 2 * (longestApduData + 5) + 6;

/** `dle`: between frames, and a DLE has come. `inDle`: the same in a frame. */
type Place = 'between' | 'dle' | 'in' | 'inDle' | 'crcLow' | 'crcHigh';

/**
 * The deframer for ZVT on a serial line, with bare ACK and NAK between frames.
 *
 * The CRC bytes are not doubled and can be any, so the two bytes after DLE ETX are always the CRC. DLE STX
 * in a frame begins a new one: the one before has lost its end. ACK and NAK count only where nothing else
 * stands beside them: the data of a frame that has lost its beginning is full of 06.
 */
export function dleCrcDeframer({ maxFrame = longestFrame }: DleCrcOptions = {}): Deframer {
  let place: Place = 'between';
  /** The bytes of the frame at hand as they came, and its data without the doubling. */
  let raw: number[] = [];
  let data: number[] = [];
  /** What comes now is the rest of something damaged, until a frame begins or the line is silent. */
  let damaged = false;
  const noise = noiseCollector();
  let out: Frame[] = [];

  const emit = (...frames: Frame[]): void => {
    out.push(...frames);
  };

  function begin(): void {
    emit(...noise.end());
    damaged = false;
    raw = [DLE, STX];
    data = [];
    place = 'in';
  }

  function addNoise(byte: number): void {
    damaged = true;
    emit(...noise.add(byte, 'unframed'));
  }

  function between(byte: number): void {
    place = 'between';
    if (byte === DLE) place = 'dle';
    else if (!damaged && (byte === control.ACK || byte === control.NAK))
      emit({ kind: 'control', name: byte === control.ACK ? 'ACK' : 'NAK' });
    else addNoise(byte);
  }

  function cutOff(): void {
    if (raw.length > 0) emit({ kind: 'noise', bytes: Uint8Array.from(raw), reason: 'cut-off' });
    raw = [];
    data = [];
  }

  function judge(): void {
    const bytes = Uint8Array.from(raw);
    const content = Uint8Array.from(data);
    const expected = checkOf(content);
    const [low, high] = bytes.slice(-2);
    raw = [];
    data = [];
    place = 'between';
    if (low === expected[0] && high === expected[1]) {
      emit({ kind: 'frame', check: 'ok', data: content, bytes });
      return;
    }
    emit({ kind: 'frame', check: 'bad', data: content, bytes, expected });
    damaged = true;
    // Lost CRC bytes make the beginning of the next frame stand in their place.
    if (low === DLE && high === STX) begin();
    else if (high === DLE) place = 'dle';
  }

  /** The frame outgrew the limit; no other can have begun in it. */
  function drop(): void {
    for (const byte of raw) emit(...noise.add(byte, 'too-long'));
    raw = [];
    data = [];
    damaged = true;
    place = 'between';
  }

  function inFrame(byte: number): void {
    raw.push(byte);
    if (byte === DLE) place = 'inDle';
    else data.push(byte);
  }

  function afterDle(byte: number): void {
    if (byte === STX) {
      raw.pop();
      cutOff();
      begin();
      return;
    }
    raw.push(byte);
    place = byte === ETX ? 'crcLow' : 'in';
    // A lone DLE was not doubled by its sender; if so, the check agrees.
    if (byte === DLE) data.push(DLE);
    else if (byte !== ETX) data.push(DLE, byte);
  }

  function take(byte: number): void {
    switch (place) {
      case 'between':
        between(byte);
        break;
      case 'dle':
        if (byte === STX) begin();
        else {
          addNoise(DLE);
          between(byte);
        }
        break;
      case 'in':
        inFrame(byte);
        break;
      case 'inDle':
        afterDle(byte);
        break;
      case 'crcLow':
        raw.push(byte);
        place = 'crcHigh';
        break;
      case 'crcHigh':
        raw.push(byte);
        judge();
        break;
    }
    if (raw.length >= maxFrame) drop();
  }

  function taken(): Frame[] {
    const frames = out;
    out = [];
    return frames;
  }

  return {
    push(chunk) {
      for (const byte of chunk) take(byte);
      return taken();
    },
    pending: () => place !== 'between' || damaged,
    flush() {
      if (place === 'dle') addNoise(DLE);
      emit(...noise.end());
      cutOff();
      place = 'between';
      damaged = false;
      return taken();
    },
  };
}
