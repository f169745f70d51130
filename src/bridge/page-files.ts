import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/** The page's files by the path of a request. What is not in it is not there: no request reaches the disk. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
]);

/** What a module needs besides itself, as it is written: `../client/index.js`. */
const imports = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/**
 * Reads the page's files, and the modules that they import from the folders beside it, into memory. `/` is
 * its index.html.
 * @param root the folder of the built sources, in which `page` lies
 */
export function readPageFiles(root: URL): PageFiles {
  const files = new Map<string, PageFile>();
  const add = (path: string): void => {
    const type = types.get(posix.extname(path));
    if (type === undefined || files.has(path)) return;
    const content = readFileSync(new URL(`.${path}`, root), 'utf8');
    files.set(path, { type, content });
    if (!path.endsWith('.js')) return;
    for (const [, from = ''] of content.matchAll(imports))
      add(posix.normalize(posix.join(posix.dirname(path), from)));
  };
  for (const name of readdirSync(new URL('./page/', root)).sort()) add(`/page/${name}`);
  const index = files.get('/page/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}
