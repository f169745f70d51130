import { openClients } from '../../src/bridge/clients.ts';
import { systemClock } from '../../src/model/clock.ts';

// A process of its own that adds clients to a file that others add to as well.
const [file = '', prefix = '', count = '0'] = process.argv.slice(2);
const clients = openClients(file, systemClock);
for (let i = 0; i < Number(count); i += 1) clients.add(`${prefix}-${i}`, new Set(['query']));
