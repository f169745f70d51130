import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';

/** What the system says about a device file and the user who wants to open it. */
export interface DeviceAccess {
  readonly user: string;
  readonly file: 'character-device' | 'other' | 'missing' | 'unknown';
  /** The group that owns the device. Missing where there are no such groups, as on Windows. */
  readonly group?: {
    readonly name: string;
    /** The group may read and write the device. */
    readonly mayUse: boolean;
    /** The user is a member according to the group file. */
    readonly listed: boolean;
    /** This process has the group; it has not if the user was added after logging in. */
    readonly inForce: boolean;
  };
  /** The system's usual group for serial ports. */
  readonly serialGroup: string;
}

/** Debian, Fedora and others; Arch and Slackware. */
const SERIAL_GROUPS = ['dialout', 'uucp'];

/** Looks at the device file without opening it. Never rejects. */
export async function readDeviceAccess(
  path: string,
  groupFile = '/etc/group',
): Promise<DeviceAccess> {
  const user = userName();
  const groups = await readGroups(groupFile);
  const serialGroup = SERIAL_GROUPS.find((name) => groups.some((group) => group.name === name));
  const known = { user, serialGroup: serialGroup ?? 'dialout' };
  try {
    const file = await stat(path);
    const kind = file.isCharacterDevice() ? 'character-device' : 'other';
    const group = groups.find(({ id }) => id === file.gid);
    if (group === undefined) return { ...known, file: kind };
    return {
      ...known,
      file: kind,
      group: {
        name: group.name,
        mayUse: (file.mode & 0o060) === 0o060,
        listed: group.members.includes(user),
        inForce:
          process.getgid?.() === file.gid || process.getgroups?.().includes(file.gid) === true,
      },
    };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { ...known, file: missing ? 'missing' : 'unknown' };
  }
}

interface Group {
  readonly name: string;
  readonly id: number;
  readonly members: readonly string[];
}

/** Lines such as `dialout:x:20:ana,luis`. */
async function readGroups(groupFile: string): Promise<readonly Group[]> {
  const text = await readFile(groupFile, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name = '', , id = '', members = ''] = line.split(':');
    return name === '' || id === '' ? [] : [{ name, id: Number(id), members: members.split(',') }];
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `number ${process.getuid?.() ?? '?'}`;
  }
}
