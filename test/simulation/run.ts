import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { addSummaries, emptySummary, failureText, type Summary } from './campaign.ts';
import { hire } from './crew.ts';
import { type FamilyName, familyNames } from './families.ts';
import { simulate } from './simulate.ts';
import { allSingles, singleKinds } from './singles.ts';
import { neverReached } from './sometimes.ts';
import { drawPlan, type Plan } from './swarm.ts';
import type { Task } from './tasks.ts';

/**
 * `npm run simulate -- --seeds 1000000 --from 1 --faults 4`: many more runs than the test suite has.
 * `--singles`: every single fault instead, at truly every byte. `--from 17 --trace`, `--single zvt-tcp:line:3 --trace`: one run,
 * drawn.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: '4' },
    /** Processes that share the work. */
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Only terminals of this family. */
    family: { type: 'string' },
    singles: { type: 'boolean', default: false },
    single: { type: 'string' },
    trace: { type: 'boolean', default: false },
    /** Stop at the first failing run. */
    first: { type: 'boolean', default: false },
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

function familyOf(name: string | undefined): FamilyName | undefined {
  if (name === undefined) return undefined;
  const found = familyNames.find((one) => one === name);
  if (found === undefined) throw new Error(`--family must be one of ${familyNames.join(', ')}.`);
  return found;
}

const from = whole('from');
const seeds = whole('seeds');
const faults = whole('faults');
const family = familyOf(values.family);

/** The options that a run has to be played with again. */
const asPlayed = `${faults === 4 ? '' : ` --faults ${faults}`}${family === undefined ? '' : ` --family ${family}`}`;

/** Small enough that all workers end at about the same time. */
const portion = Math.max(1, Math.min(1_000, Math.ceil(seeds / 40)));

function* seedTasks(): Generator<Task> {
  for (let at = from; at < from + seeds; at += portion)
    yield {
      type: 'seeds',
      from: at,
      seeds: Math.min(portion, from + seeds - at),
      faults,
      ...(family && { family }),
    };
}

const parts = 8;

function* singleTasks(): Generator<Task> {
  for (const name of family === undefined ? familyNames : [family])
    for (const kind of singleKinds)
      for (let part = 0; part < parts; part++)
        yield { type: 'singles', family: name, kind, spare: true, part, of: parts };
}

async function playAll(tasks: readonly Task[]): Promise<Summary> {
  const began = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
  const crew = await hire(Math.max(1, whole('jobs')), values.first);
  let sum = emptySummary();
  let done = 0;
  let told = 0;

  function heard(part: Summary): void {
    sum = addSummaries(sum, part);
    done++;
    for (const failure of part.failures) print(failureText(failure, asPlayed));
    if (done < told + tasks.length / 20) return;
    told = done;
    const rate = (sum.runs / seconds()).toFixed(0);
    print(
      `${((100 * done) / tasks.length).toFixed(0).padStart(3)} %: ${sum.runs} runs, ${rate} a second, ${sum.failures.length} failed`,
    );
  }

  // Whatever the workers have not begun is not waited for once there is a failure and one is enough.
  await new Promise<void>((resolve, reject) => {
    let left = tasks.length;
    for (const task of tasks)
      crew.play(task).then((part) => {
        heard(part);
        if (--left === 0 || (values.first && part.failures.length > 0)) resolve();
      }, reject);
  });
  crew.dismiss();
  tell(sum, seconds());
  return sum;
}

function tell(sum: Summary, time: number): void {
  print('\nStates reached:');
  for (const [state, count] of Object.entries(sum.counts))
    print(`${String(count).padStart(10)}  ${state}`);
  const what = values.singles ? 'single faults' : `seeds from ${from}`;
  print(
    `\n${sum.runs} ${what}, ${sum.events} events, ${time.toFixed(1)} s, ${(sum.runs / time).toFixed(0)} runs a second`,
  );
  print(`never reached: ${neverReached(sum.counts).join(', ') || 'none'}`);
  print(`hash ${sum.hash.toString(16).padStart(8, '0')}`);
  print(`violations ${sum.failures.length}`);
}

async function planOf(single: string | undefined): Promise<Plan> {
  if (single === undefined) return drawPlan(from, faults, family);
  const [name, kindName, index] = single.split(':');
  const kind = singleKinds.find((one) => one === kindName);
  const owner = familyOf(name);
  const plan = kind && owner && (await allSingles(owner, kind))[Number(index)]?.plan;
  if (plan === undefined) throw new Error(`There is no single fault ${single}.`);
  return plan;
}

async function drawOne(): Promise<boolean> {
  const run = await simulate(await planOf(values.single), true);
  print(JSON.stringify(run.plan, undefined, 2));
  print(run.draw());
  for (const { invariant, text } of run.violations) print(`${invariant} ${text}`);
  return run.violations.length === 0;
}

if (values.trace) process.exitCode = (await drawOne()) ? 0 : 1;
else {
  const { failures } = await playAll([...(values.singles ? singleTasks() : seedTasks())]);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
