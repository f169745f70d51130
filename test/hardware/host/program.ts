import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { packArchive } from './archive.ts';
import { copyLibraries } from './libraries.ts';

const project = join(import.meta.dirname, '../../..');
const modules = join(project, 'node_modules');

/** With native parts, so copied whole. The rest of what the cases use is bundled with them. */
const native = ['serialport', 'node-hid'];
/** Loaded only when asked for, and no case asks for it. */
const unused = ['libsql', '@lydell/node-pty'];

/**
 * Packs what changes from run to run: this machine's Node, the case files and what of Tillwire they use as
 * plain JavaScript, and the packages with native parts. `folder` is scratch.
 */
export async function packProgram(
  files: readonly string[],
  folder: string,
  archive: string,
  busybox: string,
): Promise<void> {
  const bench = join(folder, 'bench');
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  cpSync(process.execPath, join(folder, 'usr/bin/node'), { dereference: true });
  copyLibraries(process.execPath, folder);
  await build({
    entryPoints: [
      { in: join(import.meta.dirname, '../guest/main.ts'), out: 'main' },
      { in: join(import.meta.dirname, '../guest/hid-reader.ts'), out: 'hid-reader' },
      ...files.map((file) => ({ in: file, out: caseName(file) })),
    ],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    outdir: bench,
    outExtension: { '.js': '.mjs' },
    external: [...native, ...unused],
    // CommonJS packages in an ESM bundle ask for Node's own modules by `require`.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  for (const name of native)
    if (existsSync(join(modules, name))) copyPackage(join(modules, name), folder);
  packArchive(folder, archive, busybox);
}

/** `.../cdc-acm.case.ts` → `cdc-acm` */
export const caseName = (file: string): string => basename(file).replace(/\.case\.ts$/, '');

/** Copies a package and, beside it or inside it as npm has placed them, those that it needs. */
function copyPackage(from: string, folder: string): void {
  const to = join(folder, 'bench/node_modules', from.slice(modules.length));
  if (existsSync(to)) return;
  cpSync(from, to, { recursive: true, dereference: true, filter: isWanted });
  for (const file of nativeFiles(to)) copyLibraries(file, folder);
  const needed: unknown = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const dependencies: object = Reflect.get(Object(needed), 'dependencies') ?? {};
  for (const name of Object.keys(dependencies)) {
    const inner = join(from, 'node_modules', name);
    const outer = join(modules, name);
    // node-addon-api has header files only.
    if (name === 'node-addon-api' || existsSync(inner)) continue;
    if (existsSync(outer)) copyPackage(outer, folder);
  }
}

/** Only what runs on this kind of machine; sources of native parts are of no use. */
function isWanted(path: string): boolean {
  if (basename(dirname(path)) === 'prebuilds') return /linux-x64$/.test(path);
  return !/\.(?:c|cc|cpp|h|gyp|map|md|ts)$|\/(?:hidapi|\.bin|node-addon-api)$|musl\.node$/.test(
    path,
  );
}

const nativeFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.node'))
    .map((name) => join(folder, name));
