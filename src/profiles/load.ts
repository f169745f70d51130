import { TerminalError } from '../model/error.ts';
import type { ProtocolSetup } from '../protocols/table.ts';
import { commandsOf } from './check-commands.ts';
import { compileProfile, type ProfileProtocol } from './compile.ts';
import { readExpression } from './expression.ts';
import { readTextFile } from './file.ts';
import { profilePath } from './names.ts';
import { problemsInWords } from './problem.ts';
import { readProfile } from './read.ts';
import type { Surroundings } from './requests.ts';
import type { Profile } from './schema.ts';
import { longestSetting, matchesPattern } from './setting-pattern.ts';

const bad = (message: string, cause?: unknown): TerminalError =>
  new TerminalError('bad-settings', 'none', message, cause === undefined ? {} : { cause });

/**
 * A profile from its file.
 * @throws {TerminalError} `bad-settings` with every problem of the file
 */
export async function profileFromFile(path: string): Promise<Profile> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw bad(`The profile ${path} cannot be read: ${why}.`, cause);
  }
  const read = readProfile(text);
  if (read.type === 'profile') return read.profile;
  throw bad(`The profile ${path} is not loaded: ${problemsInWords(read.problems)}`);
}

/**
 * The protocol of a profile, to read what was said by it. What only a request needs is not there.
 * @throws {TerminalError} `bad-settings` with every problem of the file
 */
export const protocolToRead = async (path: string): Promise<ProfileProtocol> =>
  compileProfile(await profileFromFile(path), systemSurroundings(new Map()));

/** `operator=01,register=7` */
export function settingsOf(text: string): ReadonlyMap<string, string> {
  const parts = text === '' ? [] : text.split(',');
  return new Map(
    parts.map((part): [string, string] => {
      const equals = part.indexOf('=');
      if (equals < 1)
        throw bad(`settings must be NAME=VALUE,NAME=VALUE; got ${JSON.stringify(text)}.`);
      return [part.slice(0, equals), part.slice(equals + 1)];
    }),
  );
}

/**
 * The settings of a profile, as the address gives them; its defaults otherwise.
 * @throws {TerminalError} `bad-settings` naming the setting and what it must be
 */
export function settle(
  profile: Profile,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const strange = [...given.keys()].find((name) => !Object.hasOwn(profile.settings, name));
  if (strange !== undefined)
    throw bad(
      `The profile ${profile.name} has no setting ${strange}; it has ${Object.keys(profile.settings).join(', ') || 'none'}.`,
    );
  const missing = neededSettings(profile).find(
    (name) => !given.has(name) && profile.settings[name]?.default === undefined,
  );
  if (missing !== undefined)
    throw bad(
      `The profile ${profile.name} needs the setting ${missing} (${profile.settings[missing]?.title}): put ${missing}=… into the address.`,
    );
  return new Map(
    Object.entries(profile.settings).flatMap(([name, { default: own, pattern, title }]) => {
      const value = given.get(name) ?? own;
      if (value === undefined) return [];
      if (value.length > longestSetting)
        throw bad(`${name} (${title}) must have at most ${longestSetting} characters.`);
      if (pattern !== undefined && !matchesPattern(pattern, value))
        throw bad(`${name} (${title}) must match ${pattern}; got ${JSON.stringify(value)}.`);
      return [[name, value]];
    }),
  );
}

/** Settings that a command cannot do without. */
function neededSettings(profile: Profile): readonly string[] {
  const written = commandsOf(profile).flatMap(([, { send }]) => Object.values(send));
  return written.flatMap((value) => {
    const expression = readExpression(value);
    return expression?.type === 'setting' && !expression.optional ? [expression.name] : [];
  });
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The till's clock, in its own zone. */
export function localNow(at = new Date()): string {
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The system's clock, and numbers that begin elsewhere after each start. */
export function systemSurroundings(settings: ReadonlyMap<string, string>): Surroundings {
  let number = Math.floor(Date.now() / 1_000);
  return { settings, now: () => localNow(), next: () => number++ };
}

/**
 * The protocol of a profile, for an address: its settings, and `variant`.
 * @throws {TerminalError} `bad-settings`
 */
export function protocolOf(
  profile: Profile,
  { texts }: Pick<ProtocolSetup, 'texts'>,
): ProfileProtocol {
  const { settings = '', variant, file: _, ...own } = Object.fromEntries(texts);
  if (variant !== undefined && !Object.hasOwn(profile.variants, variant))
    throw bad(
      `The profile ${profile.name} has no variant ${variant}; it has ${Object.keys(profile.variants).join(', ') || 'none'}.`,
    );
  const given = new Map([...Object.entries(own), ...settingsOf(settings)]);
  return compileProfile(profile, systemSurroundings(settle(profile, given)), variant);
}

/**
 * `profile+serial:/dev/ttyUSB0?file=/etc/terminal.yaml`, or the name of a profile that comes with the package.
 * @throws {TerminalError} `bad-settings` or `bad-address`
 */
export async function loadFile(setup: ProtocolSetup): Promise<ProfileProtocol> {
  const file = setup.texts.get('file');
  if (file === undefined || file === '')
    throw new TerminalError(
      'bad-address',
      'none',
      'A terminal of a profile needs the file: profile+serial:/dev/ttyUSB0?file=/etc/terminal.yaml.',
    );
  return protocolOf(await profileFromFile(profilePath(file)), setup);
}
