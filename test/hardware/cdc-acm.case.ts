import assert from 'node:assert/strict';
import { listSerialPorts } from '../../src/index.ts';
import { conversation } from './conversation.ts';
import { acmPath, acmRig } from './rigs/acm.ts';
import { it, runCases } from './runner/cases.ts';
import { ending, withTill } from './runner/till.ts';

const rig = acmRig();

it('is listed by a name that stays, with vendor and product, and not opened for that', async () => {
  await rig.fresh();
  const ports = await listSerialPorts();
  const [port] = ports.filter(({ stablePath }) => stablePath === acmPath);
  assert.deepEqual(
    { ...port, path: port?.path.replace(/\d+$/, '') },
    {
      path: '/dev/ttyACM',
      stablePath: acmPath,
      manufacturer: 'Mock',
      serialNumber: 'SN0001',
      vendorId: '2fb8',
      productId: '0102',
    },
  );
  assert.equal((await rig.seen()).fromTill, 0);
});

it('is held by one program at a time', async () => {
  await rig.fresh();
  await withTill(rig.address, async (terminal) => {
    assert.equal(await ending(terminal.status()), 'ready');
    await withTill(rig.address, async (second) => {
      assert.equal(await ending(second.status()), 'device-busy none');
    });
    assert.equal(await ending(terminal.status()), 'ready');
  });
});

conversation(rig, { sales: true });

await runCases('A terminal on CDC-ACM (ttyACM)', { atLast: () => rig.close() });
