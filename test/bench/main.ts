import { cpus } from 'node:os';
import { benchDeframer } from './deframer.ts';
import { benchExchange } from './exchange.ts';
import { say } from './figures.ts';
import { benchJournal } from './journal.ts';
import { benchStart } from './start.ts';

say(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
say('Both ends on one machine over a pseudo-terminal: no UART, no baud pacing.');
say();
benchDeframer();
say();
await benchExchange();
say();
await benchJournal();
say();
benchStart();
process.exit(0);
