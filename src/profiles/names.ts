import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The profiles that come with the package; each is a protocol by its name. */
export const builtinProfiles = [
  'allinpay-mis',
  'bank-mis-ingenico',
  'smartro-tl3500',
  'paycloud-ecrhub',
] as const;

export type BuiltinProfile = (typeof builtinProfiles)[number];

export const isBuiltinProfile = (name: string): name is BuiltinProfile =>
  builtinProfiles.some((own) => own === name);

/** The package's folder of profiles, from the source and from the built file. */
const folders = ['../../profiles', '../../../profiles'].map((up) => join(import.meta.dirname, up));

export const builtinPath = (name: string): string => {
  const file = `${name}.yaml`;
  const folder = folders.find((one) => existsSync(join(one, file))) ?? folders[0] ?? '';
  return join(folder, file);
};

/** A file, or the name of a profile that comes with the package. */
export const profilePath = (fileOrName: string): string =>
  isBuiltinProfile(fileOrName) ? builtinPath(fileOrName) : fileOrName;
