import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/**
 * The till program as one file: a process that has to read hundreds of files before it starts would take
 * three times as long, and most of the test is starts. Its native parts stay where they are.
 */
export async function tillProgram(): Promise<{ readonly path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-kill-program-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const outfile = join(folder, 'till.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'till.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['libsql', '@serialport/bindings-cpp', '@lydell/node-pty'],
    // What is left of CommonJS in the bundle asks for `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return { path: outfile, remove: () => rmSync(folder, { recursive: true }) };
}
