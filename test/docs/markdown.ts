import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A page by its path from the root of the repository. */
export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

const isPage = (name: string): boolean => name.endsWith('.md');

/** The pages that come with the package: both READMEs and everything in `docs`. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.startsWith('README') && isPage(name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(isPage)
    .map((name) => join('docs', name)),
].sort();

/** Blocks of code by their language; blocks of output have none. */
export const blocksOf = (text: string, language: string): readonly string[] =>
  Array.from(text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)).flatMap(([, own, code = '']) =>
    own === language ? [code] : [],
  );

const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, (code) => '.'.repeat(code.length));

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const headings = text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  for (const [, heading = ''] of headings) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let free = anchor;
    for (let again = 1; anchors.has(free); again++) free = `${anchor}-${again}`;
    anchors.add(free);
  }
  return anchors;
}

/** Links of a page that lead nowhere: no such file, or no such heading in it. */
export function brokenLinks(page: string): readonly string[] {
  const links = withoutCode(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g);
  return Array.from(links, ([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : join(dirname(page), decodeURI(path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(readPage(file)).has(decodeURI(anchor));
    });
}
