import { profilePath } from '../profiles/builtin.ts';
import { explain, explainIntermediates, summary } from '../profiles/explain.ts';
import { readTextFile } from '../profiles/file.ts';
import { problemInWords } from '../profiles/problem.ts';
import { readProfile } from '../profiles/read.ts';
import type { Profile } from '../profiles/schema.ts';
import { readVectors, tryVectors } from '../profiles/vectors.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';

export type ProfileAction = 'check' | 'explain' | 'test';

export async function readText(path: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path} cannot be read: ${why}.`, { cause });
  }
}

/** `tillwire profile check|explain|test`: for the person who describes a terminal. */
export async function profileCommand(
  action: ProfileAction,
  file: string,
  vectors: string | undefined,
  output: Output,
): Promise<ExitStatus> {
  const path = profilePath(file);
  const read = readProfile(await readText(path));
  if (read.type === 'problems') {
    for (const problem of read.problems)
      output.line(`${path}:${problemInWords(problem)}`, {
        type: 'problem',
        file: path,
        ...problem,
      });
    return exit.wrongUsage;
  }
  const { profile } = read;
  switch (action) {
    case 'check':
      output.line(`${path}: no problem found.`, {
        type: 'checked',
        file: path,
        name: profile.name,
      });
      return exit.done;
    case 'explain':
      explainProfile(profile, output);
      return exit.done;
    case 'test':
      if (vectors === undefined) throw new UsageError('profile test needs a file of vectors.');
      return testProfile(profile, await readText(vectors), output);
  }
}

function explainProfile(profile: Profile, output: Output): void {
  for (const line of summary(profile)) output.line(line, { type: 'summary', line });
  for (const { command, hex, lines } of explain(profile)) {
    output.line(command, { type: 'command', command, hex });
    for (const line of lines) output.line(line, { type: 'line', command, line });
  }
  const between = explainIntermediates(profile);
  if (between.length === 0) return;
  output.line('before an answer', { type: 'intermediates' });
  for (const line of between) output.line(line, { type: 'intermediate', line });
}

function testProfile(profile: Profile, text: string, output: Output): ExitStatus {
  let tried: ReturnType<typeof tryVectors>;
  try {
    tried = tryVectors(profile, readVectors(text));
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  for (const { name, ok, differences } of tried) {
    output.line(`${ok ? 'ok  ' : 'FAIL'} ${name}`, { type: 'vector', name, ok, differences });
    for (const difference of differences) output.note(`       ${difference}`);
  }
  const failed = tried.filter(({ ok }) => !ok).length;
  output.note(`${tried.length - failed} of ${tried.length} vectors agree.`);
  return failed === 0 ? exit.done : exit.certainlyNotDone;
}
