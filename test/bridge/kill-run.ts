/** `npm run kill:bridge -- --kills 200 --seed 1`: kills the service, and says what that has shown. */
import { parseArgs } from 'node:util';
import { built } from './kill/served.ts';
import { killBridge } from './kill/shop.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});

const began = Date.now();
const report = await killBridge({
  bin: built,
  kills: Number(values.kills),
  seed: Number(values.seed),
  progress(kills) {
    if (kills % 20 !== 0) return;
    process.stderr.write(`${kills} kills, ${Math.round((Date.now() - began) / 1_000)} s\n`);
  },
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.wrong.length === 0 ? 0 : 1;
