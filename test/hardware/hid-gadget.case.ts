import { conversation } from './conversation.ts';
import { hidGadgetRig } from './rigs/hid-cable.ts';
import { runCases } from './runner/cases.ts';

const rig = hidGadgetRig('mms');

conversation(rig, { sales: false });

await runCases('A terminal on hidraw, from a USB gadget, packed mms', {
  atLast: () => rig.close(),
});
