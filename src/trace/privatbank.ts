import { jsonReplaced, type Shown } from './json-text.ts';
import type { Masking } from './masking.ts';
import { unreadReplaced } from './replaced.ts';

/** The message around its parameters. */
const around = /^(?:method|step|error|errorde.*|msgtype)$/i;

/**
 * JSON and one byte 00. What the description keeps back is kept back here; a key that it does not know is,
 * too.
 */
export const privatbankMasking: Masking = {
  data(data, _from, { name, fields }) {
    if (name === 'unreadable') return unreadReplaced(data);
    const described = new Map(
      Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]),
    );
    const shownOf = (key: string): Shown => {
      if (/^pan$/i.test(key)) return 'card';
      if (around.test(key)) return 'text';
      const value = described.get(key.toLowerCase());
      return value === undefined || value === '***' ? 'nothing' : 'text';
    };
    return jsonReplaced(data, shownOf);
  },
  frame: (data) => Uint8Array.from([...data, 0x00]),
  check: 0,
};
