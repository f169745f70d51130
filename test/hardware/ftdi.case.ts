import assert from 'node:assert/strict';
import { listSerialPorts } from '../../src/index.ts';
import { conversation } from './conversation.ts';
import { ftdiRig } from './rigs/ftdi.ts';
import { it, runCases } from './runner/cases.ts';

const rig = await ftdiRig();

it('is listed as what it is, a bridge chip', async () => {
  const ports = await listSerialPorts();
  const port = ports.find(({ stablePath }) => rig.address.endsWith(`:${stablePath}`));
  assert.equal(`${port?.vendorId}:${port?.productId}`, '0403:6001');
});

conversation(rig, { sales: false });

await runCases('A terminal behind an FTDI adapter (ttyUSB)', { atLast: () => rig.close() });
