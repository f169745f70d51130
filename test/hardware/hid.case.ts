import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { symlinkSync, unlinkSync } from 'node:fs';
import { createMockTerminal, type MockUhidOptions, openUhid } from '../../mocks/index.ts';
import { packingNames } from '../../src/framing/hid-packing.ts';
import { listHidraw } from '../../src/transports/hid-sysfs.ts';
import type { Read } from './guest/hid-reader.ts';
import { it, note, runCases } from './runner/cases.ts';
import { quickClock } from './runner/quick-clock.ts';
import { ana, ending, sale, withTill } from './runner/till.ts';
import { sleep, until } from './runner/wait.ts';

/** Runs `work` with a mock terminal on /dev/uhid, and takes it away again. */
async function withDevice(
  options: MockUhidOptions,
  work: (device: {
    readonly path: string;
    readonly said: () => number;
    readonly put: (bytes: Uint8Array) => void;
  }) => Promise<void>,
): Promise<void> {
  const mock = createMockTerminal({
    protocol: 'transbank',
    clock: quickClock(10),
    thinkMs: 50,
    sales: [{ amount: 1500, ticket: '42' }],
  });
  let put: (bytes: Uint8Array) => void = () => {};
  mock.use({
    install(bench) {
      put = bench.put;
      return () => {};
    },
  });
  const uhid = await openUhid(mock, options);
  try {
    const said = () => mock.transcript.filter(({ from }) => from === 'till').length;
    await work({ path: uhid.path, said, put: (bytes) => put(bytes) });
  } finally {
    mock.close();
    await uhid.close();
  }
}

const rba = { packing: 'rba', serialNumber: 'A-1' } as const;
const status = (address: string) =>
  withTill(`transbank+hid:${address}`, (terminal) => ending(terminal.status()));

it('is opened by vendor and product, by serial number, by path, and by a link to the path', () =>
  withDevice(rba, async ({ path }) => {
    symlinkSync(path, '/tmp/terminal');
    for (const address of [
      '0b00:0074?packing=rba',
      '?serial=A-1&packing=rba',
      `${path}?packing=rba`,
      '/tmp/terminal?packing=rba',
    ])
      assert.equal(await status(address), 'ready', address);
    unlinkSync('/tmp/terminal');
  }));

it('is not opened when two fit, and found by its serial number then', () =>
  withDevice(rba, () =>
    withDevice({ ...rba, serialNumber: 'A-2' }, async ({ said }) => {
      assert.equal(await status('0b00:0074?packing=rba'), 'bad-settings none');
      assert.equal(said(), 0);
      assert.equal(await status('0b00:0074?serial=A-2&packing=rba'), 'ready');
      assert.notEqual(said(), 0);
      assert.equal(await status('0b00:0075?packing=rba'), 'no-such-device none');
      assert.equal(await status('?serial=A-3&packing=rba'), 'no-such-device none');
    }),
  ));

it('is listed from what the kernel says, and not opened for that', () =>
  withDevice(rba, async ({ path, said }) => {
    const entry = (await listHidraw()).find(({ serialNumber }) => serialNumber === 'A-1');
    assert.deepEqual(
      [entry?.path, entry?.vendorId, entry?.productId, entry?.product],
      [path, '0b00', '0074', 'Tillwire mock payment terminal'],
    );
    assert.equal(said(), 0);
  }));

for (const packing of packingNames)
  it(`sells, asks and voids in reports packed ${packing}`, () =>
    withDevice({ packing, serialNumber: 'P-1' }, async () => {
      await withTill(`transbank+hid:?serial=P-1&packing=${packing}`, async (terminal) => {
        assert.equal(await ending(terminal.purchase(sale)), 'approved');
        assert.equal(await ending(terminal.lastTransaction()), 'found');
        assert.equal(await ending(terminal.voidTransaction(sale, ana)), 'voided');
      });
    }));

for (const [what, options] of [
  ['report ids that are not its own', 'packing=rba&report-id=1/2'],
  ['a report size that is not its own', 'packing=rba&report-size=63'],
  ['a packing with more ids', 'packing=neo2'],
] as const)
  it(`an address with ${what} is refused, and nothing is sent`, () =>
    withDevice(rba, async ({ said }) => {
      assert.equal(await status(`?serial=A-1&${options}`), 'bad-settings none');
      assert.equal(said(), 0);
    }));

it('is not opened while another program has it open, which is named', () =>
  withDevice(rba, async ({ path, said }) => {
    const other = spawn('sh', ['-c', `exec sleep 60 < ${path}`]);
    await sleep(500);
    assert.equal(await status('?serial=A-1&packing=rba'), 'device-busy none');
    assert.equal(said(), 0);
    assert.equal(await status('?serial=A-1&packing=rba&lock=no'), 'ready');
    other.kill();
    await until('the other program has ended', () => other.signalCode !== null);
    assert.equal(await status('?serial=A-1&packing=rba'), 'ready');
  }));

it('is not opened a second time by the same program', () =>
  withDevice(rba, () =>
    withTill('transbank+hid:?serial=A-1&packing=rba', async (first) => {
      assert.equal(await ending(first.status()), 'ready');
      assert.equal(await status('?serial=A-1&packing=rba'), 'device-busy none');
      assert.equal(await ending(first.status()), 'ready');
    }),
  ));

const mms = { packing: 'mms', serialNumber: 'M-1' } as const;

/** A reader in another process on this device. */
async function startReader(path: string) {
  const child: ChildProcess = fork('/bench/hid-reader.mjs', [path]);
  const heard: Read[] = [];
  child.on('message', (read: Read) => heard.push(read));
  await until('the reader has opened it', () => heard.some(({ type }) => type === 'open'));
  return { child, heard };
}

/** A message of so many reports. */
const messageOf = (reports: number) => new Uint8Array(59 + (reports - 1) * 61).fill(0x41);

const bytesIn = (heard: readonly Read[]): number =>
  heard.reduce((sum, read) => sum + (read.type === 'data' ? read.hex.length / 2 : 0), 0);

it('a message of 60 reports is whole, though nobody read while it came', () =>
  withDevice(mms, async ({ path, put }) => {
    const { child, heard } = await startReader(path);
    child.kill('SIGSTOP');
    put(messageOf(60));
    await sleep(300);
    child.kill('SIGCONT');
    const { length } = messageOf(60);
    await until('the whole message is there', () => bytesIn(heard) === length);
    child.kill('SIGKILL');
  }));

it('a message of 100 reports that nobody read in time is noticed as broken, and ends the connection', () =>
  withDevice(mms, async ({ path, put }) => {
    const { child, heard } = await startReader(path);
    child.kill('SIGSTOP');
    put(messageOf(100));
    await sleep(300);
    child.kill('SIGCONT');
    await sleep(500);
    // The kernel has dropped what came after the 63rd; the next message shows it.
    put(messageOf(1));
    const end = await until('the connection has ended', () =>
      heard.find((read) => read.type === 'closed'),
    );
    assert.match(end.type === 'closed' ? end.message : '', /reports from it are missing/);
    note(
      `delivered ${bytesIn(heard)} of ${messageOf(100).length} bytes, then: ${JSON.stringify(end)}`,
    );
    child.kill('SIGKILL');
  }));

await runCases('The HID transport on hidraw');
