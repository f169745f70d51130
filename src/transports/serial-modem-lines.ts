import { execFile } from 'node:child_process';
import type { SerialPort } from 'serialport';
import type { SerialOptions } from './serial-settings.ts';

const STTY_LIMIT_MS = 2_000;

/** Whether DTR falls when the port is closed; see {@link SerialOptions.hupcl} for the default. */
export function dropsDtr(options: SerialOptions): boolean {
  return options.hupcl ?? process.platform === 'win32';
}

/**
 * Brings DTR and RTS into the wanted state on a port just opened. Nothing here is worth failing for:
 * many USB terminals refuse the request and work all the same. What failed goes to `warn`.
 */
export async function setModemLines(
  port: SerialPort,
  options: SerialOptions,
  warn: (message: string) => void,
): Promise<void> {
  await Promise.all([keepDtrAtClose(port, options, warn), setByHand(port, options, warn)]);
}

/**
 * On Linux and macOS serialport 13 can switch HUPCL on but not off, and the system's default is on:
 * without this DTR would fall at every close.
 */
async function keepDtrAtClose(
  port: SerialPort,
  options: SerialOptions,
  warn: (message: string) => void,
): Promise<void> {
  if (dropsDtr(options) || process.platform === 'win32') return;
  const device = process.platform === 'darwin' ? '-f' : '-F';
  const problem = await new Promise<Error | null>((resolve) => {
    execFile('stty', [device, port.path, '-hupcl'], { timeout: STTY_LIMIT_MS }, resolve);
  });
  if (problem) warn(`DTR of ${port.path} will fall at closing: stty failed (${oneLine(problem)}).`);
}

/** serialport writes both lines each time; the one not given is then raised, as Linux does at opening. */
async function setByHand(
  port: SerialPort,
  { dtr, rts }: SerialOptions,
  warn: (message: string) => void,
): Promise<void> {
  if (dtr === undefined && rts === undefined) return;
  const lines = { ...(dtr === undefined ? {} : { dtr }), ...(rts === undefined ? {} : { rts }) };
  const problem = await new Promise<Error | null>((resolve) => port.set(lines, resolve));
  if (problem) {
    warn(`The device ${port.path} did not let DTR and RTS be set (${oneLine(problem)}).`);
  }
}

function oneLine(problem: Error): string {
  return problem.message
    .replace(/^Error:? /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
