import { sameBytes, toHex } from '../framing/bytes.ts';
import { readLength } from '../framing/length-field.ts';
import { type Placed, partsOf } from '../framing/shaped-frame.ts';
import { readTlvLength } from '../framing/tlv.ts';
import { fromHex } from '../profiles/body.ts';
import { commandsOf } from '../profiles/check-commands.ts';
import { isFramePart, type Side, type Wire } from '../profiles/message.ts';
import type { Profile } from '../profiles/schema.ts';
import type { Field } from '../profiles/value.ts';

/** Where the value of a field stands. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Nothing: it stands in no field of the profile. */
  readonly field: Field | undefined;
}

type TlvBody = Extract<Profile['body'], { codec: 'tlv' }>;

/** The body of a whole frame that is not stuffed. */
export function bodyOf(wire: Wire, data: Uint8Array): Placed | undefined {
  return partsOf(wire.shape, data).find(({ part }) => part.part === 'body');
}

/** The fields of a message in their order, where its body does not name them. `name`: what it was described as. */
function layoutOf(wire: Wire, name: string, side: Side): readonly Field[] {
  const { intermediates } = wire.profile;
  const names = commandsOf(wire.profile).flatMap(([command, { send, answer }]) => {
    const own = command.replace(/^others\./, '');
    if (side === 'till') return own === name ? [Object.keys(send)] : [];
    return `${own} answer` === name ? [answer.fields] : [];
  });
  const between = intermediates.flatMap(({ is, fields }) => (is === name ? [fields] : []));
  // Several that are described alike are read alike only if they are laid out alike.
  const [first = [], ...others] = [...names, ...between];
  if (others.some((other) => other.join() !== first.join())) return [];
  return first
    .filter((one) => !isFramePart(wire, one))
    .flatMap((one) => wire.field(one, side) ?? []);
}

/** Every value of a message in place; what no span covers is framing, or cannot be read. `whole`: all could. */
export function spansOf(
  wire: Wire,
  data: Uint8Array,
  side: Side,
  name: string,
): { readonly spans: readonly Span[]; readonly whole: boolean } {
  const placed = partsOf(wire.shape, data);
  const outside = placed.flatMap(({ part, at, end }): Span[] =>
    part.part === 'field' ? [{ from: at, to: end, field: wire.field(part.name, side) }] : [],
  );
  const body = placed.find(({ part }) => part.part === 'body');
  if (body === undefined) return { spans: outside, whole: true };
  const { spans, whole } = bodySpans(wire, data.subarray(body.at, body.end), side, name);
  const moved = spans.map((span) => ({
    ...span,
    from: span.from + body.at,
    to: span.to + body.at,
  }));
  return { spans: [...outside, ...moved], whole };
}

function bodySpans(wire: Wire, body: Uint8Array, side: Side, name: string) {
  const { codec } = wire.profile.body;
  switch (codec) {
    case 'json':
      return { spans: [], whole: true };
    case 'tlv':
      return elementSpans(wire, wire.profile.body, body, side);
    case 'fixed':
      return columnSpans(layoutOf(wire, name, side), body);
    case 'delimited':
      return separatedSpans(layoutOf(wire, name, side), fromHex(wire.profile.body.separator), body);
  }
}

function columnSpans(layout: readonly Field[], body: Uint8Array) {
  const spans: Span[] = [];
  let at = 0;
  for (const field of layout) {
    const to = field.size === undefined ? body.length : at + field.size;
    if (to > body.length) break;
    spans.push({ from: at, to, field });
    at = to;
  }
  return { spans, whole: at === body.length };
}

function separatedSpans(layout: readonly Field[], separator: Uint8Array, body: Uint8Array) {
  const spans: Span[] = [];
  let from = 0;
  for (let index = 0; from <= body.length; index++) {
    let to = from;
    while (to < body.length && !sameBytes(body.subarray(to, to + separator.length), separator))
      to++;
    spans.push({ from, to, field: layout[index] });
    from = to + separator.length;
  }
  return { spans, whole: true };
}

function elementSpans(wire: Wire, tlv: TlvBody, body: Uint8Array, side: Side) {
  const spans: Span[] = [];
  let at = 0;
  for (const name of tlv.head) {
    const field = wire.field(name, side);
    const to = at + (field?.size ?? 0);
    if (field === undefined || to > body.length) return { spans, whole: false };
    spans.push({ from: at, to, field });
    at = to;
  }
  at += tlv.headEnd === undefined ? 0 : fromHex(tlv.headEnd).length;
  const found = elements(tlv, body, at, body.length);
  const fields = wire.fields(side).filter(({ name }) => !tlv.head.includes(name));
  const known = found.list.map(
    ({ tag, from, to }): Span => ({
      from,
      to,
      field: strictest(fields.filter((field) => field.tag?.toUpperCase() === tag)),
    }),
  );
  return { spans: [...spans, ...known], whole: found.whole };
}

/** Of several fields in the same place, the one that shows least. */
const strictest = (fields: readonly Field[]): Field | undefined =>
  fields.find(({ secret }) => secret === true) ??
  fields.find(({ means }) => means === 'card') ??
  fields[0];

interface Element {
  readonly tag: string;
  readonly from: number;
  readonly to: number;
}

/** Elements with their places; of one that is made of others these, and not itself. */
function elements(
  tlv: TlvBody,
  bytes: Uint8Array,
  begin: number,
  stop: number,
  inside = '',
): { readonly list: readonly Element[]; readonly whole: boolean } {
  const list: Element[] = [];
  const end = tlv.elementEnd === undefined ? 0 : fromHex(tlv.elementEnd).length;
  for (let at = begin; at < stop; ) {
    const length = lengthAt(tlv, bytes.subarray(0, stop), at + tlv.tag);
    const from = at + tlv.tag + (length?.size ?? 0);
    const to = from + (length?.number ?? 0);
    if (length === undefined || to + end > stop) return { list, whole: false };
    const own = toHex(bytes.subarray(at, at + tlv.tag)).toUpperCase();
    const tag = inside === '' ? own : `${inside}/${own}`;
    const nested = inside === '' && tlv.nested.some((one) => one.toUpperCase() === own);
    const inner = nested ? elements(tlv, bytes, from, to, own) : undefined;
    if (inner?.whole === true) list.push(...inner.list);
    else list.push({ tag, from, to });
    at = to + end;
  }
  return { list, whole: true };
}

function lengthAt(
  { length }: TlvBody,
  bytes: Uint8Array,
  at: number,
): { readonly number: number; readonly size: number } | undefined {
  if (length.encoding === 'ber') return readTlvLength(bytes, at);
  const field = bytes.subarray(at, at + length.size);
  if (field.length < length.size) return undefined;
  const number = readLength(field, length.encoding);
  return number === undefined ? undefined : { number, size: length.size };
}
