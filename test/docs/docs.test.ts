import { describe, expect, it } from 'vitest';
import { readProfile } from '../../src/profiles/read.ts';
import { readVectors, tryVectors } from '../../src/profiles/vectors.ts';
import { unknownIn } from './command-line.ts';
import { blocksOf, brokenLinks, pages, readPage } from './markdown.ts';

const chinese = pages.filter((page) => page.includes('zh-CN'));

/** Command lines in blocks of shell, those with `tillwire` in them. */
const commandLines = (text: string): readonly string[] =>
  blocksOf(text, 'sh').flatMap((block) =>
    block.split('\n').flatMap((line) => /(?:^|\s)npx (tillwire\s.*)$/.exec(line)?.slice(1) ?? []),
  );

/** Commands that a sentence names: `tillwire last`. */
const namedCommands = (text: string): readonly string[] =>
  Array.from(text.matchAll(/`(?:npx )?(tillwire [a-z][^`\n]*)`/g), ([, line = '']) => line);

describe('the pages', () => {
  it('are there in Chinese for the main path', () => {
    expect(chinese).toEqual([
      'README.zh-CN.md',
      'docs/zh-CN/acquirer.md',
      'docs/zh-CN/card-and-qr.md',
      'docs/zh-CN/in-doubt.md',
      'docs/zh-CN/last-order.md',
      'docs/zh-CN/profiles.md',
      'docs/zh-CN/terms.md',
      'docs/zh-CN/void.md',
    ]);
  });

  it.each(pages)('%s links to what is there', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('lead from one language to the other', () => {
    const top = (page: string) => readPage(page).split('\n').slice(0, 4).join('\n');
    expect(top('README.md')).toContain('](README.zh-CN.md)');
    expect(top('README.zh-CN.md')).toContain('](README.md)');
  });

  it.each(chinese)('%s names commands and options that exist', (page) => {
    const text = readPage(page);
    const named = [...commandLines(text), ...namedCommands(text)];
    expect(named.flatMap((line) => unknownIn(line).map((what) => `${what} in ${line}`))).toEqual(
      [],
    );
  });

  it('in Chinese show commands of every kind', () => {
    const used = new Set(
      chinese.flatMap((page) => commandLines(readPage(page)).map((line) => line.split(' ')[1])),
    );
    expect([...used].sort()).toEqual(
      expect.arrayContaining(['journal', 'last', 'mock', 'profile', 'recover', 'settle', 'void']),
    );
  });

  it('in Chinese say in every list of brands that they are not supported', () => {
    const naming = chinese.filter((page) => readPage(page).includes('拉卡拉'));
    expect(naming.length).toBeGreaterThan(0);
    for (const page of naming)
      for (const line of readPage(page).split('\n'))
        if (/拉卡拉|银联商务|盛付通|瑞银信/.test(line)) expect(line, page).toContain('不声称支持');
  });
});

describe('the example terminal of the Chinese guide', () => {
  const file = readPage('docs/zh-CN/example-mis.yaml');
  const read = readProfile(file);

  it('has a profile without problems', () => {
    expect(read).toMatchObject({ type: 'profile' });
  });

  it('writes and reads its vectors to the byte', () => {
    if (read.type !== 'profile') throw new Error(JSON.stringify(read.problems));
    const vectors = readVectors(readPage('docs/zh-CN/example-vectors.yaml'));
    const tried = tryVectors(read.profile, vectors);
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
    expect(tried).toHaveLength(11);
  });

  it.each(['docs/zh-CN/profiles.md', 'docs/zh-CN/card-and-qr.md'])(
    'is quoted word for word in %s',
    (page) => {
      const quoted = blocksOf(readPage(page), 'yaml');
      expect(quoted.length).toBeGreaterThan(0);
      for (const block of quoted) expect(file).toContain(block);
    },
  );
});
