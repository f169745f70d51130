import { conversation } from './conversation.ts';
import { uhidRig } from './rigs/hid-cable.ts';
import { runCases } from './runner/cases.ts';

const rig = uhidRig('rba');

conversation(rig, { sales: true });

await runCases('A terminal on hidraw, from uhid, packed rba', { atLast: () => rig.close() });
