/** `npm run test:hardware`: the transports against real kernel drivers; docs/hardware-bench.md tells more. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInGuest } from './host/bench.ts';
import { runOnDevice } from './host/device.ts';
import { installQemu } from './host/install.ts';
import { inWords, type Lacking, lackingMachine } from './host/lacking.ts';
import { cacheFolder } from './host/place.ts';
import { createReport, type Report } from './host/report.ts';
import { prepareSystem } from './host/system.ts';

const exit = { held: 0, failed: 1, usage: 2, cannotRun: 69 } as const;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const caseFiles = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.case.ts'))
  .toSorted();

const subjectOf = (file: string): string => file.replace(/\.case\.ts$/, '');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    device: { type: 'string' },
    'by-hand': { type: 'boolean', default: false },
    'allow-money': { type: 'string' },
  },
});

async function inGuest(names: readonly string[]): Promise<number> {
  const report = createReport(print);
  const lacking = await lackingAfterInstalling(report);
  if (lacking.length > 0) {
    print(`The hardware bench cannot run here. This machine\n${inWords(lacking)}`);
    return exit.cannotRun;
  }
  const system = await prepareSystem(cacheFolder(), (text) => print(`# ${text}`));
  report.part('the guest’s system is there');
  const files = names.map((name) => join(import.meta.dirname, name));
  await runInGuest(system, files, values.only, report);
  return report.sum() ? exit.held : exit.failed;
}

async function lackingAfterInstalling(report: Report): Promise<readonly Lacking[]> {
  const lacking = lackingMachine();
  if (lacking.length > 0) return lacking;
  const qemu = await installQemu((text) => print(`# ${text}`));
  if (qemu.length === 0) report.part('QEMU is there');
  return qemu;
}

async function onDevice(address: string): Promise<number> {
  const given = values['allow-money'];
  const amount = given === undefined ? 0 : Number(given);
  if (given !== undefined && (!Number.isSafeInteger(amount) || amount <= 0)) {
    print(`--allow-money needs an amount in minor units, a whole number above 0; got ${given}.`);
    return exit.usage;
  }
  const report = createReport(print);
  await runOnDevice(
    { address, amount, byHand: values['by-hand'], only: values.only },
    report,
    print,
  );
  return report.sum() ? exit.held : exit.failed;
}

async function main(): Promise<number> {
  if (values.list) {
    for (const name of caseFiles) print(subjectOf(name));
    return exit.held;
  }
  if (values.device !== undefined) return onDevice(values.device);
  const unknown = positionals.filter((word) => !caseFiles.includes(`${word}.case.ts`));
  if (unknown.length > 0) {
    print(`There is no ${unknown.join(', ')}; there are ${caseFiles.map(subjectOf).join(', ')}.`);
    return exit.usage;
  }
  const chosen = caseFiles.filter((name) => positionals.includes(subjectOf(name)));
  return inGuest(chosen.length > 0 ? chosen : caseFiles);
}

try {
  process.exitCode = await main();
} catch (error) {
  print(`The hardware bench failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exit.failed;
}
