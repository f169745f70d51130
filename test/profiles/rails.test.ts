import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtinText } from '../../src/profiles/builtin.ts';
import { explain } from '../../src/profiles/explain.ts';
import { readProfile } from '../../src/profiles/read.ts';
import { profileTill } from './support.ts';

/**
 * Cards and QR on one terminal, each with commands of its own: what an integrator writes who has learnt from
 * the acquirer how the card type and the wallet's number travel. The tags 9F50 and 9F51 are of this test.
 */
const profile = `${builtinText('allinpay-mis').replace(
  '  order: {',
  `  rail: { tag: "9F50", type: text }
  wallet: { tag: "9F51", type: text, max: 32, means: operationNumber }
  originalWallet: { tag: "9F52", type: text, max: 32, means: original.operationNumber }
  order: {`,
)}
variants:
  qr:
    title: codes of wallets instead of cards (扫码)
    commands:
      last:
        tellsVoids: true
        send: { application: $setting.app-name, type: 50, rail: "100", mark: $ticket? }
        answer:
          when: { type: "50", rail: "100" }
          fields: &qr [application, type, rail, amount, batch, trace, wallet, code, message, mark, originalTrace]
          kind: { field: type, values: {}, otherwise: purchase, voidIf: originalTrace }
      sale:
        send: { application: $setting.app-name, type: 2, rail: "100", amount: $amount, mark: $ticket }
        prompt: { who: customer, code: other, text: waiting for the code of the wallet }
        answer: { when: { type: "2", rail: "100" }, fields: *qr }
      void:
        by: reference
        references: [operationNumber]
        send:
          application: $setting.app-name
          type: 3
          rail: "100"
          amount: $amount
          batch: $batch
          originalWallet: $operationNumber
          originalTrace: $trace
          mark: $sequence
        answer: { when: { type: "3", rail: "100" }, fields: *qr }
`.replace('receipt: { tag: "9F52"', 'receipt: { tag: "9F53"');

const folder = mkdtempSync(join(tmpdir(), 'tillwire-rails-'));
const file = join(folder, 'rails.yaml');
writeFileSync(file, profile);
afterAll(() => rmSync(folder, { recursive: true }));

const till = (rail?: string) =>
  profileTill(
    'CNY',
    { protocol: 'profile', profile },
    `?file=${file}${rail === undefined ? '' : `&variant=${rail}`}`,
  );

const sent = (shop: Awaited<ReturnType<typeof till>>, name: string) =>
  Object.fromEntries(
    Reflect.get(Object(shop.mock.received.find(({ code }) => code === name)), 'message').values,
  );

describe('a profile of two rails', () => {
  it('is one without problems', () => {
    expect(readProfile(profile)).toMatchObject({ type: 'profile' });
  });

  it.each(['ticket', 'rrn', 'authorisationCode'])(
    'is none whose void names its sale by %s alone, on whichever rail',
    (reference) => {
      const own = { ticket: 'mark', rrn: 'reference', authorisationCode: 'authorisation' };
      const field = Object.entries(own).find(([name]) => name === reference)?.[1];
      const text = profile
        .replace('references: [operationNumber]', `references: [${reference}]`)
        .replace('          originalWallet: $operationNumber\n', '')
        .replace('          mark: $sequence\n        answer: { when: { type: "3", rail', (end) =>
          reference === 'ticket'
            ? end.replace('$sequence', '$ticket')
            : `          ${field}: $${reference}\n${end}`,
        )
        .replace(
          /(type: "3", rail.*)fields: \*qr/,
          '$1fields: [application, type, rail, amount, code, message, mark, reference, authorisation]',
        );
      expect(readProfile(text)).toMatchObject({
        problems: [
          {
            path: 'variants.qr.commands.void.answer.fields',
            message: expect.stringContaining('by: checked-last'),
          },
        ],
      });
      // Where the terminal compares, it need not tell.
      const compared = text.replace(/(variants:[\s\S]*)by: reference/, '$1by: checked-last');
      expect(readProfile(compared)).toMatchObject({ type: 'profile' });
    },
  );

  it('sells, asks and takes back on the rail of the address', async () => {
    const shop = await till('qr');
    const sold = await shop.sell(1_500);
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: { operationNumber: '000001', trace: '000001', batch: '000001' },
    });
    expect((await shop.last()).result).toMatchObject({ outcome: 'found' });
    expect((await shop.takeBack(1_500, { operationNumber: '1' })).result).toMatchObject({
      outcome: 'voided',
    });
    expect(shop.booked()).toEqual(['sale 1500', 'void 1500']);
    expect(sent(shop, 'sale')).toMatchObject({ type: '2', rail: '100' });
    expect(sent(shop, 'last')).toMatchObject({ type: '50', rail: '100' });
    expect(sent(shop, 'void')).toMatchObject({
      type: '3',
      batch: '000001',
      originalWallet: '000001',
      originalTrace: '000001',
    });
  });

  it('does the same with cards under the other address', async () => {
    const shop = await till();
    await shop.sell(1_500);
    await shop.takeBack(1_500);
    expect(sent(shop, 'sale')).not.toHaveProperty('rail');
    expect(sent(shop, 'last')).toMatchObject({ type: '15' });
    expect(sent(shop, 'void')).not.toHaveProperty('originalWallet');
  });

  it('takes nothing back for which the terminal told not all that the rail needs', async () => {
    const shop = await till('qr');
    shop.mock.use({
      transmit: (piece, next) => {
        if (piece.request?.command !== 'last-transaction') return next();
        // The wallet's number under a tag that nobody knows, and the check set right for it.
        const bytes = Uint8Array.from(piece.bytes);
        const at = bytes.findIndex((byte, i) => byte === 0x9f && bytes[i + 1] === 0x51);
        if (at < 0) return next();
        bytes[at + 1] = 0x71;
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x51 ^ 0x71;
        return next({ ...piece, bytes });
      },
    });
    await shop.sell(1_500);
    expect((await shop.takeBack(1_500)).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-approved',
      message: expect.stringContaining('told no operationNumber'),
    });
    expect(shop.booked()).toEqual(['sale 1500']);
  });

  it('keeps the other commands of the terminal on each rail, and shows both', async () => {
    const read = readProfile(profile);
    const names = read.type === 'profile' ? explain(read.profile).map((one) => one.command) : [];
    expect(names).toEqual(
      expect.arrayContaining(['sale', 'others.reprint', 'qr: last', 'qr: sale', 'qr: void']),
    );
    expect(names).not.toContain('qr: settle');
    const shop = await till('qr');
    await shop.sell(100);
    expect((await shop.run(shop.terminal.settle())).result).toMatchObject({ outcome: 'settled' });
  });
});
