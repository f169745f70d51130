import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { targets } from './targets.ts';

/** `npm run fuzz -- --bytes 10000000 --seed 1 --protocol zvt`: many more bytes than the test suite has. */
const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    protocol: { type: 'string' },
  },
});
const [bytes, seed] = [Number(values.bytes), Number(values.seed)];
if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(seed))
  throw new Error('--bytes and --seed must be whole numbers.');

for (const target of targets) {
  if (values.protocol !== undefined && !target.name.startsWith(values.protocol)) continue;
  const start = performance.now();
  try {
    const { frames, answers, mostHeld, ...found } = await fuzz(target, seed, bytes);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(
      `${target.name}: ${found.bytes} bytes, ${frames} sound frames, ${answers} answers, at most ${mostHeld} bytes held, ${seconds} s\n`,
    );
  } catch (error) {
    process.exitCode = 1;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`${target.name}: seed ${seed}: ${what}\n`);
  }
}
