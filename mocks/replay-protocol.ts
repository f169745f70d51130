import { builtinProfiles, builtinText } from '../src/profiles/builtin.ts';
import { compileProfile } from '../src/profiles/compile.ts';
import { systemSurroundings } from '../src/profiles/load.ts';
import { problemInWords } from '../src/profiles/problem.ts';
import { readProfile } from '../src/profiles/read.ts';
import type { Protocol } from '../src/protocols/protocol.ts';
import { plainSetup, protocols } from '../src/protocols/table.ts';
import type { RecordingHeader } from '../src/trace/recording.ts';

function ofProfile(text: string): Protocol {
  const read = readProfile(text);
  // What a till is told of its settings is in the recorded frames.
  if (read.type === 'profile') return compileProfile(read.profile, systemSurroundings(new Map()));
  throw new Error(
    `The profile has ${read.problems.length} problems:\n${read.problems.map(problemInWords).join('\n')}`,
  );
}

/**
 * The protocol of a recording, to read what a till says.
 * @throws {Error} for one that is not known, and without the text of the profile that it needs
 */
export async function protocolOfRecording(
  { protocol, profile: named, transport }: RecordingHeader,
  profile?: string,
): Promise<Protocol> {
  if (profile !== undefined) return ofProfile(profile);
  if (protocol === 'profile')
    throw new Error(`The recording needs the profile ${named ?? ''}: the file that describes it.`);
  const builtin = builtinProfiles.find((name) => name === protocol);
  if (builtin !== undefined) return ofProfile(builtinText(builtin));
  const entry = protocols.get(protocol);
  if (entry === undefined)
    throw new Error(`The recording is of the protocol ${protocol}, which is not known.`);
  return entry.load({ ...plainSetup, transport });
}
