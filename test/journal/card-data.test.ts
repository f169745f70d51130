import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/journal/canonical-json.ts';
import { maskedJson } from '../../src/journal/card-data.ts';
import { maskCardNumbers } from '../../src/model/mask.ts';
import { sent, voided, voidIntent } from './support/intents.ts';
import { freshPlace, openThere } from './support/place.ts';

/** Test numbers of the card brands; their check digits agree. */
const canaries = [
  '4111111111111111',
  '5555555555554444',
  '378282246310005',
  '6304000000000000',
  '4222222222222',
  '6011 0009 9013 9424',
  '3530-1113-3330-0000',
];

test('no card number reaches the file, in whatever field it comes', async () => {
  const place = freshPlace();
  const journal = await openThere(place);
  for (const [i, pan] of canaries.entries()) {
    const key = `void-${i}`;
    const asked = { ticket: pan, authorisationCode: pan, commerceCode: pan };
    await journal.begin(
      voidIntent(key, { operator: pan, reason: `card ${pan}!`, origin: pan, asked }),
    );
    const transaction = {
      kind: 'purchase',
      state: 'voided',
      amount: { amount: 1500, currency: 'CLP' },
      ticket: pan,
      trace: pan,
      employee: pan,
      voucher: ['VOID', `CARD ${pan}`],
    } as const;
    await journal.append(key, { type: 'evidence', found: transaction });
    await journal.append(key, { type: 'not-sent', why: pan });
    await journal.append(key, { ...sent, asked: { ...sent.asked, ticket: pan } });
    await journal.append(key, { type: 'answer', answer: { deep: [{ [pan]: [pan] }], raw: pan } });
    await journal.append(key, { type: 'in-doubt', code: 'no-answer', message: `saw ${pan}` });
    await journal.append(key, {
      type: 'outcome',
      result: { outcome: 'voided', message: pan, transaction, key, voucher: [pan, `x${pan}x`] },
    });
  }
  const written = [...journal.records()].map(({ payload }) => payload).join('\n');
  for (const pan of canaries) expect(written).not.toContain(pan);
  // The last four digits are what a person needs to find the voucher.
  expect(written).toContain('************1111');
  journal.close();
  const bytes = readFileSync(place.path, 'latin1');
  for (const pan of canaries) expect(bytes).not.toContain(pan);
});

test('a card number that a terminal padded with zeros is masked as well', async () => {
  const journal = await openThere(freshPlace());
  await journal.begin(voidIntent('a'));
  await journal.append('a', { type: 'answer', answer: { account: '0004111111111111111' } });
  expect([...journal.records()].at(-1)?.payload).not.toContain('4111111111111111');
});

test('what only looks long is kept, so that recovery finds the transaction by it', async () => {
  const journal = await openThere(freshPlace());
  const digest = '1234567890123456789012345678901234567890123456789012345678901234';
  const asked = { ticket: '20260503120304', operationNumber: '0000000000013' };
  const address = 'transbank+serial:/dev/serial/by-id/usb-4111111111111111';
  await journal.begin(voidIntent('a', { asked, terminal: address }));
  await journal.append('a', { ...sent, digest });
  expect(await journal.open(address)).toMatchObject([
    { intent: { asked, terminal: address }, entries: [{ digest }] },
  ]);
});

test('a masked reference still tells the same command from another one', async () => {
  const place = freshPlace();
  const intent = voidIntent('a', { asked: { ticket: '4111111111111111' } });
  const journal = await openThere(place);
  await journal.begin(intent);
  await journal.append('a');
  const again = await openThere(place);
  expect(await again.begin(intent)).toMatchObject({ intent: { asked: intent.asked } });
  const other = voidIntent('a', { asked: { ticket: '4000000000001111' } });
  const known = await again.begin(other);
  expect(known).not.toMatchObject({ intent: { asked: other.asked } });
  await again.append('a', voided('a'));
});

test('one look at the JSON misses no card number that a look at each text would find', () => {
  const groups = fc.constantFrom(
    ['4111', '1111', '1111', '1111'],
    ['3782', '822463', '10005'],
    ['4111111111111111'],
    ['1500', 'x'],
  );
  const between = fc.constantFrom('', ' ', '\t', '.', '/', '-', '\t\t', ' -', '\n', '"', '\\');
  const text = fc.tuple(groups, between, between).map(([pieces, a, b]) => b + pieces.join(a) + b);
  fc.assert(
    fc.property(text, text, (one, other) => {
      const masked = {
        [maskCardNumbers(`n${one}`)]: [maskCardNumbers(other), maskCardNumbers(one)],
      };
      expect(maskedJson({ [`n${one}`]: [other, one] })).toBe(canonicalJson(masked));
    }),
    { numRuns: 1000 },
  );
});
