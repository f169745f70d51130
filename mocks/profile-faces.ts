import { type BuiltinProfile, builtinText } from '../src/profiles/builtin.ts';
import { problemsInWords } from '../src/profiles/problem.ts';
import { readProfile } from '../src/profiles/read.ts';
import type { Profile } from '../src/profiles/schema.ts';
import type { Face, Setting } from './face.ts';
import { profileFace } from './profile-face.ts';

/** @throws {Error} naming every problem of the text */
function profileOf(text: string): Profile {
  const read = readProfile(text);
  if (read.type === 'profile') return read.profile;
  throw new Error(`The profile is not loaded: ${problemsInWords(read.problems)}`);
}

const builtin = new Map<BuiltinProfile, Profile>();

/** Read once, however many terminals are made of it. */
function builtinOf(name: BuiltinProfile): Profile {
  const profile = builtin.get(name) ?? profileOf(builtinText(name));
  builtin.set(name, profile);
  return profile;
}

export const builtinProfileFace =
  (name: BuiltinProfile) =>
  (setting: Setting): Face =>
    profileFace(builtinOf(name), setting);

export function ownProfileFace(setting: Setting): Face {
  if (setting.profile === undefined)
    throw new Error('A mock terminal of a profile needs the profile itself.');
  return profileFace(profileOf(setting.profile), setting);
}
