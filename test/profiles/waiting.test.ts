import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TerminalOptions } from '../../src/terminal/open.ts';
import type { CommandOptions } from '../../src/terminal/terminal.ts';
import { ana, profileTill } from './support.ts';

/** Its answers take 120 s at most; a void, for which a supervisor is fetched, 180 s. */
const plain = readFileSync(join(import.meta.dirname, '../../docs/zh-CN/example-mis.yaml'), 'utf8');

/** The same on a link with ACK and NAK. */
const acknowledged = plain.replace('link: { kind: plain }', 'link: { kind: ack-nak }');

/** The same, whose last transaction is fetched from the host. */
const slowLast = plain.replace(
  'send: { type: "15", request: $sequence }',
  'send: { type: "15", request: $sequence }\n    answerMs: 40000',
);

const folder = mkdtempSync(join(tmpdir(), 'tillwire-waiting-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function tillOf(profile: string, faults: readonly string[], options: TerminalOptions = {}) {
  const file = join(folder, 'terminal.yaml');
  writeFileSync(file, profile);
  const till = await profileTill('CNY', { protocol: 'profile', profile }, `?file=${file}`);
  const terminal = await till.open(undefined, options);
  await till.run(terminal.purchase({ amount: till.money(700), ticket: 'D1' }));
  for (const fault of faults) till.mock.fault(fault);

  /** How long a command took: tens of seconds, with what it took to ask before. */
  async function seconds<R>(command: Parameters<typeof till.run<R>>[0]) {
    const began = till.clock.now();
    const ended = await till.run(command);
    return { ...ended, seconds: 10 * Math.floor((till.clock.now() - began) / 10_000) };
  }

  return {
    ...till,
    terminal,
    seconds,
    void: (how: CommandOptions = {}) =>
      seconds(terminal.voidTransaction({ amount: till.money(700) }, { ...ana, key: 'V', ...how })),
    sale: (how: CommandOptions = {}) =>
      seconds(terminal.purchase({ amount: till.money(100), ticket: 'D2' }, how)),
  };
}

const links = [
  ['a plain link', plain],
  ['a link with ACK and NAK', acknowledged],
] as const;

describe.each(links)('a till with a terminal of a profile, on %s', (_, profile) => {
  it('waits for the answer to each command by the time of that command', async () => {
    const till = await tillOf(profile, ['no-answer-once@void']);
    expect(await till.void()).toMatchObject({ seconds: 180, error: { code: 'no-answer' } });
    const other = await tillOf(profile, ['no-answer-once@purchase']);
    expect(await other.sale()).toMatchObject({ seconds: 120, error: { code: 'no-answer' } });
  });

  it('waits no longer than it was told for this one', async () => {
    const till = await tillOf(profile, ['no-answer-once@void']);
    const { error, seconds } = await till.void({ timeoutMs: 5_000 });
    expect(error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(seconds).toBe(0);
  });

  it('waits as long as it is set up for all of them', async () => {
    const configured = { timing: { answerMs: 30_000 } };
    const till = await tillOf(profile, ['no-answer-once@void'], configured);
    expect(await till.void()).toMatchObject({ seconds: 30, error: { code: 'no-answer' } });
  });
});

it('a question with a time of its own waits no longer than it was told, either', async () => {
  const ask = async (how: CommandOptions = {}) => {
    const till = await tillOf(slowLast, ['silent@last-transaction']);
    return till.seconds(till.terminal.lastTransaction(how));
  };
  // It is asked three times.
  expect(await ask()).toMatchObject({ seconds: 120, error: { effect: 'none' } });
  expect(await ask({ timeoutMs: 2_000 })).toMatchObject({ seconds: 0, error: { effect: 'none' } });
});

describe('a void that a till was killed in', () => {
  /** The mark is written, and nothing after it: the process has ended. */
  async function killed(timeoutMs?: number) {
    const till = await tillOf(plain, []);
    const amount = till.money(700);
    const intent = { key: 'V', kind: 'void', amount, asked: {}, ...ana } as const;
    await till.journal.begin({ ...intent, terminal: till.terminal.name });
    const last = Object((await till.run(till.terminal.lastTransaction())).result).transaction;
    const { receiptNumber } = last;
    await till.journal.append(
      'V',
      { type: 'evidence', found: last },
      {
        type: 'sent',
        at: till.clock.now(),
        epoch: 1,
        digest: '00'.repeat(32),
        asked: { amount, receiptNumber },
      },
    );
    const how = timeoutMs === undefined ? {} : { timeoutMs };
    return till.seconds(till.terminal.recover(how));
  }

  it('is not said to be not carried out before the time of a void is over', async () => {
    expect(await killed()).toMatchObject({ result: { outcome: 'not-voided' }, seconds: 180 });
  });

  it('nor any sooner when the till wants to wait less', async () => {
    expect(await killed(1_000)).toMatchObject({ result: { outcome: 'not-voided' }, seconds: 180 });
  });

  it('nor when the till had given up sooner itself', async () => {
    const till = await tillOf(plain, ['silent-once@void']);
    await till.void({ timeoutMs: 5_000 });
    expect(await till.seconds(till.terminal.recover({ timeoutMs: 5_000 }))).toMatchObject({
      result: { outcome: 'not-voided' },
      seconds: 180,
    });
  });
});
