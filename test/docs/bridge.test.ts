import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../support/cli.ts';
import { readPage } from './markdown.ts';

interface Fence {
  readonly language: string;
  readonly text: string;
}

const [, section = ''] = /^## The bridge$(.*?)^## /ms.exec(readPage('README.md')) ?? [];
const fences = Array.from(
  section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm),
  ([, language = '', text = '']): Fence => ({ language, text }),
);

/** Blocks of shell, each with the output that the page shows behind it. */
const pasted = fences.flatMap(({ language, text }, n) => {
  if (language !== 'sh') return [];
  const next = fences[n + 1];
  return [{ lines: text, shown: next?.language === '' ? next.text : '' }];
});

const [mock, serve, ...till] = pasted;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}

/** What the page shows is the output, with `...` where something is left out. */
function isShown(shown: string, output: string): boolean {
  let at = 0;
  for (const piece of shown.split(/\.\.\.|\n/).filter((text) => text !== '')) {
    const found = output.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

/** Three shells in one folder, as the page says, before a package that is installed there. */
describe('the bridge in the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-readme-'));
  const shells: ChildProcess[] = [];
  const outputs: string[] = [];
  let here = (text: string) => text;

  const shell = (): ChildProcess => {
    const child = spawn('bash', [], {
      cwd: folder,
      // Ended as a whole: what a shell has started does not end with it.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        XDG_STATE_HOME: join(folder, 'state'),
        XDG_CONFIG_HOME: join(folder, 'config'),
      },
    });
    shells.push(child);
    return child;
  };

  /** Pastes lines into a shell, and gives its output as soon as it has these words. */
  function paste(child: ChildProcess, lines: string, words: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(words)) resolve(said);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', () => reject(new Error(`The shell has ended: ${said}`)));
      child.stdin?.write(here(lines));
    });
  }

  beforeAll(async () => {
    const port = await freePort();
    // The only two words that are not as they stand there: other tests run at the same time.
    here = (text) =>
      text.replaceAll('7465', `${port}`).replaceAll('/tmp/terminal', join(folder, 'terminal'));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(bin, join(folder, 'node_modules/.bin/tillwire'));
    const config = fences.find(({ language }) => language === 'json')?.text ?? '';
    writeFileSync(join(folder, 'shop.json'), here(config));
    await paste(shell(), mock?.lines ?? '', 'listens on');
    await paste(shell(), serve?.lines ?? '', 'Tillwire listens on');
    const third = shell();
    for (const { lines } of till) {
      const end = `end ${outputs.length}`;
      outputs.push(await paste(third, `${lines}echo '${end}'\n`, `${end}\n`));
    }
  }, 180_000);

  /** A shell's output is closed when everything that writes to it has ended, not only the shell. */
  async function end(child: ChildProcess): Promise<void> {
    const { pid } = child;
    if (pid === undefined) return;
    const closed = once(child, 'close');
    process.kill(-pid, 'SIGTERM');
    const patience = setTimeout(() => process.kill(-pid, 'SIGKILL'), 15_000);
    await closed;
    clearTimeout(patience);
  }

  afterAll(async () => {
    await Promise.all(shells.map(end));
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('has its lines and what they answer', () => {
    expect(till.length).toBeGreaterThan(5);
    expect(till.filter(({ shown }) => shown !== '').length).toBe(till.length - 1);
  });

  it.each(
    till.map(({ lines, shown }, n) => [lines.trim().split('\n').at(-1) ?? '', shown, n] as const),
  )('%s', (_, shown, n) => {
    const output = outputs[n] ?? '';
    if (!isShown(shown, output)) expect(output).toBe(shown);
  });
});
