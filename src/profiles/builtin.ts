import { readFileSync } from 'node:fs';
import type { ProtocolSetup } from '../protocols/table.ts';
import type { ProfileProtocol } from './compile.ts';
import { profileFromFile, protocolOf } from './load.ts';
import { type BuiltinProfile, builtinPath } from './names.ts';
import type { Profile } from './schema.ts';

export { type BuiltinProfile, builtinPath, builtinProfiles, profilePath } from './names.ts';

/** @throws {TerminalError} `bad-settings` for a damaged package */
export const builtinProfile = (name: BuiltinProfile): Promise<Profile> =>
  profileFromFile(builtinPath(name));

/** @throws {TerminalError} `bad-settings` for settings that make no sense */
export const loadBuiltin = async (
  name: BuiltinProfile,
  setup: ProtocolSetup,
): Promise<ProfileProtocol> => protocolOf(await builtinProfile(name), setup);

/** The text of a profile that comes with the package, for the mock terminal that is made from it. */
export const builtinText = (name: BuiltinProfile): string =>
  readFileSync(builtinPath(name), 'utf8');
