import { type BuiltinProfile, builtinText } from '../src/profiles/builtin.ts';
import { problemInWords } from '../src/profiles/problem.ts';
import { readProfile } from '../src/profiles/read.ts';
import type { Profile } from '../src/profiles/schema.ts';
import type { Face, Setting } from './face.ts';
import { profileFace } from './profile-face.ts';

/** @throws {Error} naming every problem of the text */
function profileOf(text: string): Profile {
  const read = readProfile(text);
  if (read.type === 'profile') return read.profile;
  throw new Error(
    `The profile has ${read.problems.length} problems:\n${read.problems.map(problemInWords).join('\n')}`,
  );
}

export const builtinProfileFace =
  (name: BuiltinProfile) =>
  (setting: Setting): Face =>
    profileFace(profileOf(builtinText(name)), setting);

export function ownProfileFace(setting: Setting): Face {
  if (setting.profile === undefined)
    throw new Error('A mock terminal of a profile needs the profile itself.');
  return profileFace(profileOf(setting.profile), setting);
}
