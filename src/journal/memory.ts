import type { Entry, Intent, Journal } from './journal.ts';
import { knownTransactions } from './known.ts';
import { standingOf } from './standing.ts';

/** A journal that lasts as long as its process: for tests and for trying things out. */
export function memoryJournal(): Journal {
  const records = new Map<string, { readonly intent: Intent; readonly entries: Entry[] }>();
  const of = (terminal: string) =>
    [...records.values()].filter(({ intent }) => intent.terminal === terminal);
  return {
    async begin(intent) {
      const known = records.get(intent.key);
      if (known !== undefined)
        return { type: 'known', intent: known.intent, entries: [...known.entries] };
      records.set(intent.key, { intent, entries: [] });
      return { type: 'new' };
    },
    async append(key, ...entries) {
      const record = records.get(key);
      if (record === undefined) throw new Error(`The journal holds no intent ${key}.`);
      record.entries.push(...entries);
    },
    async open(terminal) {
      return of(terminal).filter(({ entries }) => standingOf(entries) === 'open');
    },
    async known(terminal) {
      return knownTransactions(of(terminal));
    },
  };
}
