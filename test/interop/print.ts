/** Prints the table fault × driver as Markdown: `tsx test/interop/print.ts`. */
import { compare } from './comparison.ts';
import { table } from './table.ts';

process.stdout.write(`${table(await compare())}\n`);
// A promise of the SDK that never settles keeps timers of its own.
process.exit();
