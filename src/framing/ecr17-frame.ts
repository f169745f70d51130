import { ecr17Lrc, type LrcVariant, lrcVariantNames, lrcVariantOf } from './ecr17-lrc.ts';
import type { Deframer, Frame, NoiseReason } from './frame.ts';
import { control } from './stx-etx-lrc.ts';

const SOH = 0x01;
const STX = 0x02;
const ETX = 0x03;
const EOT = 0x04;

/** Characters of a progress frame; the document has exactly as many. */
const progressLength = 20;

/** `STX payload ETX LRC`. */
export const ecr17Frame = (payload: Uint8Array, variant: LrcVariant): Uint8Array =>
  Uint8Array.of(STX, ...payload, ETX, ecr17Lrc(payload, variant));

/** `06 03 LRC` or `15 03 LRC`: an acknowledgement has a check of its own. */
export const ecr17Control = (name: 'ACK' | 'NAK', variant: LrcVariant): Uint8Array =>
  Uint8Array.of(control[name], ETX, ecr17Lrc(Uint8Array.of(control[name]), variant));

/** `SOH text EOT`, blanks to 20 characters, without a check. */
export const ecr17Progress = (text: Uint8Array): Uint8Array =>
  Uint8Array.of(SOH, ...text, ...new Array(progressLength - text.length).fill(0x20), EOT);

/** The data of a progress frame keeps its SOH, which no payload holds: so the two are told apart. */
export const isProgress = (data: Uint8Array): boolean => data[0] === SOH;

/** The variant that a frame or an acknowledgement with a sound check was written in. */
export function variantOfFrame(frame: Frame): LrcVariant | undefined {
  if (frame.kind === 'noise' || frame.bytes === undefined || frame.bytes[0] === SOH)
    return undefined;
  const payload = frame.kind === 'frame' ? frame.data : frame.bytes.subarray(0, 1);
  return lrcVariantOf(payload, frame.bytes.at(-1) ?? 0);
}

export interface Ecr17DeframerOptions {
  /** The variants to take; until the terminal's own is known, all four. */
  readonly variants?: readonly LrcVariant[];
  /** Longest frame in bytes, STX to LRC; a longer one is noise. */
  readonly maxFrame?: number;
}

/** A character that begins something: inside a payload, which is text, it shows that the payload broke off. */
const begins = (byte: number): boolean =>
  byte === STX || byte === SOH || byte === control.ACK || byte === control.NAK;

/** Text is 7-bit ASCII with the receipt's own marks; XML may have line ends. A line makes others of it. */
const isText = (byte: number): boolean =>
  byte >= 0x20 || byte === 0x1b || byte === 0x0a || byte === 0x0d || byte === 0x09;

type Place = 'between' | 'payload' | 'check' | 'progress' | 'control' | 'control-check';

/** Noise is reported in pieces of this many bytes at most, wherever the chunks were cut. */
const noisePiece = 256;

/**
 * The deframer for ECR17: `STX payload ETX LRC`, `SOH text EOT`, and three-byte ACK and NAK.
 *
 * The byte after ETX is the LRC whatever its value. A frame that broke off costs itself alone: what begins
 * inside it is read afresh, each byte once, and one without its LRC leaves the next frame's first byte in
 * that place. A damaged acknowledgement or progress frame is noise, and asks for no answer.
 */
export function ecr17Deframer(options: Ecr17DeframerOptions = {}): Deframer {
  const { variants = lrcVariantNames, maxFrame = 2_048 } = options;
  const held = new Uint8Array(maxFrame);
  let length = 0;
  let place: Place = 'between';
  let broken = false;
  const noise = new Uint8Array(noisePiece);
  let noiseLength = 0;
  let noiseReason: NoiseReason = 'unframed';
  let out: Frame[] = [];

  function endNoise(): void {
    if (noiseLength === 0) return;
    out.push({ kind: 'noise', bytes: noise.slice(0, noiseLength), reason: noiseReason });
    noiseLength = 0;
  }

  function addNoise(byte: number, reason: NoiseReason): void {
    if (reason !== noiseReason) endNoise();
    noiseReason = reason;
    noise[noiseLength++] = byte;
    if (noiseLength === noisePiece) endNoise();
  }

  function clear(): void {
    length = 0;
    place = 'between';
    broken = false;
  }

  /** What is held was no frame. */
  function drop(reason: NoiseReason): void {
    if (reason === 'cut-off') {
      endNoise();
      out.push({ kind: 'noise', bytes: held.slice(0, length), reason });
    } else {
      for (let at = 0; at < length; at++) addNoise(held[at] ?? 0, reason);
    }
    clear();
  }

  function emit(frame: Frame): void {
    endNoise();
    out.push(frame);
    clear();
  }

  function begin(byte: number): void {
    if (!begins(byte)) {
      addNoise(byte, 'unframed');
      return;
    }
    held[length++] = byte;
    place = byte === STX ? 'payload' : byte === SOH ? 'progress' : 'control';
  }

  function inPayload(byte: number): void {
    if (begins(byte)) {
      drop('cut-off');
      begin(byte);
    } else if (length + 2 >= maxFrame && byte !== ETX) {
      drop('too-long');
      begin(byte);
    } else {
      held[length++] = byte;
      if (byte === ETX) place = 'check';
      else if (!isText(byte)) broken = true;
    }
  }

  function judge(received: number): void {
    held[length++] = received;
    const bytes = held.slice(0, length);
    const data = bytes.slice(1, -2);
    const variant = lrcVariantOf(data, received);
    if (!broken && variant !== undefined && variants.includes(variant)) {
      emit({ kind: 'frame', check: 'ok', data, bytes });
      return;
    }
    const expected = Uint8Array.of(ecr17Lrc(data, variants[0] ?? 'std'));
    emit({ kind: 'frame', check: 'bad', data, bytes, expected });
    // A lost LRC makes the first byte of what follows stand in its place.
    if (begins(received)) begin(received);
  }

  function inProgress(byte: number): void {
    const characters = length - 1;
    if (byte === EOT && characters > 0) {
      held[length++] = byte;
      const bytes = held.slice(0, length);
      emit({ kind: 'frame', check: 'ok', data: bytes.slice(0, -1), bytes });
    } else if (byte >= 0x20 && characters < progressLength) {
      held[length++] = byte;
    } else {
      drop('unframed');
      begin(byte);
    }
  }

  function judgeControl(received: number): void {
    const lead = held[0] ?? 0;
    const variant = lrcVariantOf(Uint8Array.of(lead), received);
    if (variant === undefined || !variants.includes(variant)) {
      drop('unframed');
      begin(received);
      return;
    }
    const name = lead === control.ACK ? 'ACK' : 'NAK';
    emit({ kind: 'control', name, bytes: Uint8Array.of(lead, ETX, received) });
  }

  function take(byte: number): void {
    switch (place) {
      case 'between':
        begin(byte);
        break;
      case 'payload':
        inPayload(byte);
        break;
      case 'check':
        judge(byte);
        break;
      case 'progress':
        inProgress(byte);
        break;
      case 'control':
        if (byte === ETX) {
          held[length++] = byte;
          place = 'control-check';
        } else {
          drop('unframed');
          begin(byte);
        }
        break;
      case 'control-check':
        judgeControl(byte);
        break;
    }
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
    pending: () => length > 0 || noiseLength > 0,
    flush() {
      if (length > 0) drop(place === 'payload' || place === 'check' ? 'cut-off' : 'unframed');
      endNoise();
      return taken();
    },
  };
}
