import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../src/profiles/read.ts';
import { commonFaults, profileTill } from './support.ts';

/*
 * The page of the "Lumen 7", a terminal that never existed:
 *
 * 19200 baud, 7 bits, even parity. A message is the byte 7E, one byte with the number of the message (1 to 200), two
 * bytes with the length of the data (low byte first, counted before doubling), the data, a CRC-16 (polynomial 1021,
 * beginning with FFFF, high byte first) over number, length and data, and the byte 7F. A byte 7E in the data is sent
 * as 7E 5E. Nothing is acknowledged; the answer has the number of its question. The data are fields in UTF-8 with
 * semicolons between them. The first field is the command; answers have the same in small letters. Amounts are in
 * euros with a decimal point.
 *
 *   PING                          ping;ok
 *   PAY;amount;order              pay;code;amount;order;slip;approval;card;YYYY-MM-DD hh:mm:ss
 *   UNDO;slip;amount              undo;code;amount;slip of the payment
 *   LAST                          last;code;amount;order;slip;approval;card;date and time;P or U (undone)
 *   CLOSE                         close;code
 *
 * Codes: OK; NO declined; ESC cancelled at the terminal; GONE no such slip; TWICE undone before; NIL nothing there.
 * While a customer is busy the terminal sends busy;C (card) or busy;P (PIN).
 */
const profile = `
profile: 1
name: lumen-7
title: Lumen 7
status: example
verified: By the page in this test.
line: { baudRate: 19200, dataBits: 7, parity: even }
currency: EUR
charset: utf8
amount: { min: 1, max: 99999999 }
timing: { answerMs: 60000, acknowledgementMs: 3000 }
link: { kind: plain }
frame:
  max: 512
  stuffing: { pairs: { "7E": "7E5E" }, counted: before }
  parts:
    - { part: start, bytes: "7E" }
    - { part: field, field: number }
    - { part: length, size: 2, encoding: little }
    - { part: body }
    - { part: check, kind: crc, polynomial: 0x1021, initial: 0xFFFF, over: [number, body] }
    - { part: end, bytes: "7F" }
body: { codec: delimited, separator: "3B" }
fields:
  number: { type: number, size: 1 }
  command: { type: text }
  code: { type: text, means: code }
  amount: { type: text, means: amount, amount: decimal }
  order: { type: text, max: 12, means: ticket }
  slip: { type: digits, max: 6, means: receiptNumber }
  undone: { type: digits, max: 6, means: original.receiptNumber }
  approval: { type: text, means: authorisationCode }
  card: { type: text, means: card }
  at: { type: text, means: datetime, format: YYYY-MM-DD hh:mm:ss }
  state: { type: text }
  what: { type: text }
codes:
  field: code
  list:
    OK: approved
    NO: declined
    ESC: cancelled
    GONE: not-found
    TWICE: already-voided
    NIL: empty
correlation: { field: number, required: true }
sequence: { from: 1, to: 200 }
ticket: { length: 8, echoed: true }
commands:
  status:
    send: { number: $sequence, command: PING }
    answer: { when: { command: ping }, fields: [command, what] }
  sale:
    send: { number: $sequence, command: PAY, amount: $amount, order: $ticket }
    answer: { when: { command: pay }, fields: [command, code, amount, order, slip, approval, card, at] }
  void:
    by: reference
    references: [receiptNumber]
    send: { number: $sequence, command: UNDO, slip: $receiptNumber, amount: $amount }
    answer: { when: { command: undo }, fields: [command, code, amount, undone] }
  last:
    tellsVoids: true
    send: { number: $sequence, command: LAST }
    answer:
      when: { command: last }
      fields: [command, code, amount, order, slip, approval, card, at, state]
      state: { field: state, values: { P: approved, U: voided } }
  settle:
    send: { number: $sequence, command: CLOSE }
    answer: { when: { command: close }, fields: [command, code] }
intermediates:
  - is: progress
    when: { command: busy }
    fields: [command, what]
    prompts:
      field: what
      values:
        C: { who: customer, code: present-card, text: waiting for the card }
        P: { who: customer, code: enter-pin, text: waiting for the PIN }
`.replace('slip: $receiptNumber', 'undone: $receiptNumber');

const folder = mkdtempSync(join(tmpdir(), 'tillwire-lumen-'));
const file = join(folder, 'lumen-7.yaml');
writeFileSync(file, profile);
afterAll(() => rmSync(folder, { recursive: true }));

const lumen = (armed: readonly string[] = []) =>
  profileTill('EUR', { protocol: 'profile', profile, faults: armed }, `?file=${file}`);

describe('a terminal that never existed, described in one file', () => {
  it('has a profile without problems', () => {
    expect(readProfile(profile)).toMatchObject({ type: 'profile' });
  });

  it('sells, tells its last sale, takes it back once, and settles', async () => {
    const till = await lumen();
    const sold = await till.sell(1_500);
    expect(sold.events).toContain('prompt present-card');
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: {
        amount: till.money(1_500),
        receiptNumber: '000001',
        time: '2026-01-02T03:04:06',
        last4: '0461',
      },
    });
    expect((await till.takeBack(1_500, { receiptNumber: '7' })).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-the-last',
    });
    expect((await till.takeBack(1_500, { receiptNumber: '1' })).result).toMatchObject({
      outcome: 'voided',
    });
    expect((await till.takeBack(1_500)).result).toMatchObject({ outcome: 'already-voided' });
    expect((await till.run(till.terminal.settle())).result).toMatchObject({ outcome: 'settled' });
    expect((await till.last()).result).toMatchObject({ outcome: 'none' });
    expect(till.booked()).toEqual(['sale 1500', 'void 1500', 'settlement']);
  });

  it('doubles a start byte in its data', async () => {
    const till = await lumen();
    const ticket = 'A~B~';
    const sale = { amount: till.money(500), ticket };
    expect((await till.run(till.terminal.purchase(sale))).result).toMatchObject({
      outcome: 'approved',
      transaction: { ticket },
    });
    const sent = till.mock.transcript.findLast(({ from }) => from === 'till')?.bytes ?? [];
    expect(Buffer.from(sent).toString('hex')).toContain('417e5e427e5e');
  });

  it.each(commonFaults)('under %s says nothing that is not so', async (fault) => {
    const till = await lumen();
    await till.sell(1_000);
    try {
      till.mock.fault(fault);
    } catch {
      // It needs an argument.
      return;
    }
    const sold = await till.sell(650);
    const sales = till.booked().filter((entry) => entry.startsWith('sale 650')).length;
    expect(sales).toBeLessThan(2);
    const { outcome } = Object(sold.result);
    if (outcome === 'approved') expect(sales).toBe(1);
    if (outcome === 'declined') expect(sales).toBe(0);
    if (sold.result === undefined) expect(sold.error).toBeDefined();
  });
});
