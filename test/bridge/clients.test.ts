import { fork } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClients, type Role } from '../../src/bridge/clients.ts';
import { createFakeClock } from '../support/fake-clock.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-clients-'));
  file = join(folder, 'clients.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (clock = createFakeClock()) => openClients(file, clock);
const may = (...roles: Role[]) => new Set(roles);

describe('the clients of the bridge', () => {
  it('are known by tokens of 256 bits, of which only a hash is kept', () => {
    const clients = open();
    const token = clients.add('kassa-1', may('query', 'sell'));
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(clients.byToken(token)).toEqual({ name: 'kassa-1', roles: may('query', 'sell') });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('have each a token of their own', () => {
    const clients = open();
    const first = clients.add('a', may('query'));
    const second = clients.add('b', may('sell'), 'https://pos.example');
    expect(clients.byToken(first)?.name).toBe('a');
    expect(clients.byToken(second)).toMatchObject({ name: 'b', origin: 'https://pos.example' });
    expect(clients.list().map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it.each(['', 'x', 'a'.repeat(42), 'a'.repeat(43), 'a'.repeat(10_000), '\u0000', '__proto__'])(
    'are nobody for the token %j',
    (token) => {
      const clients = open();
      clients.add('kassa-1', may('query'));
      expect(clients.byToken(token)).toBeUndefined();
    },
  );

  it('outlast the process, and are seen by another at once', () => {
    const mine = open();
    const theirs = open();
    const token = mine.add('kassa-1', may('query'));
    expect(theirs.byToken(token)?.name).toBe('kassa-1');
    expect(theirs.remove('kassa-1')).toBe(true);
    expect(mine.byToken(token)).toBeUndefined();
    expect(mine.remove('kassa-1')).toBe(false);
  });

  it.each(['', '-a', '_a', 'a b', 'a.b', 'a\n', 'ä', 'a'.repeat(33)])(
    'are not called %j',
    (name) => {
      expect(() => open().add(name, may('query'))).toThrow(/client's name/);
    },
  );

  it('have names of their own and at least one role', () => {
    const clients = open();
    clients.add('kassa-1', may('query'));
    expect(() => clients.add('kassa-1', may('admin'))).toThrow(/already/);
    expect(() => clients.add('kassa-2', may())).toThrow(/at least one role/);
    expect(clients.list()).toHaveLength(1);
  });

  it.each([0o640, 0o604, 0o620, 0o666])('are nobody when the file has the rights %o', (mode) => {
    const clients = open();
    const token = clients.add('kassa-1', may('query'));
    chmodSync(file, mode);
    expect(() => clients.byToken(token)).toThrow(/others may read or change it.*chmod 600/);
    expect(() => open()).toThrow(/chmod 600/);
    chmodSync(file, 0o600);
    expect(clients.byToken(token)?.name).toBe('kassa-1');
  });

  it('are not read through a link or from a folder that others may write to', () => {
    const real = join(folder, 'real.json');
    writeFileSync(real, '{"version":1,"clients":[]}', { mode: 0o600 });
    symlinkSync(real, file);
    expect(() => open()).toThrow(/symbolic link/);
    rmSync(file);
    chmodSync(folder, 0o770);
    expect(() => open().add('kassa-1', may('query'))).toThrow(/chmod 700/);
  });

  it.each([
    ['', /not JSON/],
    ['{"version":1,"clients":[', /not JSON/],
    ['{"version":2,"clients":[]}', /version/],
    ['{"version":1,"clients":[{"name":"a"}]}', /clients\.0/],
    [
      `{"version":1,"clients":[{"name":"a","roles":["root"],"token":"${'0'.repeat(64)}","addedAt":0}]}`,
      /clients\.0\.roles/,
    ],
  ])('are not what a damaged file says: %s', (text, why) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => open()).toThrow(why);
  });

  it('never leave half a file behind', () => {
    const clients = open();
    for (let i = 0; i < 20; i += 1) clients.add(`kassa-${i}`, may('query'));
    expect(readdirSync(folder)).toEqual(['clients.json']);
    expect(JSON.parse(readFileSync(file, 'utf8')).clients).toHaveLength(20);
  });

  it('are all there when several processes add some at once', async () => {
    const adder = join(import.meta.dirname, 'add-clients.ts');
    const children = ['a', 'b', 'c'].map((prefix) =>
      fork(adder, [file, prefix, '10'], { execArgv: ['--import', 'tsx'] }),
    );
    const codes = await Promise.all(
      children.map((child) => new Promise((resolve) => child.once('close', resolve))),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(open().list()).toHaveLength(30);
  });

  it('are still changed after a program died while it had the file', () => {
    const clients = open();
    writeFileSync(`${file}.lock`, '');
    utimesSync(`${file}.lock`, 0, 0);
    clients.add('kassa-1', may('query'));
    expect(clients.list()).toHaveLength(1);
  });

  it('tell whoever waits for it that a token is worth nothing any more', async () => {
    const clock = createFakeClock();
    const clients = open(clock);
    const here = clients.add('here', may('query'));
    const there = clients.add('there', may('query'));
    const gone: string[] = [];
    clients.whenRemoved(here, () => gone.push('here'));
    clients.whenRemoved(there, () => gone.push('there'));
    const cancel = clients.whenRemoved(there, () => gone.push('cancelled'));
    cancel();
    clients.remove('here');
    expect(gone).toEqual(['here']);
    open().remove('there');
    await clock.advance(2_000);
    expect(gone).toEqual(['here', 'there']);
    expect(clock.pending).toBe(0);
  });
});
