/** `npm run kill -- --kills 10000 --terminal zvt`: kills tills, and says what that has shown. */
import { parseArgs } from 'node:util';
import { killTills } from './kill.ts';
import { tillProgram } from './program.ts';
import { summary } from './summary.ts';
import { isTerminalName, type TerminalName, terminalNames } from './terminals.ts';
import { commandLineTill, lastingTill } from './tills.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    shops: { type: 'string', default: '4' },
    /** One kind of terminal only. */
    terminal: { type: 'string' },
    cli: { type: 'boolean', default: false },
  },
});

function terminalsOf(name: string): readonly [TerminalName] {
  if (isTerminalName(name)) return [name];
  throw new Error(`--terminal must be one of ${terminalNames.join(', ')}.`);
}

const { terminal } = values;
const program = await tillProgram();
const startTill = values.cli ? commandLineTill : lastingTill(program.path);
const began = Date.now();
let told = 0;
const findings = await killTills({
  kills: Number(values.kills),
  seed: Number(values.seed),
  atOnce: Number(values.shops),
  startTill,
  ...(terminal !== undefined && { terminals: terminalsOf(terminal) }),
  progress(kills) {
    if (kills - told < 500) return;
    told = kills;
    process.stderr.write(`${kills} kills, ${Math.round((Date.now() - began) / 1_000)} s\n`);
  },
});
program.remove();
process.stdout.write(`${summary(findings, Date.now() - began)}\n`);
process.exitCode = findings.flaws.length === 0 ? 0 : 1;
