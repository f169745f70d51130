import { checkSize } from '../framing/check-sums.ts';
import { partsOf, writeFrame } from '../framing/shaped-frame.ts';
import type { ProfileProtocol } from '../profiles/compile.ts';
import { isFramePart, type Side, type Wire } from '../profiles/message.ts';
import type { Field } from '../profiles/value.ts';
import { jsonReplaced, type Shown } from './json-text.ts';
import type { Masking } from './masking.ts';
import { bodyOf, spansOf } from './profile-spans.ts';
import { allReplaced, bytesReplaced, cardsReplaced, numberReplaced } from './replaced.ts';

const filled = (value: Uint8Array, character: string): Uint8Array =>
  new Uint8Array(value.length).fill(character.charCodeAt(0));

/** Digits have to stay digits, or an answer could not be read any more. */
function replaced({ type, secret, means }: Field, value: Uint8Array): Uint8Array {
  switch (type) {
    case 'text':
    case 'digits': {
      const by = type === 'text' ? '*' : '0';
      if (secret === true) return filled(value, by);
      return means === 'card' ? numberReplaced(value, by) : cardsReplaced(value);
    }
    case 'bcd':
      if (secret === true) return new Uint8Array(value.length);
      return means === 'card'
        ? Uint8Array.of(...new Uint8Array(Math.max(0, value.length - 2)), ...value.slice(-2))
        : value;
    case 'number':
      return secret === true ? new Uint8Array(value.length) : value;
    case 'hex':
      return secret === true || means === 'card' ? allReplaced(value) : bytesReplaced(value);
  }
}

/** Keys of a JSON body; of two fields with the same key at different places the one that shows less counts. */
function jsonShown(wire: Wire, side: Side): (key: string) => Shown {
  const shown = new Map<string, Shown>();
  for (const { key, name, secret, means } of wire.fields(side)) {
    const last = (key ?? name).split('.').at(-1) ?? '';
    const how = secret === true ? 'nothing' : means === 'card' ? 'card' : 'text';
    const before = shown.get(last);
    if (before === undefined || before === 'text' || how === 'nothing') shown.set(last, how);
  }
  return (key) => shown.get(key) ?? 'nothing';
}

/** By the profile's own fields. What stands in none of them, or cannot be read, is not shown. */
export function profileMasking({ wire }: ProfileProtocol): Masking {
  const json = wire.profile.body.codec === 'json';
  return {
    data(data, from, { name }) {
      const out = data.slice();
      const { spans, whole } = spansOf(wire, data, from, name);
      const body = bodyOf(wire, data);
      if (body !== undefined && !whole)
        out.set(allReplaced(data.slice(body.at, body.end)), body.at);
      if (body !== undefined && json)
        out.set(jsonReplaced(data.slice(body.at, body.end), jsonShown(wire, from)), body.at);
      for (const span of spans) {
        const value = data.slice(span.from, span.to);
        const shown = span.field === undefined ? allReplaced(value) : replaced(span.field, value);
        out.set(shown, span.from);
      }
      return out;
    },
    /** `data` is the frame itself, not stuffed; its check is made anew. */
    frame(data) {
      const placed = partsOf(wire.shape, data);
      const fields = placed.flatMap(({ part, at, end }): [string, Uint8Array][] =>
        part.part === 'field' && isFramePart(wire, part.name)
          ? [[part.name, data.slice(at, end)]]
          : [],
      );
      const body = bodyOf(wire, data);
      const bytes = body === undefined ? new Uint8Array() : data.slice(body.at, body.end);
      return writeFrame(wire.shape, bytes, new Map(fields));
    },
    check: wire.shape.parts.reduce(
      (size, part) => (part.part === 'check' ? size + checkSize(part.check) : size),
      0,
    ),
  };
}
