import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mockRig } from '../rigs/mock-rig.ts';
import type { Fresh, Rig } from '../rigs/rig.ts';
import { serialCable } from '../rigs/serial-cable.ts';
import type { Answered, FromGuest, ToGuest } from '../runner/messages.ts';
import { ftdiPlug } from './ftdi.ts';
import { caseName, packProgram } from './program.ts';
import { boot, type Guest } from './qemu.ts';
import type { Report } from './report.ts';
import type { System } from './system.ts';

/** Longer than the whole of it takes on a slow machine, in milliseconds. */
const limitMs = 1_200_000;

/** Boots the guest, runs the case files in it, and reports what they say. Leaves nothing running. */
export async function runInGuest(
  system: System,
  files: readonly string[],
  only: string,
  report: Report,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-guest-'));
  let guest: Guest | undefined;
  const stop = () => guest?.kill();
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop();
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  try {
    const program = join(folder, 'program.cpio');
    await packProgram(files, join(folder, 'program'), program, system.busybox);
    const initrd = join(folder, 'initrd');
    writeFileSync(initrd, Buffer.concat([readFileSync(system.archive), readFileSync(program)]));
    report.part('the guest is packed');
    guest = await boot({
      kernel: system.kernel,
      initrd,
      folder,
      console: (text) => report.console(text),
    });
    await converse(guest, files, only, report);
  } finally {
    guest?.qmp.close();
    guest?.control.destroy();
    stop();
    await guest?.ended;
    process.off('exit', stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function converse(
  guest: Guest,
  files: readonly string[],
  only: string,
  report: Report,
): Promise<void> {
  const tell = (message: ToGuest) => guest.control.write(`${JSON.stringify(message)}\n`);
  const rig = mockRig(serialCable(ftdiPlug(guest.qmp, guest.serial)), '');
  const timer = setTimeout(() => {
    report.failure(`the guest was stopped after ${limitMs / 1_000} s`);
    guest.kill();
  }, limitMs);
  createInterface({ input: guest.control }).on('line', async (line) => {
    const message = parse(line);
    if (message === undefined) return;
    if (message.type === 'ready')
      tell({ type: 'go', files: files.map((file) => `${caseName(file)}.mjs`), only });
    if (message.type === 'ask') tell(await answer(rig, message));
    else report.heard(message);
  });
  await guest.ended;
  clearTimeout(timer);
  if (!report.finished) report.failure('the guest ended before its work was done');
}

/** A kernel that dies may leave anything on the line. */
function parse(line: string): FromGuest | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Ask = Extract<FromGuest, { type: 'ask' }>;

async function answer(rig: Rig, { id, what, args }: Ask): Promise<Answered> {
  try {
    const value = await act(rig, what, args);
    return { type: 'answer', id, value };
  } catch (error) {
    return { type: 'answer', id, error: error instanceof Error ? error.message : String(error) };
  }
}

function act(rig: Rig, what: string, [argument]: readonly unknown[]): Promise<unknown> {
  switch (what) {
    case 'ftdi.fresh':
      return rig.fresh(argument as Fresh | undefined);
    case 'ftdi.unplug':
      return rig.unplug();
    case 'ftdi.replug':
      return rig.replug();
    case 'ftdi.fault':
      return rig.fault(String(argument));
    case 'ftdi.cutAfter':
      return rig.cutAfter(Number(argument));
    case 'ftdi.seen':
      return rig.seen();
    case 'ftdi.close':
      return rig.close();
    default:
      throw new Error(`there is no ${what}`);
  }
}
