import { describe, expect, test } from 'vitest';
import { csvLine } from '../../src/journal/csv.ts';
import { auditCsv, auditCsvHeader, auditEvents, auditJson } from '../../src/journal/export.ts';
import { sent, terminal, voidIntent, writeVoid } from './support/intents.ts';
import { freshPlace, openThere } from './support/place.ts';

async function exported() {
  const journal = await openThere(freshPlace());
  await writeVoid(journal, 'a');
  await journal.begin(voidIntent('b', { reason: '=HYPERLINK("x"), "quoted"\nand more' }));
  await journal.append('b', sent);
  await journal.append('b', { type: 'in-doubt', code: 'no-answer', message: 'No answer.' });
  return [...auditEvents(journal.records())];
}

test('every event says who, what, when, where, why, how it ended and where it came from', async () => {
  const events = await exported();
  expect(events).toHaveLength(8);
  expect(events.at(4)).toMatchObject({
    seq: 5,
    when: '2026-05-03T12:00:04.000Z',
    event: 'outcome',
    key: 'a',
    who: 'ana',
    what: 'void',
    amount: 1500,
    currency: 'CLP',
    asked: { operationNumber: '000012' },
    where: terminal,
    why: 'out of stock',
    success: true,
    outcome: 'voided',
    origin: 'tillwire 0.1.0 till-3',
  });
  expect(events.at(7)).toMatchObject({ success: false, outcome: 'no-answer' });
  expect(events.at(1)).not.toHaveProperty('success');
});

test('JSON Lines hold every event on a line of its own', async () => {
  const events = await exported();
  const lines = events.map(auditJson);
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
});

test('control characters that JSON lets through are escaped', () => {
  const event = { seq: 1, when: '', event: 'x', key: 'a\u009b31mb\u007f', payload: {}, hash: '' };
  expect(auditJson(event)).toContain('a\\u009b31mb\\u007f');
  expect(JSON.parse(auditJson(event))).toEqual(event);
});

/** The cells of a text in RFC 4180. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

test('CSV holds every event under its header', async () => {
  const events = await exported();
  const header = cellsOf(auditCsvHeader);
  const rows = events.map((event) => {
    const cells = cellsOf(auditCsv(event));
    expect(cells).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, i) => [name, cells[i]]));
  });
  expect(rows.at(4)).toMatchObject({
    seq: '5',
    who: 'ana',
    what: 'void',
    amount: '1500',
    operationNumber: '000012',
    success: 'true',
    outcome: 'voided',
  });
  expect(rows.at(6)).toMatchObject({ why: `'=HYPERLINK("x"), "quoted"\nand more`, success: '' });
  expect(JSON.parse(rows.at(6)?.['payload'] ?? '')).toEqual(events.at(6)?.payload);
});

describe('a cell of CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    [undefined, ''],
    [-5, '-5'],
    [true, 'true'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\r\nb', '"a\r\nb"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=a,b', `"'=a,b"`],
    ['a=b', 'a=b'],
  ])('that holds %j is %j', (cell, text) => {
    expect(csvLine([cell])).toBe(text);
  });
});
