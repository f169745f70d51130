import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';

/** Packs a folder as the kernel unpacks it at boot; several such files in a row are one. */
export function packArchive(folder: string, file: string, busybox: string): void {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  const archive = execFileSync(busybox, ['cpio', '-o', '-H', 'newc', '-R', '0:0'], {
    cwd: folder,
    input: `${names.join('\n')}\n`,
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  writeFileSync(file, archive);
}
