import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../runner/wait.ts';
import { QEMU } from './lacking.ts';
import { Qmp } from './qmp.ts';

export interface Guest {
  readonly qmp: Qmp;
  /** The line that the cases' messages come over. */
  readonly control: Socket;
  /** The far end of the USB serial adapter. */
  readonly serial: string;
  /** Resolves when QEMU has ended. */
  readonly ended: Promise<void>;
  kill(): void;
}

export interface GuestParts {
  readonly kernel: string;
  readonly initrd: string;
  /** Scratch folder for sockets and the console. */
  readonly folder: string;
  console(text: string): void;
}

/**
 * Boots the guest. The processor is emulated: where `/dev/kvm` is a paravirtual one, opening it works and
 * an ordinary kernel hangs on it, so it is not even tried.
 */
export async function boot({ kernel, initrd, folder, console }: GuestParts): Promise<Guest> {
  const socket = (name: string) => join(folder, name);
  const chardev = (name: string) => `socket,id=${name},path=${socket(name)},server=on,wait=off`;
  const qemu = spawn(
    // It must not outlive us, however we end.
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', QEMU],
      ...['-M', 'q35', '-accel', 'tcg', '-smp', '1', '-m', '1024'],
      ...['-nic', 'none', '-vga', 'none', '-display', 'none', '-no-reboot'],
      ...['-kernel', kernel, '-initrd', initrd],
      '-append',
      'console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=unstable clocksource=hpet random.trust_cpu=on',
      ...['-serial', 'stdio'],
      ...['-chardev', chardev('control'), '-serial', 'chardev:control'],
      ...['-chardev', chardev('terminal')],
      ...['-device', 'qemu-xhci,id=xhci'],
      ...['-qmp', `unix:${socket('qmp')},server=on,wait=off`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    qemu.on('exit', () => resolve());
    qemu.on('error', () => resolve());
  });
  for (const stream of [qemu.stdout, qemu.stderr])
    stream.on('data', (chunk: Buffer) => console(chunk.toString('latin1')));
  yieldToOthers(qemu);
  for (let waited = 0; !['qmp', 'control', 'terminal'].every((n) => existsSync(socket(n))); ) {
    if (qemu.exitCode !== null || waited > 10_000) throw new Error('QEMU did not start');
    waited += 25;
    await sleep(25);
  }
  const control = connect(socket('control'));
  control.on('error', () => {});
  return {
    qmp: await Qmp.open(socket('qmp')),
    control,
    serial: socket('terminal'),
    ended,
    kill: () => void qemu.kill('SIGKILL'),
  };
}

/** An emulated processor takes all it gets; a developer's other work goes first. */
function yieldToOthers({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, 10);
  } catch {
    // It has ended already, which is noticed elsewhere.
  }
}
