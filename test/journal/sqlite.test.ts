import { readdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  answer,
  decision,
  evidence,
  inDoubt,
  notSent,
  recovery,
  sent,
  terminal,
  voided,
  voidIntent,
  writeVoid,
} from './support/intents.ts';
import { freshPlace, openThere } from './support/place.ts';

describe('a journal in a file', () => {
  test('is there after it was closed and opened again', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    await writeVoid(journal, 'a');
    const head = journal.head();
    journal.close();
    const again = await openThere(place);
    expect(again.head()).toEqual(head);
    expect(await again.begin(voidIntent('a'))).toMatchObject({
      type: 'known',
      intent: voidIntent('a'),
      entries: [evidence, sent, answer, voided('a')],
    });
    expect(again.verify(head)).toEqual({ ok: true, head });
  });

  test('shows each record to another reader before its promise resolves', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    const other = await openThere(place);
    await journal.begin(voidIntent('a'));
    expect(other.show('a')).toBeUndefined();
    await journal.append('a');
    expect(other.show('a')?.entries).toEqual([]);
    for (const [i, entry] of [evidence, sent, answer].entries()) {
      await journal.append('a', entry);
      expect(other.show('a')?.entries).toHaveLength(i + 1);
    }
  });

  test('lets only one of two programs open an intent under one key', async () => {
    const place = freshPlace();
    const [one, two] = [await openThere(place), await openThere(place)];
    expect(await one.begin(voidIntent('a'))).toEqual({ type: 'new' });
    expect(await two.begin(voidIntent('a', { terminal: 'transbank+mock:' }))).toEqual({
      type: 'new',
    });
    await one.append('a', sent);
    await expect(two.append('a', sent)).rejects.toMatchObject({
      code: 'key-reused',
      effect: 'none',
    });
    await writeVoid(two, 'b');
    expect(one.verify().ok).toBe(true);
    expect(one.show('a')?.entries).toEqual([sent]);
  });

  test('numbers the records from 1 without gaps, whoever writes', async () => {
    const place = freshPlace();
    const [one, two] = [await openThere(place), await openThere(place)];
    await Promise.all([writeVoid(one, 'a'), writeVoid(two, 'b'), writeVoid(one, 'c')]);
    expect([...two.records()].map(({ seq }) => seq)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1),
    );
    expect(two.verify().ok).toBe(true);
  });

  test('is for its owner only, and so are its folder and its key', async () => {
    const place = freshPlace();
    await openThere(place);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([place.path, place.key].map(mode)).toEqual(['600', '600']);
    expect([place.path, place.key].map((path) => mode(dirname(path)))).toEqual(['700', '700']);
    expect(readdirSync(dirname(place.path)).filter((name) => name.includes('.new'))).toEqual([]);
  });

  test('writes nothing more after it was closed', async () => {
    const journal = await openThere(freshPlace());
    await journal.begin(voidIntent('a'));
    journal.close();
    await expect(journal.append('a', sent)).rejects.toMatchObject({ code: 'journal-failed' });
  });

  test('writes nothing more once its file was moved away', async () => {
    const place = freshPlace();
    const journal = await openThere(place);
    await journal.begin(voidIntent('a'));
    renameSync(place.path, `${place.path}.old`);
    await expect(journal.append('a', sent)).rejects.toThrow('was moved, removed or replaced');
    renameSync(`${place.path}.old`, place.path);
    await expect(journal.append('a', sent)).rejects.toMatchObject({
      code: 'journal-failed',
      effect: 'none',
    });
  });
});

describe('the intents of a terminal', () => {
  test.each([
    ['nothing was sent', [evidence], []],
    ['it was marked as sent', [evidence, sent], ['a']],
    ['the answer came and was not settled', [sent, answer], ['a']],
    ['it is in doubt', [sent, inDoubt], ['a']],
    ['it is in doubt and the terminal was asked again', [sent, inDoubt, evidence], ['a']],
    ['nothing of it left after all', [sent, notSent], []],
    ['nothing of it left, and it was sent again', [sent, notSent, sent], ['a']],
    ['it has an outcome', [sent, answer, voided('a')], []],
    ['it was in doubt and has an outcome', [sent, inDoubt, voided('a')], []],
    ['recovery has asked and not concluded', [sent, inDoubt, recovery], ['a']],
    ['a person has decided', [sent, inDoubt, recovery, decision], []],
  ])('are open as they should be when %s', async (_, entries, open) => {
    const place = freshPlace();
    const journal = await openThere(place);
    await journal.begin(voidIntent('a'));
    for (const entry of entries) await journal.append('a', entry);
    expect((await journal.open(terminal)).map(({ intent }) => intent.key)).toEqual(open);
    journal.close();
    const again = await openThere(place);
    expect((await again.open(terminal)).map((known) => known.entries)).toEqual(
      open.map(() => entries),
    );
    expect(again.verify().ok).toBe(true);
  });

  test('are listed in their order, by terminal, only the open ones, only the latest', async () => {
    const journal = await openThere(freshPlace());
    await writeVoid(journal, 'a');
    await journal.begin(voidIntent('b', { terminal: 'transbank+mock:' }));
    await journal.append('b');
    await journal.begin(voidIntent('c'));
    await journal.append('c', sent);
    const keys = (selection: object) => journal.list(selection).map(({ intent }) => intent.key);
    expect(keys({})).toEqual(['a', 'b', 'c']);
    expect(keys({ terminal })).toEqual(['a', 'c']);
    expect(keys({ terminal, openOnly: true })).toEqual(['c']);
    expect(keys({ limit: 2 })).toEqual(['b', 'c']);
    expect(journal.show('c')).toMatchObject({ standing: 'open', entries: [sent] });
    expect(journal.show('nobody')).toBeUndefined();
  });
});
