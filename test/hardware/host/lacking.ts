import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that this machine lacks to run the bench, and what a person can do about it. */
export interface Lacking {
  readonly what: string;
  readonly remedy: string;
}

export const QEMU = 'qemu-system-x86_64';

/** What the machine itself lacks: nothing here can be installed. */
export function lackingMachine(): Lacking[] {
  const lacking: Lacking[] = [];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    lacking.push({
      what: `a Linux machine with an x86_64 processor (this is ${process.platform} on ${process.arch})`,
      remedy: 'run it in CI, or in a Debian 12 container or virtual machine on x86_64',
    });
  const missing = ['apt-get', 'apt-cache', 'dpkg-deb', 'ldd', 'setpriv'].filter(
    (program) => !has(program),
  );
  if (missing.length > 0)
    lacking.push({
      what: `Debian's ${missing.join(', ')}: the guest's kernel is a Debian package`,
      remedy: 'run it in a Debian 12 container, as root; an ordinary one will do',
    });
  return lacking;
}

/** What the machine lacks that a package brings. */
export const lackingQemu = (): Lacking[] =>
  has(QEMU)
    ? []
    : [
        {
          what: `${QEMU}, which plays the guest`,
          remedy:
            'sudo apt-get update && sudo apt-get install --no-install-recommends qemu-system-x86 seabios ipxe-qemu',
        },
      ];

export function has(program: string): boolean {
  const places = (process.env['PATH'] ?? '').split(delimiter);
  return [...places, '/usr/sbin', '/sbin'].some((place) => {
    try {
      accessSync(join(place, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const inWords = (lacking: readonly Lacking[]): string =>
  lacking.map(({ what, remedy }) => `  lacks ${what}\n    ${remedy}`).join('\n');
