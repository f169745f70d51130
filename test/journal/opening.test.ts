import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'libsql';
import { describe, expect, test } from 'vitest';
import { genesis } from '../../src/journal/head.ts';
import { migrations } from '../../src/journal/migrations.ts';
import { entryPayload, intentPayload } from '../../src/journal/payload.ts';
import { RecordTable, startChain } from '../../src/journal/record-table.ts';
import { openJournal, readJournal } from '../../src/journal/sqlite.ts';
import { sent, terminal, voidIntent, writeVoid } from './support/intents.ts';
import { freshPlace, openThere, type Place, tickingClock } from './support/place.ts';

/** A journal with two voids in it, closed. */
async function writtenPlace(): Promise<Place> {
  const place = freshPlace();
  const journal = await openThere(place);
  await writeVoid(journal, 'a');
  await writeVoid(journal, 'b');
  journal.close();
  return place;
}

const opening = ({ path, key }: Place) => openJournal({ path, key, clock: tickingClock() });

/** It fails with these words and the file's name, and leaves the file as it is. */
async function expectRefused(place: Place, words: string | RegExp) {
  const before = readFileSync(place.path);
  const refused = expect(opening(place)).rejects;
  await refused.toMatchObject({ code: 'journal-failed', effect: 'none' });
  await expect(opening(place)).rejects.toThrow(words);
  await expect(opening(place)).rejects.toThrow(place.path);
  expect(readFileSync(place.path).equals(before)).toBe(true);
}

