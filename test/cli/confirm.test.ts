import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { afterEach, describe, expect, it } from 'vitest';
import { bin, firstLine, home, start } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-confirm-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const running: ReturnType<typeof start>[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  }
});

/** A terminal of a profile, which tells trace, receipt number and the till's reference, with a sale in it. */
async function terminal(): Promise<string> {
  const port = join(mkdtempSync(join(folder, 'test-')), 'terminal');
  const profile = join(import.meta.dirname, '../../docs/zh-CN/example-mis.yaml');
  const sales = join(folder, 'sales.json');
  writeFileSync(sales, JSON.stringify([{ amount: 1_500, ticket: 'D42' }]));
  const mock = ['mock', '--profile', profile, '--pty', port, '--think', '5'];
  const child = start(...mock, '--seed-sales', sales, '--json');
  running.push(child);
  await firstLine(child);
  return `profile+serial:${port}?file=${profile}`;
}

/** Voids with a person at the keyboard, who types this when asked; what stood on the screen, and the exit status. */
async function atTheKeyboard(typed: string, ...more: string[]) {
  const order = ['void', await terminal(), '--amount', '1500', '--operator', 'ana'];
  const child = pty.spawn(process.execPath, [bin, ...order, '--reason', 'x', ...more], {
    cols: 400,
    env: {
      ...process.env,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CONFIG_HOME: join(home, 'config'),
    },
  });
  let screen = '';
  let asked = false;
  child.onData((text) => {
    screen += text;
    if (asked || !/\[[^\]]+\/[^\]]+\] /.test(screen)) return;
    asked = true;
    child.write(`${typed}\r`);
  });
  const status = await new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => resolve(exitCode)),
  );
  return { screen, status };
}

describe('whoever confirms a void at the keyboard', () => {
  it('sees every number that names it', async () => {
    const { screen, status } = await atTheKeyboard('y');
    const question = /Void .*\?/.exec(screen)?.[0] ?? '';
    for (const shown of [
      'CNY 15.00',
      /card \d{4}/,
      /receipt \d{6}/,
      /trace \d{6}/,
      'ticket D42',
      /of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
    ])
      expect(question).toMatch(shown);
    expect(status).toBe(0);
  });

  it.each([
    ['en', 'YES', 0],
    ['en', 'sí', 1],
    ['es', 'sí', 0],
    ['es', 'Si', 0],
    ['es', 'yes', 1],
    ['zh-CN', '是', 0],
    ['zh-CN', 'y', 0],
    ['zh-CN', '否', 1],
    ['zh-CN', '', 1],
  ] as const)('is asked in %s; %j ends with %i', async (language, typed, status) => {
    const ended = await atTheKeyboard(typed, '--lang', language);
    const begins = { en: 'Void CNY', es: '¿Anular CNY', 'zh-CN': '撤销 CNY' }[language];
    expect(ended.screen).toContain(begins);
    expect(ended.status).toBe(status);
  });
});
