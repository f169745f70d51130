import assert from 'node:assert/strict';
import {
  type Command,
  clp,
  memoryJournal,
  memoryLock,
  openTerminal,
  resultOf,
  type Terminal,
  TerminalError,
} from '../../../src/index.ts';
import { remember } from './cases.ts';

/** An emulated processor is slow, and a busy host makes it slower; no answer takes longer than this. */
export const timing = {
  acknowledgementMs: 2_000,
  answerMs: 3_000,
  interByteMs: 1_000,
  quietMs: 150,
  recoveryMs: 60_000,
};

/** A till on this address, with a journal of its own. */
export const openTill = (address: string, own: Partial<typeof timing> = {}): Promise<Terminal> =>
  openTerminal(address, {
    timing: { ...timing, ...own },
    journal: memoryJournal(),
    lock: memoryLock(),
  });

/** Runs `work` on a till and closes it, whatever happens. */
export async function withTill<T>(
  address: string,
  work: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = await openTill(address);
  try {
    return await work(terminal);
  } finally {
    await terminal.close();
  }
}

/** How a command ended, in a word or two: `voided`, or `connection-lost unknown`. */
export async function ending<R extends { readonly outcome: string }>(
  command: Command<R>,
): Promise<string> {
  try {
    const result = await resultOf(command);
    if ('message' in result) remember(String(result.message));
    return result.outcome;
  } catch (error) {
    assert(error instanceof TerminalError, String(error));
    remember(`${error.message} ${error.cause ?? ''}`);
    return `${error.code} ${error.effect}`;
  }
}

export const ana = { operator: 'ana', reason: 'out of stock' };
export const first = { amount: clp(1900), ticket: '41' };
export const sale = { amount: clp(1500), ticket: '42' };
