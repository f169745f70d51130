import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { openPty } from '../../mocks/pty.ts';

/** Runs so many mock terminals on pseudo-terminals that have sold once; says where they are. */
process.once('message', async ({ count, thinkMs }: { count: number; thinkMs: number }) => {
  const paths: string[] = [];
  for (let n = 0; n < count; n++) {
    const sales = [{ amount: 1_500 }];
    const mock = createMockTerminal({ protocol: 'transbank', transport: 'serial', thinkMs, sales });
    paths.push((await openPty(mock)).path);
  }
  process.send?.(paths);
});
process.once('disconnect', () => process.exit());