function sql(place: Place, statements: string) {
  const database = new Sqlite(place.path);
  database.exec(statements);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

describe('opening refuses, and never starts anew over', () => {
  test('an empty file', async () => {
    const place = await writtenPlace();
    truncateSync(place.path, 0);
    await expectRefused(place, 'is not a journal of Tillwire');
  });

  test('a file that is no database', async () => {
    const place = await writtenPlace();
    writeFileSync(place.path, 'not a database at all '.repeat(100));
    await expectRefused(place, 'is not a journal of Tillwire');
  });

  test("another program's database", async () => {
    const place = await writtenPlace();
    rmSync(place.path);
    sql(place, 'CREATE TABLE customers (name TEXT)');
    await expectRefused(place, 'is not a journal of Tillwire');
  });

  test('a journal with damaged pages', async () => {
    const place = await writtenPlace();
    const file = openSync(place.path, 'r+');
    writeSync(file, Buffer.alloc(2_000, 0xff), 0, 2_000, 2_048);
    closeSync(file);
    await expectRefused(place, /is damaged/);
  });

  test('a journal that was cut short', async () => {
    const place = await writtenPlace();
    truncateSync(place.path, statSync(place.path).size - 3_000);
    await expectRefused(place, /is damaged/);
  });

  test('a journal of a newer version', async () => {
    const place = await writtenPlace();
    sql(place, `PRAGMA user_version = ${migrations.length + 1}`);
    await expectRefused(place, 'was written by a newer Tillwire');
  });

  test('a journal whose last records were deleted', async () => {
    const place = await writtenPlace();
    sql(place, 'DROP TRIGGER record_is_never_removed; DELETE FROM record WHERE seq > 8');
    await expectRefused(place, 'ends with record 8, but record 10 was written last');
  });

  test('a journal whose note of the last record was changed too', async () => {
    const place = await writtenPlace();
    sql(
      place,
      `DROP TRIGGER record_is_never_removed; DELETE FROM record WHERE seq > 8;
       UPDATE head SET seq = 8, hash = (SELECT hash FROM record WHERE seq = 8)`,
    );
    await expectRefused(place, 'does not fit its key');
  });

  test('a journal whose last record was edited', async () => {
    const place = await writtenPlace();
    sql(
      place,
      `DROP TRIGGER record_is_never_changed; UPDATE record SET payload = '{}' WHERE seq = 10`,
    );
    await expectRefused(place, 'is not as it was written at record 10');
  });

  test('a journal whose key is missing, and makes no other key', async () => {
    const place = await writtenPlace();
    rmSync(place.key);
    await expectRefused(place, `its key ${place.key} is missing`);
    expect(() => statSync(place.key)).toThrow('ENOENT');
  });

  test.each(['', 'secret', 'ab'.repeat(31)])('a journal with %j for a key', async (key) => {
    const place = await writtenPlace();
    writeFileSync(place.key, key);
    await expectRefused(place, 'is no key');
  });

  test("a journal with another journal's key", async () => {
    const place = await writtenPlace();
    writeFileSync(place.key, 'ab'.repeat(32));
    await expectRefused(place, 'does not fit its key');
  });
});

describe('a new journal', () => {
  test('cannot be made where nothing can be written', async () => {
    const place = freshPlace();
    writeFileSync(join(place.folder, 'file'), '');
    const path = join(place.folder, 'file/journal.db');
    await expect(opening({ ...place, path })).rejects.toMatchObject({ code: 'journal-failed' });
    await expect(opening({ ...place, path })).rejects.toThrow(path);
  });

  test('cannot be made when its key cannot be written, and is not made then', async () => {
    const place = freshPlace();
    writeFileSync(join(place.folder, 'file'), '');
    const key = join(place.folder, 'file/journal.key');
    await expect(opening({ ...place, key })).rejects.toThrow(key);
    expect(() => statSync(place.path)).toThrow('ENOENT');
  });

  test.each(['state/journal.key', 'state/deeper/journal.key'])(
    'does not take a key in its own folder (%s)',
    async (key) => {
      const place = freshPlace();
      await expect(opening({ ...place, key: join(place.folder, key) })).rejects.toThrow(
        'in the same folder',
      );
    },
  );

  test('keeps the key that is there', async () => {
    const place = freshPlace();
    mkdirSync(dirname(place.key), { recursive: true });
    writeFileSync(place.key, `${'cd'.repeat(32)}\n`);
    await openThere(place);
    expect(readFileSync(place.key, 'utf8')).toBe(`${'cd'.repeat(32)}\n`);
  });

  test('is not made by somebody who only wants to look', async () => {
    const place = freshPlace();
    await expect(readJournal(place)).rejects.toThrow('is not there');
    expect(() => statSync(place.path)).toThrow('ENOENT');
  });
});

/** The table that version 2 had of where each intent stands. */
const standingsOfVersion2 = `
  CREATE TABLE standing (
    key TEXT PRIMARY KEY,
    first INTEGER NOT NULL UNIQUE,
    terminal TEXT NOT NULL,
    standing TEXT NOT NULL
  ) STRICT;
  CREATE INDEX standing_of_terminal ON standing (terminal, standing, first);
  INSERT INTO standing VALUES ('a', 1, '${terminal}', 'unsent'), ('b', 3, '${terminal}', 'open');
  PRAGMA user_version = 2`;

/** A journal as version 1 wrote it: without a table of standings. */
function writeVersion1(place: Place, key: Uint8Array) {
  mkdirSync(dirname(place.path), { recursive: true });
  const database = new Sqlite(place.path);
  migrations[0]?.(database);
  startChain(database, key);
  // Of the later tables only the statements need to be there.
  database.exec('CREATE TEMP TABLE standing (first, last, key, standing)');
  const table = new RecordTable(database);
  let end = genesis;
  for (const name of ['a', 'b']) {
    const payload = intentPayload(voidIntent(name), key);
    end = table.add(key, end, [
      { at: 1, key: name, type: 'intent', payload },
      { at: 2, key: name, type: 'sent', payload: entryPayload(sent) },
    ]);
  }
  const payload = entryPayload({ type: 'not-sent', why: 'cancelled' });
  table.add(key, end, [{ at: 3, key: 'a', type: 'not-sent', payload }]);
  database.exec('PRAGMA user_version = 1');
  database.close();
}

describe('an older journal', () => {
  test.each([1, 2])(
    'of version %i is brought to this one, and what was open is open',
    async (version) => {
      const place = freshPlace();
      mkdirSync(dirname(place.key), { recursive: true });
      writeFileSync(place.key, 'ef'.repeat(32));
      writeVersion1(place, Buffer.from('ef'.repeat(32), 'hex'));
      if (version === 2) sql(place, standingsOfVersion2);
      const journal = await openThere(place);
      expect((await journal.open(terminal)).map(({ intent }) => intent.key)).toEqual(['b']);
      expect(journal.verify()).toMatchObject({ ok: true, head: { seq: 5 } });
      expect(journal.show('a')).toMatchObject({ standing: 'unsent', entries: [{}, {}] });
      await writeVoid(journal, 'c');
      journal.close();
      expect((await openThere(place)).verify()).toMatchObject({ ok: true, head: { seq: 10 } });
    },
  );

  test('is left as it was when that fails', async () => {
    const place = freshPlace();
    mkdirSync(dirname(place.key), { recursive: true });
    writeFileSync(place.key, 'ef'.repeat(32));
    writeVersion1(place, Buffer.from('ef'.repeat(32), 'hex'));
    sql(place, 'CREATE INDEX standing_open ON record (type)');
    await expect(opening(place)).rejects.toMatchObject({ code: 'journal-failed' });
    sql(place, 'DROP INDEX standing_open');
    expect((await openThere(place)).verify().ok).toBe(true);
  });
});

test('bytes after the end of the write-ahead log do not matter', async () => {
  const place = await writtenPlace();
  appendFileSync(`${place.path}-wal`, Buffer.alloc(100, 7));
  expect((await openThere(place)).verify()).toMatchObject({ ok: true, head: { seq: 10 } });
});
