import { toHex } from '../framing/bytes.ts';
import { type Placed, partsOf } from '../framing/shaped-frame.ts';
import { fromHex, writeBody } from './body.ts';
import { isFramePart, type Side, type Wire, writeMessage } from './message.ts';
import { encodeValue, isUnfit } from './value.ts';

/** Some bytes of a frame, and what they are. */
export interface Drawn {
  readonly bytes: Uint8Array;
  readonly label: string;
}

/** A frame that carries these values, piece by piece in the order of the wire. */
export function drawFrame(
  wire: Wire,
  from: Side,
  values: readonly (readonly [string, string])[],
): readonly Drawn[] {
  const frame = writeMessage(wire, from, values);
  if ('limit' in frame) return [];
  return partsOf(wire.shape, frame).flatMap((placed) =>
    drawPart(wire, from, values, placed, frame),
  );
}

function drawPart(
  wire: Wire,
  from: Side,
  values: readonly (readonly [string, string])[],
  { part, at, end }: Placed,
  frame: Uint8Array,
): Drawn[] {
  const bytes = frame.subarray(at, end);
  switch (part.part) {
    case 'constant':
      return [{ bytes, label: part.name }];
    case 'length': {
      const plus = part.plus === 0 ? '' : `, plus ${part.plus}`;
      const label = `${part.name}: counts ${part.counts.join(', ')}${plus} (${part.encoding})`;
      return [{ bytes, label }];
    }
    case 'field': {
      const value = values.find(([name]) => name === part.name)?.[1] ?? '';
      return [{ bytes, label: `${part.name} = ${value}` }];
    }
    case 'check':
      return [{ bytes, label: `${part.name}: ${part.check.kind} from ${part.from} to ${part.to}` }];
    case 'body':
      return drawBody(
        wire,
        from,
        values.filter(([name]) => !isFramePart(wire, name)),
      );
  }
}

function drawBody(wire: Wire, from: Side, values: readonly (readonly [string, string])[]): Drawn[] {
  const { body } = wire.profile;
  const pieces = values.flatMap(([name, value], index) =>
    drawField(wire, from, name, value, index),
  );
  if (body.codec === 'json') return drawJson(wire, from, values);
  if (body.codec !== 'tlv' || body.headEnd === undefined) return pieces;
  const head = { bytes: fromHex(body.headEnd), label: 'end of the head' };
  return [...pieces.slice(0, body.head.length), head, ...pieces.slice(body.head.length)];
}

function drawField(wire: Wire, from: Side, name: string, value: string, index: number): Drawn[] {
  const { body } = wire.profile;
  const field = wire.field(name, from);
  if (field === undefined) return [];
  const bytes = encodeValue(field, value, wire.habits);
  const column = isUnfit(bytes) ? new Uint8Array() : bytes;
  const label = `${name} = ${value}${field.title === undefined ? '' : `  (${field.title})`}`;
  switch (body.codec) {
    case 'tlv': {
      if (body.head.includes(name)) return [{ bytes: column, label }];
      const bare = { ...body, head: [], headEnd: undefined };
      const element = writeBody(bare, [{ field, value }], wire.habits);
      return 'limit' in element ? [] : [{ bytes: element, label: `${field.tag} ${label}` }];
    }
    case 'fixed':
      return [{ bytes: column, label }];
    case 'delimited': {
      const separator = index === 0 ? [] : [{ bytes: fromHex(body.separator), label: 'separator' }];
      return [...separator, { bytes: column, label }];
    }
    case 'json':
      return [];
  }
}

function drawJson(wire: Wire, from: Side, values: readonly (readonly [string, string])[]): Drawn[] {
  const valued = values.flatMap(([name, value]) => {
    const field = wire.field(name, from);
    return field === undefined ? [] : [{ field, value }];
  });
  const bytes = writeBody(wire.profile.body, valued, wire.habits);
  return 'limit' in bytes ? [] : [{ bytes, label: new TextDecoder().decode(bytes) }];
}

const bytesInRow = 16;

/** As lines for a person: sixteen bytes a line, and what they are behind the first. */
export function drawnLines(pieces: readonly Drawn[]): readonly string[] {
  return pieces.flatMap(({ bytes, label }) => {
    const pairs = toHex(bytes).toUpperCase().match(/../g) ?? [];
    const rows = Array.from(
      { length: Math.max(1, Math.ceil(pairs.length / bytesInRow)) },
      (_, row) => pairs.slice(row * bytesInRow, (row + 1) * bytesInRow).join(' '),
    );
    return rows.map((row, index) =>
      `  ${row.padEnd(3 * bytesInRow)} ${index === 0 ? label : ''}`.trimEnd(),
    );
  });
}
