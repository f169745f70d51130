import type { Answered, Told } from './messages.ts';

interface Case {
  readonly name: string;
  readonly run: () => Promise<void> | void;
  readonly limitMs: number;
}

const cases: Case[] = [];

/** One thing that must hold, as a sentence. `limitMs`: when it has failed for being too slow. */
export function it(name: string, run: Case['run'], limitMs = 60_000): void {
  cases.push({ name, run, limitMs });
}

const tell = (told: Told): void => {
  process.send?.(told);
};

/** Says a measured fact that nothing is compared with. */
export const note = (text: string): void => tell({ type: 'note', text });

/** Said only when the case does not hold. */
let remembered: string[] = [];
export const remember = (text: string): void => void remembered.push(text);

/**
 * Runs the cases in order and ends the process: 0 when all held. A case that fails does not keep the next
 * from running.
 * `atLast` is done once at the end, also after failures.
 */
export async function runCases(
  subject: string,
  hooks: { readonly atLast?: () => Promise<void> | void } = {},
): Promise<void> {
  const only = process.env['TILLWIRE_ONLY'] ?? '';
  const wanted = cases.filter(({ name }) => name.includes(only));
  tell({ type: 'subject', subject, cases: wanted.length });
  let failed = 0;
  for (const { name, run, limitMs } of wanted) {
    const began = performance.now();
    remembered = [];
    const why = await outcome(run, limitMs);
    if (why !== undefined) failed++;
    const ms = Math.round(performance.now() - began);
    tell({
      type: 'case',
      name,
      ms,
      ...(why !== undefined && { why: [why, ...remembered].join('\n') }),
    });
  }
  await hooks.atLast?.();
  // The last messages leave before the process does.
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send({ type: 'note', text: '' }, () => resolve());
  });
  process.exit(failed === 0 ? 0 : 1);
}

async function outcome(run: Case['run'], limitMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      run(),
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs);
      }),
    ]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? briefly(error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Of the stack only where it happened. */
function briefly(stack: string): string {
  const isPlace = (line: string) => /^ +at /.test(line);
  const lines = stack.split('\n');
  const place = lines.find(isPlace);
  return [...lines.filter((line) => !isPlace(line)), ...(place === undefined ? [] : [place])].join(
    '\n',
  );
}

let asked = 0;
const waiting = new Map<number, (answer: Answered) => void>();

/** Has the host do something that only the host can, such as pulling QEMU's USB adapter. */
export function askHost(what: string, ...args: readonly unknown[]): Promise<unknown> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ value, error }) =>
      error === undefined ? resolve(value) : reject(new Error(`the host: ${error}`)),
    );
    tell({ type: 'ask', id, what, args });
  });
}

process.on('message', (answer: Answered) => {
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});
