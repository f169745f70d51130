/** What node-hid and the kernel do by themselves: the transport is built on these facts. */
import assert from 'node:assert/strict';
import HID from 'node-hid';
import { vendorDescriptor } from '../../mocks/hid-descriptor.ts';
import { uhidCreate, uhidDestroy, uhidInput } from '../../mocks/uhid-events.ts';
import { openUhidFile } from '../../mocks/uhid-file.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { reportShape } from '../../src/transports/hid-shape.ts';
import { listHidraw } from '../../src/transports/hid-sysfs.ts';
import { it, note, runCases } from './runner/cases.ts';
import { sleep, until } from './runner/wait.ts';

const { HIDAsync } = HID;
type Handle = Awaited<ReturnType<typeof HIDAsync.open>>;

/** A bare device: what the kernel passes to it is kept as it came. */
async function device(packing: 'rba' | 'plain') {
  const outputs: Uint8Array[] = [];
  const file = openUhidFile((event) => {
    if (event.type === 'output') outputs.push(event.report);
    else if (event.type === 'asks') file.write(event.reply);
  });
  const identity = { name: 'Bare', serialNumber: 'BARE', vendorId: 0x0b00, productId: 0x0074 };
  file.write(uhidCreate(identity, vendorDescriptor(reportShape(packings[packing], undefined, {}))));
  const { path } = await until('the device is listed', async () =>
    (await listHidraw()).find(({ serialNumber }) => serialNumber === 'BARE'),
  );
  return {
    path,
    outputs,
    input: (report: Uint8Array) => file.write(uhidInput(report)),
    async unplug() {
      file.write(uhidDestroy());
      await file.gone;
    },
  };
}

it('the kernel takes a report with an id that is input only, and says that it was written', async () => {
  const { path, outputs, unplug } = await device('rba');
  const handle = await HIDAsync.open(path);
  assert.equal(await handle.write([1, ...Buffer.alloc(31)]), 32);
  await until('it has passed', () => outputs.length > 0);
  await handle.close();
  await unplug();
});

for (const length of [3, 64, 81])
  it(`the kernel takes a report of ${length} bytes where 32 are right`, async () => {
    const { path, outputs, unplug } = await device('rba');
    const handle = await HIDAsync.open(path);
    assert.equal(await handle.write([2, ...Buffer.alloc(length - 1)]), length);
    await until('it has passed', () => outputs[0]?.length === length);
    await handle.close();
    await unplug();
  });

it('of 100 reports that nobody reads, the first 63 are kept and the rest is dropped without an error', async () => {
  const { path, input, unplug } = await device('plain');
  const handle = await HIDAsync.open(path);
  const got: number[] = [];
  const errors: unknown[] = [];
  handle.on('error', (error: unknown) => errors.push(error));
  for (let at = 0; at < 100; at++) input(new Uint8Array(64).fill(at));
  await sleep(200);
  handle.on('data', (data: Buffer) => got.push(data[0] ?? -1));
  await sleep(500);
  assert.deepEqual(
    got,
    Array.from({ length: 63 }, (_, at) => at),
  );
  assert.deepEqual(errors, []);
  await handle.close();
  await unplug();
});

it('a second opening succeeds, and both get every report', async () => {
  const { path, input, unplug } = await device('plain');
  const handles = [await HIDAsync.open(path), await HIDAsync.open(path)];
  const got = [0, 0];
  handles.forEach((handle, at) => {
    handle.on('data', () => {
      got[at] = (got[at] ?? 0) + 1;
    });
  });
  await sleep(100);
  input(new Uint8Array(64));
  await until('both have it', () => got[0] === 1 && got[1] === 1);
  for (const handle of handles) await handle.close();
  await unplug();
});

const unplugged = async (listening: boolean): Promise<unknown[]> => {
  const { path, unplug } = await device('plain');
  const handle: Handle = await HIDAsync.open(path);
  const errors: unknown[] = [];
  handle.on('error', (error: unknown) => errors.push(error));
  if (listening) handle.on('data', () => {});
  await sleep(100);
  await unplug();
  await sleep(500);
  await assert.rejects(handle.write([0, ...Buffer.alloc(64)]));
  await handle.close();
  return errors;
};

it('an unplug is told once, as text, to whoever listens for data', async () => {
  const errors = await unplugged(true);
  assert.equal(errors.length, 1);
  assert.equal(typeof errors[0], 'string');
  note(String(errors[0]));
});

it('an unplug is not told to whoever does not', async () => {
  assert.deepEqual(await unplugged(false), []);
});

await runCases('node-hid on hidraw, by itself');
