import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Where things lie when the till gives no path. The key is in another folder than what it protects. */
export interface JournalLocation {
  readonly journal: string;
  readonly key: string;
  /** The folder of the locks of terminals. */
  readonly locks: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** XDG Base Directory Specification 0.8; on macOS and Windows what the system has for it. */
export function journalLocation({ env, platform, home }: Surroundings): JournalLocation {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  // "If an implementation encounters a relative path ... it should consider the path invalid and ignore it."
  const folder = (variable: string, ...otherwise: readonly string[]) => {
    const given = env[variable];
    const base = given !== undefined && isAbsolute(given) ? given : join(home, ...otherwise);
    return join(base, 'tillwire');
  };
  const { state, config } = folders(platform, folder, (...path) => join(home, ...path, 'tillwire'));
  return {
    journal: join(state, 'journal.db'),
    key: join(config, 'journal.key'),
    locks: join(state, 'locks'),
  };
}

function folders(
  platform: NodeJS.Platform,
  folder: (variable: string, ...otherwise: readonly string[]) => string,
  atHome: (...path: readonly string[]) => string,
): { readonly state: string; readonly config: string } {
  switch (platform) {
    case 'win32':
      return {
        state: folder('LOCALAPPDATA', 'AppData', 'Local'),
        config: folder('APPDATA', 'AppData', 'Roaming'),
      };
    case 'darwin':
      return {
        state: atHome('Library', 'Application Support'),
        config: atHome('Library', 'Preferences'),
      };
    default:
      return {
        state: folder('XDG_STATE_HOME', '.local', 'state'),
        config: folder('XDG_CONFIG_HOME', '.config'),
      };
  }
}

/** Where they lie for this user on this machine. */
export const systemLocation = (): JournalLocation =>
  journalLocation({ env: process.env, platform: process.platform, home: homedir() });
