import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');

const program = `
import { clp, openTerminal, resultOf } from 'tillwire';
import { createMockTerminal, mockTransport } from 'tillwire/mock';

const mock = createMockTerminal({ protocol: 'transbank', sales: [{ amount: 1500 }] });
const terminal = await openTerminal('transbank', { transport: mockTransport(mock) });
const target = { amount: clp(1500) };
const who = { operator: 'ana', reason: 'out of stock' };
const { outcome } = await resultOf(terminal.voidTransaction(target, who));
await terminal.close();
console.log(outcome, mock.terminal.ledger.length);
`;

describe('the package', { timeout: 180_000 }, () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tillwire-package-'));
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await run('npm', ['install', ...quiet, join(folder, tarball)], { cwd: folder });
    await writeFile(join(folder, 'program.mjs'), program);
  }, 180_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has nothing for publint to say', async () => {
    const { messages } = await publint({ pkgDir: root, strict: true });
    expect(messages).toEqual([]);
  });

  it('works from another folder, both entry points', async () => {
    const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: folder });
    expect(stdout).toBe('voided 2\n');
  });

  it('brings its command line', async () => {
    const bin = join(folder, 'node_modules/.bin/tillwire');
    const version = await run(bin, ['--version'], { cwd: folder });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const last = await run(bin, ['last', 'transbank+mock:?sale=1500', '--json'], { cwd: folder });
    expect(last.stdout).toContain('"outcome":"found"');
  });
});
