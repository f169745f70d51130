import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ended, firstLine, start, tillwire } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-recording-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const fresh = (name: string) => join(folder, `${name}-${++made}`);

const running: ReturnType<typeof start>[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  }
});

/** A process that says where it listens. */
async function listening(...args: string[]) {
  const child = start(...args, '--json');
  running.push(child);
  const said: Record<string, unknown> = JSON.parse(await firstLine(child));
  expect(said['type']).toBe('listening');
  return child;
}

const sale = ['--amount', '1500', '--ref', 'AB1234', '--json'];
const ana = ['--amount', '1500', '--operator', 'ana', '--reason', 'wrong', '--yes', '--json'];

const resultOf = ({ status, lines }: Awaited<ReturnType<typeof tillwire>>) => {
  const { outcome, transaction } = lines.at(-1) ?? {};
  return { status, outcome, transaction };
};

describe('tillwire --record and mock --replay', () => {
  it('records each command on its own, and replays it', async () => {
    const port = fresh('port');
    const [sold, voided] = [fresh('sold'), fresh('voided')];
    const mock = await listening('mock', 'transbank', '--pty', port, '--think', '5');
    const terminal = `transbank+serial:${port}`;
    const first = [
      resultOf(await tillwire('purchase', terminal, ...sale, '--record', sold)),
      resultOf(await tillwire('void', terminal, ...ana, '--record', voided)),
    ];
    expect(first.map(({ outcome }) => outcome)).toEqual(['approved', 'voided']);
    mock.kill('SIGTERM');
    await ended(mock);
    expect(statSync(sold).mode & 0o777).toBe(0o600);
    const second = [];
    // The journal of the first sale would know it again.
    const journal = ['--journal', join(fresh('state'), 'journal.db')];
    for (const [file, args] of [
      [sold, ['purchase', terminal, ...sale, ...journal]],
      [voided, ['void', terminal, ...ana, ...journal]],
    ] as const) {
      const replay = await listening('mock', '--pty', port, '--replay', file);
      second.push(resultOf(await tillwire(...args)));
      replay.kill('SIGTERM');
      expect((await ended(replay)).status).toBe(0);
    }
    expect(second).toEqual(first);
  });

  it('writes nothing over, and keeps no recording of nothing', async () => {
    const port = fresh('port');
    const file = fresh('precious');
    writeFileSync(file, 'precious');
    await listening('mock', 'transbank', '--pty', port, '--think', '5');
    const { status, lines } = await tillwire(
      ...['purchase', `transbank+serial:${port}`, ...sale, '--record', file],
    );
    expect(status).toBe(2);
    expect(lines.at(-1)).toMatchObject({ code: 'usage', message: expect.stringContaining(file) });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    const none = fresh('none');
    const missing = await tillwire(
      ...['status', `transbank+serial:${fresh('nowhere')}`, '--record', none, '--json'],
    );
    expect(missing.status).toBe(4);
    expect(() => statSync(none)).toThrow(/ENOENT/);
  });

  it('shows frames through a port of its own until it is interrupted', async () => {
    const [port, till] = [fresh('port'), fresh('till')];
    await listening('mock', 'transbank', '--pty', port, '--think', '5');
    const monitor = start('monitor', `transbank+serial:${port}`, '--through', till, '--json');
    running.push(monitor);
    const whole = ended(monitor);
    await new Promise<void>((resolve) => {
      monitor.stdout.once('data', () => resolve());
    });
    expect((await tillwire('status', `transbank+serial:${till}`)).status).toBe(0);
    monitor.kill('SIGINT');
    const { status, lines } = await whole;
    expect(status).toBe(0);
    expect(lines.map(({ type, from, name }) => [type, from, name])).toEqual([
      ['listening', undefined, undefined],
      ['frame', 'till', 'poll'],
      ['frame', 'terminal', 'ACK'],
      ['ended', undefined, undefined],
    ]);
    expect(() => statSync(till)).toThrow(/ENOENT/);
  });

  it('says where a till leaves the recording', async () => {
    const port = fresh('port');
    const file = fresh('recording');
    const mock = await listening('mock', 'transbank', '--pty', port, '--think', '5');
    await tillwire('status', `transbank+serial:${port}`, '--record', file);
    mock.kill('SIGTERM');
    await ended(mock);
    const replay = start('mock', '--pty', port, '--replay', file, '--json');
    running.push(replay);
    const whole = ended(replay);
    await new Promise<void>((resolve) => {
      replay.stdout.once('data', () => resolve());
    });
    const mismatch = new Promise<void>((resolve) => {
      replay.stdout.once('data', () => resolve());
    });
    running.push(start('last', `transbank+serial:${port}`));
    await mismatch;
    replay.kill('SIGTERM');
    expect((await whole).lines.at(-1)).toMatchObject({
      type: 'mismatch',
      position: 1,
      expected: 'poll',
      came: 'last sale',
    });
  });

  it.each([
    [['mock', 'zvt', '--replay', 'FILE'], /recording of transbank, not of zvt/],
    [['mock', '--replay', 'FILE', '--sale', '100'], /nothing else/],
    [['mock', '--replay', '/nowhere/at-all'], /cannot be replayed/],
    [['monitor', 'transbank+serial:/dev/null', '--through', 'a', '--listen', 'b'], /one of/],
  ])('refuses %j', async (args, why) => {
    const file = fresh('recording');
    writeFileSync(
      file,
      `${JSON.stringify({ type: 'recording', version: 1, protocol: 'transbank', transport: 'serial' })}\n`,
    );
    const { status, stderr } = await tillwire(...args.map((arg) => (arg === 'FILE' ? file : arg)));
    expect(status).toBe(2);
    expect(stderr).toMatch(why);
  });
});
