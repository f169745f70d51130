import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which folders each folder may import from; an arrow to a single file names the file. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/framing': ['src/model'],
  // The table of protocols loads the profiles, each of which is one.
  'src/protocols': ['src/framing', 'src/model', 'src/profiles/builtin.ts', 'src/profiles/load.ts'],
  'src/profiles': ['src/protocols', 'src/framing', 'src/model'],
  'src/journal': ['src/model'],
  'src/messages': ['src/model'],
  'src/config': ['src/model'],
  'src/transports': ['src/framing', 'src/model', 'mocks'],
  'src/trace': ['src/protocols', 'src/profiles', 'src/framing', 'src/model'],
  'src/driver': [
    'src/trace',
    'src/protocols',
    'src/framing',
    'src/model',
    'src/transports/transport.ts',
    'src/journal/journal.ts',
    'src/journal/lock.ts',
  ],
  'src/terminal': [
    'src/driver',
    'src/trace/wire-frame.ts',
    'src/protocols',
    'src/framing',
    'src/model',
    'src/transports',
    'src/journal',
  ],
  'src/bridge': [
    'src/terminal',
    'src/driver/line.ts',
    'src/driver/intent.ts',
    'src/journal',
    'src/messages',
    'src/config',
    'src/trace',
    'src/model',
  ],
  // Types only: it runs in a browser.
  'src/client': ['src/bridge/schemas.ts'],
  'src/page': ['src/client', 'src/messages/amount.ts', 'src/trace/wire-frame.ts'],
  'src/cli': ['src', 'mocks'],
  mocks: [
    'src/model',
    'src/framing',
    'src/protocols',
    'src/profiles',
    'src/transports',
    'src/trace',
  ],
};

/** What each folder may use of Node and of other packages; nothing where it is not named. */
const packages: Readonly<Record<string, readonly RegExp[]>> = {
  'src/framing': [/^@serialport\/parser-delimiter$/],
  'src/profiles': [/^node:(fs|fs\/promises|path)$/, /^yaml$/, /^zod$/, /^iconv-lite$/],
  'src/journal': [/^node:/, /^libsql$/],
  'src/transports': [/^node:/, /^serialport$/, /^node-hid$/],
  'src/driver': [/^node:crypto$/, /^rxjs$/],
  'src/terminal': [/^node:(crypto|os)$/, /^rxjs$/],
  'src/config': [/^node:/, /^zod$/],
  'src/bridge': [/^node:/, /^hono(\/|$)/, /^@hono\/node-server$/, /^pino$/, /^zod$/, /^rxjs$/],
  'src/cli': [/^node:/, /^commander$/, /^rxjs$/],
  mocks: [/^node:/, /^serialport$/, /^@lydell\/node-pty$/],
};

interface Import {
  readonly file: string;
  readonly from: string;
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^'\n]+)'/g);
  return Array.from(found, ([, from = '']) => ({
    file,
    from: from.startsWith('.') ? relative(root, resolve(root, dirname(file), from)) : from,
  }));
};

const isWithin = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}/`);

describe('the house', () => {
  it.each(Object.keys(arrows))('%s imports only what lies below it', (folder) => {
    const wrong = filesIn(folder)
      .flatMap(importsOf)
      .filter(({ from }) => /^(src|mocks|test)\//.test(from))
      .filter(
        ({ from }) => ![folder, ...(arrows[folder] ?? [])].some((place) => isWithin(from, place)),
      );
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(arrows))('%s uses no package that is not its own business', (folder) => {
    const wrong = filesIn(folder)
      .flatMap(importsOf)
      .filter(({ from }) => !/^(src|mocks|test)\//.test(from))
      .filter(({ from }) => !(packages[folder] ?? []).some((allowed) => allowed.test(from)));
    expect(wrong).toEqual([]);
  });

  it('has a place for every file', () => {
    const known = [...Object.keys(arrows), 'src/index.ts'];
    const homeless = [...filesIn('src'), ...filesIn('mocks')].filter(
      (file) => !known.some((place) => isWithin(file, place)),
    );
    expect(homeless).toEqual([]);
  });
});
