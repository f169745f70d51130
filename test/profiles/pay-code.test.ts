import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { Intent } from '../../src/journal/journal.ts';
import { builtinText } from '../../src/profiles/builtin.ts';
import { readProfile } from '../../src/profiles/read.ts';
import { settle } from '../support/fake-clock.ts';
import { profileTill } from './support.ts';

const cny = (amount: number) => ({ amount, currency: 'CNY' });

/** As a customer's telephone shows it: 18 digits. */
const payCode = '134519771100306552';

/** Whatever it asks for: what is on record under its key comes back. */
const anIntent: Intent = {
  key: '',
  terminal: '',
  kind: 'purchase',
  amount: cny(1),
  asked: {},
};

/** The tag 9F54 is of this test. */
const withPayCode = (written: string, secret = 'secret: true') =>
  builtinText('allinpay-mis')
    .replace('  order: {', `  scanned: { tag: "9F54", type: text, max: 32, ${secret} }\n  order: {`)
    .replace(/^ {2}sale:\n {4}send:\n/m, (head) => `${head}      scanned: ${written}\n`);

const folder = mkdtempSync(join(tmpdir(), 'tillwire-pay-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function till(written: string) {
  const profile = withPayCode(written);
  const file = join(folder, `${written.replace(/\W/g, '')}.yaml`);
  writeFileSync(file, profile);
  const opened = await profileTill('CNY', { protocol: 'profile', profile }, `?file=${file}`);
  const frames: unknown[] = [];
  opened.terminal.wire$.subscribe((frame) => frames.push(frame));
  // What makes words of frames is loaded by whoever listens.
  await import('../../src/trace/read-frame.ts');
  await settle();
  const sell = (code?: string) =>
    opened.run(
      opened.terminal.purchase({ amount: cny(1500), ...(code !== undefined && { payCode: code }) }),
    );
  return { ...opened, frames, sell };
}

describe('a code that the till has scanned off the telephone', () => {
  it('goes to the terminal, and into no event, frame in words, result or journal', async () => {
    const { terminal, sell, mock, frames, journal, booked } = await till('$payCode');
    expect(terminal.capabilities.payCode).toBe('required');
    const sold = await sell(payCode);
    expect(sold.result).toMatchObject({ outcome: 'approved' });
    expect(booked()).toEqual(['sale 1500']);
    const sent = mock.transcript.filter(({ from }) => from === 'till');
    expect(sent.some(({ bytes }) => Buffer.from(bytes).includes(payCode))).toBe(true);
    expect(frames.length).toBeGreaterThan(0);
    const key = sold.result?.outcome === 'approved' ? sold.result.key : '';
    const written = await journal.begin({ ...anIntent, key });
    expect(written).toMatchObject({ type: 'known', entries: expect.any(Array) });
    for (const told of [sold, frames, written])
      expect(inspect(told, { depth: 20, maxStringLength: null })).not.toContain(payCode.slice(4));
  });

  it('has to be there where the terminal wants it', async () => {
    const { sell, asked } = await till('$payCode');
    expect((await sell()).result).toMatchObject({ outcome: 'refused', field: 'payCode' });
    expect(asked()).toEqual([]);
  });

  it('is not needed once more to be told how the sale ended', async () => {
    const { terminal, run, booked } = await till('$payCode');
    const sale = { amount: cny(1500), ticket: 'A17' };
    expect((await run(terminal.purchase(sale, { key: 'K1' }))).result).toMatchObject({
      outcome: 'refused',
    });
    await run(terminal.purchase({ ...sale, payCode }, { key: 'K1' }));
    for (const again of [sale, { ...sale, payCode: '288888888888888888' }])
      expect((await run(terminal.purchase(again, { key: 'K1' }))).result).toMatchObject({
        outcome: 'approved',
        key: 'K1',
      });
    expect(booked()).toEqual(['sale 1500']);
  });

  it('may be left out where the terminal can scan it too', async () => {
    const { terminal, sell } = await till('$payCode?');
    expect(terminal.capabilities.payCode).toBe('optional');
    expect((await sell()).result).toMatchObject({ outcome: 'approved' });
  });

  it.each(['12345', '1'.repeat(65), '1345 1977', '１３４５１９７７'])(
    'that is none is refused, and not said: %s',
    async (wrong) => {
      const { sell, asked } = await till('$payCode?');
      const { result } = await sell(wrong);
      expect(result).toMatchObject({ outcome: 'refused', field: 'payCode' });
      expect(inspect(result)).not.toContain(wrong);
      expect(asked()).toEqual([]);
    },
  );

  it('that is longer than the field is refused, and not said', async () => {
    const { sell } = await till('$payCode');
    const { result } = await sell('7'.repeat(40));
    expect(result).toMatchObject({
      outcome: 'refused',
      field: 'payCode',
      value: '"40 characters"',
    });
  });

  it('is refused by a terminal that takes none', async () => {
    const opened = await profileTill('CNY', { protocol: 'allinpay-mis' });
    const { result } = await opened.run(opened.terminal.purchase({ amount: cny(1500), payCode }));
    expect(result).toMatchObject({ outcome: 'refused', field: 'payCode' });
    expect(inspect(result)).not.toContain(payCode.slice(4));
    expect(opened.asked()).toEqual([]);
  });

  it('needs a field that is secret', () => {
    const read = readProfile(withPayCode('$payCode', 'sample: "1"'));
    expect(read).toMatchObject({ type: 'problems' });
    expect(inspect(read, { depth: 6 })).toContain('scanned must be secret: true');
  });
});
