import { toHex } from '../framing/bytes.ts';
import type { Deframer, Frame } from '../framing/frame.ts';
import { control } from '../framing/stx-etx-lrc.ts';
import type { Described, Protocol } from '../protocols/protocol.ts';
import type { Masking, WholeFrame } from './masking.ts';
import { maskingOf } from './maskings.ts';
import { unreadReplaced } from './replaced.ts';
import type { Crossing, Side, WireFrame } from './wire-frame.ts';

/** The bytes of a frame, whatever it is. */
export const bytesOf = (frame: Frame): Uint8Array =>
  frame.bytes ?? (frame.kind === 'control' ? Uint8Array.of(control[frame.name]) : new Uint8Array());

/** What cuts into frames what this side says. */
export const deframerFor = (protocol: Protocol, from: Side): Deframer =>
  maskingOf(protocol)?.deframer?.(from) ?? protocol.deframer();

/** A frame of a bad check, with a check that is bad, too. */
function spoilt(frame: Uint8Array, check: number): Uint8Array {
  const out = frame.slice();
  const at = out.length - Math.max(1, check);
  // No bit of it that makes a control byte of another.
  out[at] = (out[at] ?? 0) ^ 0x40;
  return out;
}

function shown(masking: Masking, frame: WholeFrame, from: Side, described: Described): Uint8Array {
  if (frame.check === 'ok')
    return masking.frame(masking.data(frame.data, from, described), frame, from);
  return spoilt(masking.frame(unreadReplaced(frame.data), frame, from), masking.check);
}

/** What crossed the line, in words and without what nobody may see. Never throws. */
export function readCrossing(crossing: Crossing): readonly WireFrame[] {
  const { at, epoch, protocol, from } = crossing;
  return framesOf(crossing).map((frame) => readFrame(protocol, frame, { at, epoch, from }));
}

function framesOf(crossing: Crossing): readonly Frame[] {
  if (crossing.from === 'terminal') return [crossing.frame];
  const deframer = deframerFor(crossing.protocol, 'till');
  return [...deframer.push(crossing.bytes), ...deframer.flush()];
}

/** One frame in words. Never throws. */
export function readFrame(
  protocol: Protocol,
  frame: Frame,
  head: Pick<WireFrame, 'at' | 'epoch' | 'from'>,
): WireFrame {
  const { from } = head;
  const bytes = bytesOf(frame);
  const { length } = bytes;
  switch (frame.kind) {
    case 'control':
      return { ...head, name: frame.name, fields: {}, hex: toHex(bytes), length };
    case 'noise':
      return {
        ...head,
        name: 'noise',
        fields: { reason: frame.reason },
        hex: toHex(unreadReplaced(bytes)),
        length,
      };
    case 'frame': {
      const check = frame.check === 'ok' ? 'good' : 'bad';
      // A trace must not end a till, whatever is in the frame.
      try {
        const described = protocol.describe(frame.data, from);
        const masking = maskingOf(protocol);
        const hex = masking === undefined ? '' : toHex(shown(masking, frame, from, described));
        const said = masking?.fields?.(described) ?? described.fields;
        const fields = check === 'good' ? said : {};
        return { ...head, name: described.name, fields, hex, length, check };
      } catch {
        return { ...head, name: 'unreadable frame', fields: {}, hex: '', length, check };
      }
    }
  }
}
