import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTerminal, openPty } from '../../mocks/index.ts';

/** Puts a mock terminal on a pseudo-terminal that keeps its name when the plug is pulled and put in again. */
export async function plugIn(mock: MockTerminal) {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-interop-'));
  const pty = await openPty(mock, { link: join(folder, 'terminal') });
  return {
    path: pty.path,
    replug: () => pty.replug(),
    async close() {
      mock.close();
      await pty.close();
      rmSync(folder, { recursive: true });
    },
  };
}
