/** Takes a terminal, says so, and keeps it until it is killed or its input ends. */
import { writeSync } from 'node:fs';
import { terminalLock } from '../../../src/journal/lock.ts';

const [folder = '', terminal = '', since = ''] = process.argv.slice(2);
const release = await terminalLock(folder).acquire(terminal, {
  pid: process.pid,
  program: 'tillwire void',
  since: Number(since),
});
writeSync(1, 'held\n');
for await (const _ of process.stdin);
await release();
