import { run } from './command.ts';
import { type Lacking, lackingQemu } from './lacking.ts';

/**
 * Installs QEMU where it is missing and this user may. Gives what is lacking all the same.
 * @throws {Error} when apt fails.
 */
export async function installQemu(say: (text: string) => void): Promise<Lacking[]> {
  const lacking = lackingQemu();
  if (lacking.length === 0 || process.getuid?.() !== 0) return lacking;
  say('installing qemu-system-x86 with apt-get');
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', [
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    'qemu-system-x86',
    'seabios',
    'ipxe-qemu',
  ]);
  return lackingQemu();
}
