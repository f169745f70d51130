import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('is small in a browser, and needs nothing of Node', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../dist/src/client/index.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    // `neutral` finds no part of Node, and no package of ours that would need one.
    platform: 'neutral',
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((path) => !path.includes('dist/src/client/'))).toEqual([]);
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(12_000);
});
