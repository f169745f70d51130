import { beforeAll, describe, expect, it } from 'vitest';
import { compare, type Row } from './comparison.ts';
import { expectedOfSdk } from './expected.ts';

describe.skipIf(process.platform === 'win32')('the same faults against two drivers', () => {
  let rows: readonly Row[] = [];
  beforeAll(async () => {
    rows = await compare();
  }, 120_000);

  it('find Tillwire correct in every case', () => {
    expect(rows.filter(({ tillwire }) => tillwire.verdict !== 'correct')).toEqual([]);
  });

  it('find the official SDK as they did when this was written', () => {
    const judged = rows.map(({ name, sdk }) => [name, `${sdk.verdict}: ${sdk.said}`]);
    expect(Object.fromEntries(judged)).toEqual(expectedOfSdk);
  });
});
