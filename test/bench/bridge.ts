import {
  type Asking,
  byBridge,
  byLibrary,
  kilobytes,
  machineLoad,
  pause,
  startMocks,
  startPart,
  startService,
} from './bridge-parts.ts';
import type { Usage } from './bridge-process.ts';
import { ms, say, spread, table, times } from './figures.ts';

const thinkMs = 5;
const rounds = 300;
const warmUp = 20;
const terminals = 64;
const seconds = 30;
const watchers = 1_000;
const watchedRounds = 80;

const row = (name: string, figures: readonly number[]): string[] => {
  const { p50, p99 } = spread(figures);
  return [name, ms(p50), ms(p99)];
};

const added = (with_: readonly number[], without: readonly number[]): string[] => {
  const [more, less] = [spread(with_), spread(without)];
  return ['the bridge adds', ms(more.p50 - less.p50), ms(more.p99 - less.p99)];
};

/** The terminal has to hear the last word before the next question, which takes 2 ms. */
async function repeated(asking: Asking, count: number, betweenMs = 2): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < count; round++) {
    figures.push(await asking.ask());
    await pause(betweenMs);
  }
  return figures;
}

/** The same question by the library and through the service, in turns, on twin terminals of one process. */
async function benchLatency(): Promise<void> {
  const mocks = await startMocks(2, thinkMs);
  const [mine = '', its = ''] = mocks.paths;
  const service = await startService([its]);
  const [library, bridge] = [await byLibrary(mine), byBridge(service, 't0')];
  await repeated(library, warmUp);
  await repeated(bridge, warmUp);
  const alone: number[] = [];
  const through: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push(...(await repeated(library, 1)));
    through.push(...(await repeated(bridge, 1)));
  }
  await library.close();
  await service.end();
  await mocks.end();
  say(`Last transaction, ${rounds} rounds in turns; the terminal thinks ${thinkMs} ms`);
  table([
    ['', 'p50', 'p99'],
    row('library', alone),
    row('bridge, until its result event', through),
    added(through, alone),
  ]);
}

interface Load {
  readonly figures: readonly number[];
  readonly failures: readonly string[];
}

/** Every terminal is asked once a second, each at its own moment of it. */
async function underLoad(all: readonly Asking[]): Promise<Load> {
  const figures: number[] = [];
  const failures: string[] = [];
  const ask = async (asking: Asking, n: number) => {
    await pause((n * 1_000) / all.length);
    for (let second = 0; second < seconds; second++) {
      const start = performance.now();
      await asking.ask().then(
        (took) => figures.push(took),
        (error: unknown) => failures.push(String(error)),
      );
      await pause(Math.max(0, start + 1_000 - performance.now()));
    }
  };
  await Promise.all(all.map(ask));
  return { figures, failures };
}

const loadRow = (name: string, { figures, failures }: Load): string[] => [
  ...row(`${name}, ${figures.length} commands`, figures),
  String(failures.length),
];

const processor = (more: Usage, less: Usage, commands: number): string =>
  `${ms((more.cpu - less.cpu) / commands)} of the processor`;

const each = (more: Usage, less: Usage, count: number): string =>
  `${kilobytes((more.rss - less.rss) / count)} RSS, ${kilobytes((more.heap - less.heap) / count)} heap`;

/** Many terminals on one service: what it adds then, and what each of them costs. */
async function benchTerminals(): Promise<void> {
  const mocks = await startMocks(terminals, thinkMs);
  const libraries = await Promise.all(mocks.paths.map(byLibrary));
  const alone = await underLoad(libraries);
  await Promise.all(libraries.map((library) => library.close()));

  const few = await startService(mocks.paths.slice(0, 1));
  await pause(2_000);
  const one = await few.usage();
  await few.end();

  const service = await startService(mocks.paths);
  await pause(2_000);
  const open = await service.usage();
  const through = await underLoad(mocks.paths.map((_, n) => byBridge(service, `t${n}`)));
  const after = await service.usage();
  await service.end();
  await mocks.end();
  say(`${terminals} terminals on one service, each asked once a second for ${seconds} s`);
  table([
    ['', 'p50', 'p99', 'failed'],
    loadRow('library', alone),
    loadRow('bridge', through),
    [...added(through.figures, alone.figures), ''],
  ]);
  for (const failure of new Set([...alone.failures, ...through.failures])) say(`  ${failure}`);
  say(`  Memory of one more terminal, open: ${each(open, one, terminals - 1)}.`);
  say(`  Kept of the commands after the run: ${each(after, open, 1)}.`);
  say(`  A command takes the service ${processor(after, open, through.figures.length)}.`);
}

/** Many who watch everything: what they cost, how soon they know, and whether commands wait for them. */
async function benchWatchers(): Promise<void> {
  const betweenMs = 200;
  const mocks = await startMocks(1, thinkMs);
  const service = await startService(mocks.paths);
  const bridge = byBridge(service, 't0');
  await repeated(bridge, warmUp);
  const fresh = await service.usage();
  const before = await repeated(bridge, watchedRounds / 2, betweenMs);
  const bare = await service.usage();

  const part = startPart('watchers-process.ts');
  const { url, token } = service;
  const openMs = await part.ask<number>({ do: 'open', url, token, count: watchers });
  const watched = await service.usage();
  await part.ask({ do: 'expect' });
  const told = part.hear<number>();
  const start = performance.timeOrigin + performance.now();
  await bridge.ask();
  const toldMs = (await told) - start;
  const begun = await service.usage();
  const during = await repeated(bridge, watchedRounds, betweenMs);
  const done = await service.usage();
  await part.end();
  await pause(1_000);
  const behind = await repeated(bridge, watchedRounds / 2, betweenMs);
  await service.end();
  await mocks.end();

  const without = [...before, ...behind];
  say(`${watchers} watchers of everything on one service; a command, then ${betweenMs} ms nothing`);
  table([
    ['', 'p50', 'p99'],
    row('a command, nobody watches', without),
    row('a command, all watch', during),
    [
      'times',
      times(spread(during).p50 / spread(without).p50),
      times(spread(during).p99 / spread(without).p99),
    ],
  ]);
  say(
    `  All connected within ${ms(openMs)}; all told of a command ${ms(toldMs)} after it was asked for.`,
  );
  say(`  Memory of one watcher: ${each(watched, bare, watchers)}.`);
  say(
    `  A command takes the service ${processor(bare, fresh, before.length)}, with watchers ${processor(done, begun, during.length)}.`,
  );
}

/** What `tillwire serve` adds to the library, and how far it goes. Till, service and terminals are a process each. */
export async function benchBridge(): Promise<void> {
  for (const bench of [benchLatency, benchTerminals, benchWatchers]) {
    say(`Bridge, ${machineLoad()}.`);
    await bench();
    say();
  }
}
