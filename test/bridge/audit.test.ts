import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLine, type Denied, openAudit, withoutSecrets } from '../../src/bridge/audit.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { auditLines } from './guarded-app.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-audit-'));
  file = join(folder, 'audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const denied: Denied = { what: 'denied', why: 'host-not-allowed', address: '127.0.0.1' };

describe('the audit of the bridge', () => {
  it('is one line of JSON with its time for each entry, for its owner alone', () => {
    const audit = openAudit({ file, clock: createFakeClock() });
    audit.record({ what: 'client-added', client: 'kassa-1', roles: ['sell'], by: 'ana' });
    audit.record({ what: 'stopped' });
    expect(auditLines(file)).toEqual([
      {
        at: '2026-01-02T03:04:05.000Z',
        what: 'client-added',
        client: 'kassa-1',
        roles: ['sell'],
        by: 'ana',
      },
      { at: '2026-01-02T03:04:05.000Z', what: 'stopped' },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes nothing that would be a second line or move a cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const line = auditLine(0, { ...denied, path });
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        const read: { path: string } = JSON.parse(line);
        expect(read.path).toBe(path.length > 300 ? read.path : path);
      }),
    );
  });

  it('shortens what is long and says how long it was', () => {
    const line = auditLine(0, { ...denied, path: `/${'a'.repeat(9_999)}` });
    expect(line.length).toBeLessThan(500);
    expect(line).toContain('(10000 characters)');
  });

  it('counts a storm instead of writing it, and still writes the first denials of another kind', async () => {
    const clock = createFakeClock();
    const audit = openAudit({ file, clock });
    for (let i = 0; i < 100_000; i += 1) audit.record(denied);
    audit.record({ ...denied, why: 'not-authenticated' });
    expect(auditLines(file)).toHaveLength(21);
    await clock.advance(60_000);
    expect(auditLines(file).at(-1)).toEqual({
      at: '2026-01-02T03:05:05.000Z',
      what: 'denied-more',
      since: '2026-01-02T03:04:05.000Z',
      counts: { 'host-not-allowed': 99_980 },
    });
    expect(clock.pending).toBe(0);
  });

  it('grows by a few lines a minute however long a storm lasts', async () => {
    const clock = createFakeClock();
    const audit = openAudit({ file, clock });
    for (let minute = 0; minute < 60; minute += 1) {
      for (let i = 0; i < 1_000; i += 1) audit.record(denied);
      await clock.advance(60_000);
    }
    // 20 at once, then one of the storm and one sum each minute.
    expect(auditLines(file).length).toBeLessThanOrEqual(20 + 2 * 60);
    const sums = auditLines(file).flatMap(({ counts }) =>
      typeof counts === 'object' && counts !== null ? Object.values(counts) : [],
    );
    const written = auditLines(file).filter(({ what }) => what === 'denied').length;
    expect(sums.reduce((all: number, count) => all + Number(count), written)).toBe(60_000);
  });

  it('writes the sums that are due when it is closed', () => {
    const audit = openAudit({ file, clock: createFakeClock() });
    for (let i = 0; i < 30; i += 1) audit.record(denied);
    audit.close();
    expect(auditLines(file).at(-1)).toMatchObject({ counts: { 'host-not-allowed': 10 } });
  });

  it('ends a line that a crash cut short before it goes on', () => {
    openAudit({ file, clock: createFakeClock() }).record({ what: 'stopped' });
    appendFileSync(file, '{"at":"2026-01-02T03:0');
    openAudit({ file, clock: createFakeClock() }).record({ what: 'stopped' });
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.map((line) => line.length > 0)).toEqual([true, true, true, false]);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ what: 'stopped' });
  });

  it('says so and goes on when it cannot write', () => {
    const failures: unknown[] = [];
    const audit = openAudit({
      file,
      clock: createFakeClock(),
      failed: (error) => failures.push(error),
    });
    audit.record({ what: 'stopped' });
    chmodSync(file, 0o644);
    audit.record({ what: 'stopped' });
    expect(String(failures[0])).toMatch(/others may read .* 0644.*chmod 600/);
  });

  it('does not begin in a folder that others may write to', () => {
    chmodSync(folder, 0o777);
    expect(() => openAudit({ file, clock: createFakeClock() })).toThrow(/chmod 700/);
  });

  it('holds of the configuration no secret', () => {
    const written = withoutSecrets({
      language: 'es',
      terminals: {
        front: { address: 'zvt+tcp://192.0.2.7:20007', secrets: { password: '123456' } },
        back: { address: 'transbank+mock:' },
      },
    });
    expect(written).toEqual({
      language: 'es',
      terminals: {
        front: { address: 'zvt+tcp://192.0.2.7:20007', secrets: ['password'] },
        back: { address: 'transbank+mock:' },
      },
    });
  });
});
