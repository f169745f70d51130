/** Writes voids into a journal and says after each record that it is durable. */
import { writeSync } from 'node:fs';
import { openJournal } from '../../../src/journal/sqlite.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { answer, evidence, sent, voided, voidIntent } from './intents.ts';

const [path = '', key = '', name = '', count = ''] = process.argv.slice(2);

// Straight to the descriptor: what was said is said before the process can be killed.
const say = (line: string) => writeSync(1, `${line}\n`);

try {
  const journal = await openJournal({ path, key, clock: systemClock });
  say('open');
  for (let i = 0; i < Number(count); i++) {
    const intent = `${name}-${i}`;
    await journal.begin(voidIntent(intent));
    await journal.append(intent);
    say(`${intent} intent`);
    for (const entry of [evidence, sent, answer, voided(intent)]) {
      await journal.append(intent, entry);
      say(`${intent} ${entry.type}`);
    }
  }
  journal.close();
} catch (error) {
  say(`failed ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
