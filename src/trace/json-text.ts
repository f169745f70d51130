import { fromLatin1, toLatin1 } from '../framing/bytes.ts';
import { maskCardNumbers } from '../model/mask.ts';

/** How a value is shown. `card`: its last four digits; `text`: as it is, card numbers in it apart. */
export type Shown = 'text' | 'card' | 'nothing';

/** A text in quotes; or a number, a word, and whatever else is no punctuation. */
const token = /"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+/g;

/** In quotes stars, elsewhere ones: it stays JSON. */
function masked(value: string, shown: Shown): string {
  const star = value.startsWith('"') ? '*' : '1';
  switch (shown) {
    case 'text':
      return maskCardNumbers(value);
    case 'card':
      return value.replace(/\d(?=(?:\D*\d){4})/g, star);
    case 'nothing':
      return star === '*' ? `"${star.repeat(value.length - 2)}"` : value.replace(/\d/g, star);
  }
}

/** JSON as it was written, blanks and mistakes and all, with the values of some keys replaced. */
export function jsonReplaced(json: Uint8Array, shownOf: (key: string) => Shown): Uint8Array {
  const text = fromLatin1(json);
  let key = '';
  return toLatin1(
    text.replace(token, (found: string, at: number) => {
      const isKey = /^\s*:/.test(text.slice(at + found.length, at + found.length + 8));
      if (!isKey) return masked(found, shownOf(key));
      key = found.replace(/^"|"$/g, '').trim();
      return maskCardNumbers(found);
    }),
  );
}
