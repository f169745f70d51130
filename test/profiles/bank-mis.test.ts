import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinProfile } from '../../src/profiles/builtin.ts';
import { readVectors, tryVectors } from '../../src/profiles/vectors.ts';
import { onSerialPort, profileTill } from './support.ts';

const cny = (amount: number) => ({ amount, currency: 'CNY' });

const bank = (faults: readonly string[] = []) =>
  profileTill('CNY', { protocol: 'bank-mis-ingenico', faults }, '?last-type=99&operator=8001');

describe('the profile bank-mis-ingenico', () => {
  it('writes and reads its vectors to the byte', async () => {
    const text = await readFile(
      join(import.meta.dirname, 'vectors/bank-mis-ingenico.yaml'),
      'utf8',
    );
    const tried = tryVectors(await builtinProfile('bank-mis-ingenico'), readVectors(text));
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
    expect(tried).toHaveLength(2);
  });

  it('needs the type of its query from the acquirer', async () => {
    await expect(profileTill('CNY', { protocol: 'bank-mis-ingenico' })).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('last-type'),
    });
  });

  it('sells through ACK and log text, tells voucher and trace apart, voids by the voucher', async () => {
    const till = await bank();
    await till.sell(100);
    await till.takeBack(100);
    const sold = await till.sell(1_500);
    expect(sold.events).toContain('acknowledged');
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      // The void has taken a trace and no voucher.
      transaction: { amount: cny(1_500), receiptNumber: '000002', trace: '000003', last4: '0461' },
    });
    expect((await till.takeBack(1_500, { receiptNumber: '000003' })).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-the-last',
    });
    const undone = await till.takeBack(1_500, { receiptNumber: '2' });
    expect(undone.result).toMatchObject({ outcome: 'voided', transaction: { state: 'voided' } });
    const again = await till.takeBack(1_500, { receiptNumber: '2' });
    expect(again.result).toMatchObject({ outcome: 'already-voided' });
    expect(till.booked()).toEqual(['sale 100', 'void 100', 'sale 1500', 'void 1500']);
  });

  it('has no settlement, and says so', async () => {
    const till = await bank();
    expect((await till.run(till.terminal.settle())).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
    });
  });

  it('takes an ACK that is glued to the answer, and stray bytes', async () => {
    for (const fault of [
      'ack-with-answer',
      'nul-break',
      'byte-by-byte=0',
      'noise-before',
      'lost-ack',
    ]) {
      const till = await bank([fault]);
      expect((await till.sell(650)).result, fault).toMatchObject({ outcome: 'approved' });
      expect(till.booked()).toEqual(['sale 650']);
    }
  });

  it('takes no answer with another echo for its own, nor one without', async () => {
    const till = await bank();
    till.mock.use({
      transmit(piece, next) {
        if (piece.kind !== 'answer' || piece.request?.command !== 'purchase') return next();
        const bytes = piece.bytes.slice();
        const at = bytes.findIndex((byte, i) => byte === 0xdf && bytes[i + 1] === 0x04) + 4;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return next({ ...piece, bytes });
      },
    });
    expect((await till.sell(650)).error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
  });

  it.each(['no-answer-once', 'unplug-after-booking-once'])(
    'finds out after %s, by the very next voucher',
    async (fault) => {
      const till = await bank();
      await till.sell(1_000);
      till.mock.fault(`${fault}@purchase`);
      expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
      till.mock.replug();
      expect((await till.run(till.terminal.recover())).result).toMatchObject({
        outcome: 'approved',
        transaction: { receiptNumber: '000002', amount: cny(650) },
      });
      till.mock.fault(`${fault}@void`);
      expect((await till.takeBack(650)).error).toMatchObject({ effect: 'unknown' });
      till.mock.replug();
      expect((await till.run(till.terminal.recover())).result).toMatchObject({ outcome: 'voided' });
      expect(till.booked()).toEqual(['sale 1000', 'sale 650', 'void 650']);
    },
  );

  it.each(['wrong-amount@purchase', 'unknown-code@purchase=ZZ', 'bad-lrc@purchase'])(
    'under %s leaves a sale in doubt',
    async (fault) => {
      const till = await bank();
      till.mock.fault(fault);
      expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
    },
  );

  it('does the same on a real serial port', async () => {
    const { outcomes, kinds } = await onSerialPort(
      'bank-mis-ingenico',
      '?last-type=99',
      cny(1_234),
      { receiptNumber: '000001' },
    );
    expect(outcomes).toEqual(['approved', 'found', 'voided', 'already-voided', 'refused']);
    expect(kinds).toEqual(['sale', 'void']);
  });
});
