import { cpSync } from 'node:fs';
import Sqlite from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatHead, type Head, parseHead } from '../../src/journal/head.ts';
import type { JournalReader } from '../../src/journal/reader.ts';
import { readJournal } from '../../src/journal/sqlite.ts';
import { sent, voidIntent, writeVoid } from './support/intents.ts';
import { freshPlace, openThere, type Place } from './support/place.ts';

/** A copy of a journal of 11 records, changed behind its back. */
async function tampered(statements: string): Promise<{ journal: JournalReader; head: Head }> {
  const place: Place = freshPlace();
  const original = await openThere(place);
  await writeVoid(original, 'a');
  await original.begin(voidIntent('b'));
  await original.append('b', sent);
  await original.begin(voidIntent('c'));
  await original.append('c', sent);
  await original.append('b', { type: 'in-doubt', code: 'no-answer', message: 'No answer.' });
  await original.append('c', { type: 'not-sent', why: 'cancelled' });
  const head = original.head();
  original.close();
  const path = `${place.path}.copy`;
  cpSync(place.path, path);
  const database = new Sqlite(path);
  database.exec(
    `DROP TRIGGER record_is_never_changed; DROP TRIGGER record_is_never_removed; ${statements}`,
  );
  database.close();
  const journal = await readJournal({ path, key: place.key });
  onTestFinished(() => journal.close());
  return { journal, head };
}

describe('verify finds', () => {
  test.each([
    [
      'an edited amount',
      `UPDATE record SET payload = replace(payload, '1500', '9500') WHERE seq = 1`,
      'edited',
      1,
    ],
    [
      'an edited operator',
      `UPDATE record SET payload = replace(payload, 'ana', 'bob') WHERE seq = 6`,
      'edited',
      6,
    ],
    ['an edited time', 'UPDATE record SET at = at + 1 WHERE seq = 7', 'edited', 7],
    ['a record given to another intent', `UPDATE record SET key = 'a' WHERE seq = 7`, 'edited', 7],
    [
      'an outcome turned into a doubt',
      `UPDATE record SET type = 'in-doubt' WHERE seq = 5`,
      'edited',
      5,
    ],
    ['a removed record', 'DELETE FROM record WHERE seq = 7', 'removed', 7],
    ['a removed first record', 'DELETE FROM record WHERE seq = 1', 'removed', 1],
    ['two removed records', 'DELETE FROM record WHERE seq IN (3, 8)', 'removed', 3],
    ['a cut end', 'DELETE FROM record WHERE seq > 9', 'truncated', 10],
    ['everything cut off', 'DELETE FROM record', 'truncated', 1],
    [
      'records that changed places',
      'UPDATE record SET seq = 100 WHERE seq = 7; UPDATE record SET seq = 7 WHERE seq = 9; UPDATE record SET seq = 9 WHERE seq = 100',
      'reordered',
      7,
    ],
    [
      'an invented record',
      `INSERT INTO record VALUES (12, 1, 'b', 'not-sent', '{"why":"x"}', '${'ab'.repeat(32)}')`,
      'edited',
      12,
    ],
    ['a note of the end that was changed', 'UPDATE head SET seq = 9', 'head', 11],
    ['a note of the end that was removed', 'DELETE FROM head', 'head', 11],
    ['an open intent taken off the list', `DELETE FROM standing WHERE key = 'b'`, 'index', 6],
    [
      'an open intent called ended',
      `UPDATE standing SET standing = 'ended' WHERE key = 'b'`,
      'index',
      6,
    ],
    [
      'the end of an intent cut off in the list',
      `UPDATE standing SET last = first WHERE key = 'b'`,
      'index',
      6,
    ],
    [
      'an intent given to another terminal',
      `UPDATE standing SET terminal = 'x' WHERE key = 'c'`,
      'index',
      8,
    ],
  ])('%s', async (_, statements, flaw, seq) => {
    const { journal, head } = await tampered(statements);
    expect(journal.verify()).toMatchObject({ ok: false, flaw, seq });
    expect(journal.verify(head).ok).toBe(false);
  });

  test('nothing where nothing was changed', async () => {
    const { journal, head } = await tampered('');
    expect(journal.verify(parseHead(formatHead(head)))).toEqual({ ok: true, head });
  });

  test('a whole journal put back to an earlier day, by a head that was printed since', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    await writeVoid(journal, 'a');
    journal.close();
    cpSync(place.path, `${place.path}.yesterday`);
    const today = await openThere(place);
    await writeVoid(today, 'b');
    const printed = parseHead(formatHead(today.head()));
    today.close();
    const restored = await readJournal({ path: `${place.path}.yesterday`, key: place.key });
    onTestFinished(() => restored.close());
    expect(restored.verify().ok).toBe(true);
    expect(restored.verify(printed)).toMatchObject({ flaw: 'truncated', seq: 6 });
  });
});

describe('a list of intents that was tampered with', () => {
  test.each([
    ['has lost an intent', `DELETE FROM standing WHERE key = 'b'`],
    ['has lost the end of one', `UPDATE standing SET last = first WHERE key = 'b'`],
    ['calls an open one ended', `UPDATE standing SET standing = 'ended' WHERE key = 'b'`],
  ])('and %s never makes a command look as if it had not left', async (_, statements) => {
    const { journal } = await tampered(statements);
    expect(() => journal.show('b')).toThrow('a list of intents that is wrong about record 6');
    expect(journal.show('a')).toMatchObject({ standing: 'ended' });
  });
});

describe('a record that was tampered with', () => {
  test('is never handed out as what is known of an intent', async () => {
    const { journal } = await tampered(`UPDATE record SET payload = '{"why":"x"}' WHERE seq = 5`);
    expect(() => journal.show('a')).toThrow('is not as it was written at record 5');
    expect(() => journal.list()).toThrow('record 5');
    expect(journal.show('b')).toMatchObject({ standing: 'open' });
  });

  test('stops a journal that is being written', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    await journal.begin(voidIntent('a'));
    await journal.append('a', sent);
    const database = new Sqlite(place.path);
    database.exec('DROP TRIGGER record_is_never_removed; DELETE FROM record WHERE seq = 2');
    database.exec('UPDATE head SET seq = 1, hash = (SELECT hash FROM record WHERE seq = 1)');
    database.close();
    await expect(journal.append('a', sent)).rejects.toMatchObject({ code: 'journal-failed' });
    await expect(journal.begin(voidIntent('b'))).rejects.toMatchObject({ code: 'journal-failed' });
  });

  test('is not made by an honest mistake in SQL', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    await writeVoid(journal, 'a');
    const database = new Sqlite(place.path);
    expect(() => database.exec('DELETE FROM record')).toThrow('never removed');
    expect(() => database.exec('UPDATE record SET at = 0')).toThrow('never changed');
    database.close();
    expect(journal.verify().ok).toBe(true);
  });
});
