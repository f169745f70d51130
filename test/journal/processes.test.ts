import { randomInt } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readJournal, type SqliteJournal } from '../../src/journal/sqlite.ts';
import { damagedFrame } from '../../src/journal/write-ahead-log.ts';
import { startChild } from './support/child.ts';
import { freshPlace, openThere, type Place, placeIn } from './support/place.ts';

const appender = ({ path, key }: Place, name: string, count: number) =>
  startChild('appender.ts', [path, key, name, String(count)]);

/** Every record that a child called durable is there. */
function expectHeld(journal: SqliteJournal, lines: readonly string[]) {
  const held = new Set([...journal.records()].map(({ key, type }) => `${key} ${type}`));
  for (const line of lines) if (line !== 'open') expect(held).toContain(line);
}

test('three processes that open a new journal at once share one gapless chain', async () => {
  const place = freshPlace();
  const children = ['a', 'b', 'c'].map((name) => appender(place, name, 40));
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const journal = await openThere(place);
  expect(journal.verify()).toMatchObject({ ok: true, head: { seq: 3 * 40 * 5 } });
  expect([...journal.records()].map(({ seq }) => seq)).toEqual(
    Array.from({ length: 600 }, (_, i) => i + 1),
  );
  for (const { lines } of children) expectHeld(journal, lines);
}, 60_000);

test('thirty kills of processes that were writing lose nothing that was called durable', async () => {
  const place = freshPlace();
  const acknowledged: string[] = [];
  for (let round = 0; round < 15; round++) {
    const children = [0, 1].map((i) => appender(place, `${round}-${i}`, 1_000_000));
    await Promise.all(
      children.map(async (child) => {
        await child.written(randomInt(2, 60));
        child.kill();
        expect(await child.ended).toBeNull();
      }),
    );
    for (const { lines } of children) acknowledged.push(...lines);
    const journal = await openThere(place);
    expect(journal.verify()).toMatchObject({ ok: true });
    expectHeld(journal, acknowledged);
    journal.close();
  }
  expect(acknowledged.filter((line) => line.startsWith('failed'))).toEqual([]);
}, 120_000);

/** A journal whose last records lie in its log only, as a killed process leaves them. */
async function killedPlace(): Promise<Place> {
  const place = freshPlace();
  const child = appender(place, 'a', 1_000_000);
  await child.written(60);
  child.kill();
  await child.ended;
  return place;
}

let copies = 0;

/** A copy of a journal with another log. */
function copyWithLog(place: Place, log: Uint8Array): Place {
  const copy = placeIn(`${place.folder}/copy-${copies++}`);
  mkdirSync(dirname(copy.path), { recursive: true });
  copyFileSync(place.path, copy.path);
  writeFileSync(`${copy.path}-wal`, log);
  return { ...copy, key: place.key };
}

test('a log that was torn anywhere leaves a whole beginning of the journal', async () => {
  const place = await killedPlace();
  const log = readFileSync(`${place.path}-wal`);
  const lengths = new Set<number>();
  for (let i = 0; i <= 60; i++) {
    const copy = copyWithLog(place, log.subarray(0, Math.floor((log.length * i) / 60)));
    const journal = await openThere(copy);
    const verification = journal.verify();
    expect(verification.ok).toBe(true);
    lengths.add(journal.head().seq);
    journal.close();
  }
  expect(lengths.size).toBeGreaterThan(20);
}, 60_000);

test('a log that was damaged inside is reported, and nothing of it is dropped in silence', async () => {
  const place = await killedPlace();
  const log = readFileSync(`${place.path}-wal`);
  const whole = await readJournal(copyWithLog(place, log));
  const { seq } = whole.head();
  whole.close();
  let reported = 0;
  for (let i = 0; i < 120; i++) {
    const flipped = Buffer.from(log);
    const at = randomInt(log.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << randomInt(8));
    const copy = copyWithLog(place, flipped);
    const opened = await readJournal(copy).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'journal-failed' });
      reported++;
    });
    if (opened === undefined) continue;
    onTestFinished(() => opened.close());
    // Only the last transaction may look torn.
    expect(opened.verify().ok, `byte ${at} of ${log.length}`).toBe(true);
    expect(opened.head().seq, `byte ${at} of ${log.length}`).toBeGreaterThanOrEqual(seq - 1);
  }
  expect(reported).toBeGreaterThan(60);
}, 60_000);

test('a log that is whole, empty or no log has no damaged frame', async () => {
  const place = await killedPlace();
  const log = readFileSync(`${place.path}-wal`);
  expect(damagedFrame(log)).toBeUndefined();
  expect(damagedFrame(new Uint8Array())).toBeUndefined();
  expect(damagedFrame(new Uint8Array(40))).toBeUndefined();
});
