import Sqlite from 'libsql';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/exit.ts';
import {
  type JournalAction,
  type JournalCommandOptions,
  journalCommand,
} from '../../src/cli/journal.ts';
import type { Output } from '../../src/cli/output.ts';
import { formatHead, type Head } from '../../src/journal/head.ts';
import { sent, voidIntent, writeVoid } from './support/intents.ts';
import { freshPlace, openThere, type Place } from './support/place.ts';

/** Keeps what was printed, for a person and for a program. */
function recording() {
  const texts: string[] = [];
  const objects: object[] = [];
  const notes: string[] = [];
  const output: Output = {
    event: () => {},
    error: () => {},
    line(text, json) {
      texts.push(text);
      objects.push(json);
    },
    note: (text) => void notes.push(text),
    speak: () => {},
  };
  return { output, texts, objects, notes };
}

async function written(): Promise<{ place: Place; head: Head }> {
  const place = freshPlace();
  const journal = await openThere(place);
  await writeVoid(journal, 'a');
  await journal.begin(voidIntent('b', { terminal: 'transbank+mock:' }));
  await journal.append('b', sent);
  const head = journal.head();
  journal.close();
  return { place, head };
}

async function run(
  { path, key }: Place,
  action: JournalAction,
  options: JournalCommandOptions = {},
) {
  const { output, ...printed } = recording();
  const status = await journalCommand(action, { path, keyFile: key, ...options }, output);
  return { status, ...printed };
}

const edit = ({ path }: Place) => {
  const database = new Sqlite(path);
  database.exec(
    `DROP TRIGGER record_is_never_changed; UPDATE record SET payload = '{}' WHERE seq = 3`,
  );
  database.close();
};

describe('tillwire journal list', () => {
  test('prints one line for each intent', async () => {
    const { place } = await written();
    const { status, texts, objects } = await run(place, 'list');
    expect(status).toBe(0);
    expect(texts).toEqual([
      '2026-05-03T12:00:01.000Z  void      CLP 1,500  voided  a  transbank+serial:/dev/ttyACM0  by ana',
      '2026-05-03T12:00:05.000Z  void      CLP 1,500  OPEN, it left the till and has no outcome  b  transbank+mock:  by ana',
      'Intents: 2.',
    ]);
    expect(objects.at(0)).toMatchObject({
      type: 'intent',
      standing: 'ended',
      intent: { key: 'a' },
    });
    expect(objects.at(-1)).toMatchObject({ type: 'result', outcome: 'listed', count: 2 });
  });

  test('prints only what is open, or only one terminal', async () => {
    const { place } = await written();
    expect((await run(place, 'list', { open: true })).texts).toHaveLength(2);
    expect(
      (await run(place, 'list', { terminal: 'transbank+mock:' })).objects.at(-1),
    ).toMatchObject({ count: 1 });
    expect((await run(place, 'list', { terminal: 'nowhere' })).texts).toEqual(['Intents: 0.']);
  });
});

describe('tillwire journal show', () => {
  test('prints every record of an intent', async () => {
    const { place } = await written();
    const { status, objects, texts } = await run(place, 'show', { key: 'a' });
    expect(status).toBe(0);
    expect(objects.map((object) => ('event' in object ? object.event : 'result'))).toEqual([
      'intent',
      'evidence',
      'sent',
      'answer',
      'outcome',
      'result',
    ]);
    expect(texts.at(-1)).toBe('a: ended.');
  });

  test('says when there is none, and when no key was given', async () => {
    const { place } = await written();
    expect(await run(place, 'show', { key: 'c' })).toMatchObject({
      status: 1,
      texts: ['The journal holds no intent c.'],
    });
    await expect(run(place, 'show')).rejects.toThrow(UsageError);
  });
});

describe('tillwire journal verify', () => {
  test('says what was checked and prints the head', async () => {
    const { place, head } = await written();
    const printed = formatHead(head);
    expect(await run(place, 'verify', { head: printed })).toMatchObject({
      status: 0,
      texts: [
        `7 records follow one another, each as it was written, and the head ${printed} is in it. Head: ${printed}`,
      ],
      objects: [{ type: 'result', outcome: 'verified', count: 7, head: printed }],
    });
  });

  test('names the record that is not as it was written', async () => {
    const { place } = await written();
    edit(place);
    expect(await run(place, 'verify')).toMatchObject({
      status: 1,
      objects: [{ outcome: 'broken', flaw: 'edited', seq: 3 }],
    });
  });

  test('takes no other text for a head', async () => {
    const { place } = await written();
    await expect(run(place, 'verify', { head: 'abc' })).rejects.toThrow(UsageError);
  });
});

describe('tillwire journal export', () => {
  test('prints JSON Lines, the result last', async () => {
    const { place } = await written();
    const { status, texts, objects } = await run(place, 'export');
    expect(status).toBe(0);
    expect(texts.map((text) => JSON.parse(text).seq)).toEqual([1, 2, 3, 4, 5, 6, 7, undefined]);
    expect(objects.at(-1)).toMatchObject({ type: 'result', outcome: 'exported' });
  });

  test('prints CSV with its header first, and the same objects', async () => {
    const { place } = await written();
    const { texts, objects } = await run(place, 'export', { format: 'csv' });
    expect(texts).toHaveLength(8);
    expect(texts.at(0)).toMatch(/^seq,when,event,key,who,what,amount,currency,/);
    expect(texts.at(7)).toMatch(/^7,/);
    expect(objects).toEqual((await run(place, 'export')).objects);
  });

  test('prints a broken journal too, and says that it is', async () => {
    const { place } = await written();
    edit(place);
    const { status, objects, notes } = await run(place, 'export');
    expect(status).toBe(1);
    expect(objects).toHaveLength(8);
    expect(objects.at(-1)).toMatchObject({ outcome: 'broken', seq: 3 });
    expect(notes.join()).toContain('Record 3');
  });
});

test.each(['list', 'show', 'verify', 'export'] as const)(
  'tillwire journal %s makes no journal where there is none',
  async (action) => {
    await expect(run(freshPlace(), action, { key: 'a' })).rejects.toThrow('is not there');
  },
);
