import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addSummaries, emptySummary, failureText, runSeeds, type Summary } from './campaign.ts';
import { simulate } from './simulate.ts';
import { neverReached } from './sometimes.ts';
import { drawPlan } from './swarm.ts';

/** `npm run simulate -- --seeds 1000000 --from 1 --faults 4`: many more runs than the test suite has. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: '4' },
    jobs: { type: 'string', default: '2' },
    trace: { type: 'boolean', default: false },
    /** Stop at the first failing run. */
    first: { type: 'boolean', default: false },
    /** One slice of the work, for a process of its own. */
    slice: { type: 'boolean', default: false },
  },
});

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const whole = (name: 'seeds' | 'from' | 'faults' | 'jobs'): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${name} must be a whole number; got ${values[name]}.`);
};

const from = whole('from');
const seeds = whole('seeds');
const faults = whole('faults');
const stopsAtFailure = ({ failures }: Summary): boolean => values.first && failures.length > 0;

/** A few thousand at a time, so that there is progress to tell. */
const portion = 2_000;

async function runSlice(): Promise<void> {
  for (let at = from; at < from + seeds; at += portion) {
    const sum = await runSeeds({
      from: at,
      seeds: Math.min(portion, from + seeds - at),
      faults,
      enough: stopsAtFailure,
    });
    process.send?.(sum);
    if (stopsAtFailure(sum)) break;
  }
  process.disconnect?.();
}

function startSlice(at: number, count: number, heard: (sum: Summary) => void): Promise<void> {
  const options = ['--slice', '--from', String(at), '--seeds', String(count)];
  const more = ['--faults', String(faults), ...(values.first ? ['--first'] : [])];
  const child = fork(fileURLToPath(import.meta.url), [...options, ...more]);
  child.on('message', (sum: Summary) => heard(sum));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A slice ended with status ${code}.`)),
    );
  });
}

async function runAll(): Promise<Summary> {
  const began = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
  let sum = emptySummary();
  let told = 0;
  function heard(part: Summary): void {
    sum = addSummaries(sum, part);
    for (const failure of part.failures) print(failureText(failure));
    if (sum.runs < told + seeds / 20) return;
    told = sum.runs;
    const rate = (sum.runs / seconds()).toFixed(0);
    print(`${sum.runs} of ${seeds} seeds, ${rate} a second, ${sum.failures.length} failed`);
  }
  const jobs = Math.max(1, Math.min(whole('jobs'), seeds));
  const each = Math.ceil(seeds / jobs);
  if (jobs === 1) {
    heard(await runSeeds({ from, seeds, faults, enough: stopsAtFailure }));
    return tell(sum, seconds());
  }
  const starts = Array.from({ length: jobs }, (_, job) => from + job * each);
  await Promise.all(starts.map((at) => startSlice(at, Math.min(each, from + seeds - at), heard)));
  return tell(sum, seconds());
}

function tell(sum: Summary, time: number): Summary {
  print('\nStates reached:');
  for (const [state, count] of Object.entries(sum.counts))
    print(`${String(count).padStart(10)}  ${state}`);
  print(
    `\n${sum.runs} seeds from ${from}, ${sum.events} events, ${time.toFixed(1)} s, ${(sum.runs / time).toFixed(0)} seeds a second`,
  );
  print(`never reached: ${neverReached(sum.counts).join(', ') || 'none'}`);
  print(`hash ${sum.hash.toString(16).padStart(8, '0')}`);
  print(`violations ${sum.failures.length}`);
  return sum;
}

async function drawOne(): Promise<boolean> {
  const run = await simulate(drawPlan(from, faults), true);
  print(JSON.stringify(run.plan, undefined, 2));
  print(run.draw());
  for (const { invariant, text } of run.violations) print(`${invariant} ${text}`);
  return run.violations.length === 0;
}

if (values.slice) await runSlice();
else if (values.trace) process.exitCode = (await drawOne()) ? 0 : 1;
else process.exitCode = (await runAll()).failures.length === 0 ? 0 : 1;
