import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProtocolSetup } from '../protocols/table.ts';
import type { ProfileProtocol } from './compile.ts';
import { profileFromFile, protocolOf } from './load.ts';
import type { Profile } from './schema.ts';

/** The profiles that come with the package; each is a protocol by its name. */
export const builtinProfiles = [
  'allinpay-mis',
  'bank-mis-ingenico',
  'smartro-tl3500',
  'paycloud-ecrhub',
] as const;

export type BuiltinProfile = (typeof builtinProfiles)[number];

/** The package's folder of profiles, from the source and from the built file. */
const folders = ['../../profiles', '../../../profiles'].map((up) => join(import.meta.dirname, up));

export const builtinPath = (name: string): string => {
  const file = `${name}.yaml`;
  const folder = folders.find((one) => existsSync(join(one, file))) ?? folders[0] ?? '';
  return join(folder, file);
};

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
