import { describe, expect, it } from 'vitest';
import { paxPoslinkProtocol } from '../../../src/protocols/pax-poslink/protocol.ts';
import { damaged, drive, said, told } from './support.ts';
import { requestVectors } from './vectors.ts';

const protocol = paxPoslinkProtocol();
const usd = (amount: number) => ({ amount, currency: 'USD' });
const sale = () => protocol.purchase({ amount: usd(1_000), ticket: 'A1' });
const found = {
  kind: 'purchase',
  state: 'approved',
  amount: usd(1_000),
  operationNumber: '7',
  ticket: 'A1',
  last4: '0461',
} as const;
const approved =
  '0|T01|1.35|000000|OK|00~APPROVAL~252985~9000001|01|1000|0461~4|7~A1~20260102030405|||||SN=1';
const voided = (trace: string, more = '16|1000|0461~4') =>
  `0|T01|1.35|000000|OK|00~APPROVAL~252986~|${more}|${trace}~20260102030405|||||SN=1`;

describe('a sale on the wire', () => {
  it('is acknowledged, answered, acknowledged and ended', () => {
    expect(drive(sale(), [said('ACK'), told(approved), said('EOT')]).steps).toEqual([
      ['request T00', 'wait acknowledgement'],
      ['acknowledged', 'prompt present-card', 'wait answer'],
      ['write ACK', 'answered', 'wait acknowledgement 3000'],
      ['done'],
    ]);
  });

  it('NAK asks for the answer again, and never sends the sale again', () => {
    const { steps, answer } = drive(sale(), [
      said('ACK'),
      { type: 'frame', frame: damaged },
      { type: 'frame', frame: { kind: 'noise', bytes: Uint8Array.of(2), reason: 'cut-off' } },
      told(approved),
      said('EOT'),
    ]);
    expect(steps.slice(2, 4)).toEqual([
      ['write NAK', 'wait answer'],
      ['write NAK', 'wait answer'],
    ]);
    expect(answer).toMatchObject({ outcome: 'approved' });
    expect(steps.flat().filter((step) => step === 'request T00')).toHaveLength(1);
  });

  it.each([
    ['a NUL', '252\x00985'],
    ['two NAK', '252985\x15\x15'],
    ['two NAK apart', '25\x152985\x15'],
  ])('an answer with %s in it is asked for again, though its check agrees', (_what, code) => {
    const broken = told(approved.replace('252985', code));
    const { steps, answer } = drive(sale(), [said('ACK'), broken, told(approved), said('EOT')]);
    expect(steps[2]).toEqual(['write NAK', 'wait answer']);
    expect(answer).toMatchObject({ transaction: { authorisationCode: '252985' } });
  });

  it('the third damaged answer is the last: the till says EOT', () => {
    const bad = { type: 'frame', frame: damaged } as const;
    expect(drive(sale(), [said('ACK'), bad, bad, bad]).last).toEqual([
      'write EOT',
      'failed garbled-answer',
    ]);
  });

  it('NAK to the sale does not send it again', () => {
    const { steps } = drive(sale(), [said('NAK'), said('NAK'), { type: 'timeout' }]);
    expect(steps.flat().filter((step) => step.startsWith('request'))).toHaveLength(1);
    expect(steps.at(-1)).toEqual(['failed not-acknowledged']);
  });

  it('silence does not send it again either', () => {
    expect(drive(sale(), [{ type: 'timeout' }]).last).toEqual(['failed no-acknowledgement']);
    expect(drive(sale(), [said('ACK'), { type: 'timeout' }]).last).toEqual(['failed no-answer']);
  });

  it('without EOT the ACK is said three more times, and the answer stands', () => {
    const timeout = { type: 'timeout' } as const;
    const { steps, answer } = drive(sale(), [
      said('ACK'),
      told(approved),
      timeout,
      timeout,
      timeout,
      timeout,
    ]);
    expect(steps.slice(3)).toEqual([
      ['write ACK', 'wait acknowledgement 3000'],
      ['write ACK', 'wait acknowledgement 3000'],
      ['write ACK', 'wait acknowledgement 3000'],
      ['done'],
    ]);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it('an answer that comes again before EOT is acknowledged again, and counts once', () => {
    const { steps } = drive(sale(), [
      said('ACK'),
      told(approved),
      told(approved),
      { type: 'frame', frame: damaged },
      said('NAK'),
      said('EOT'),
    ]);
    expect(steps.slice(3)).toEqual([
      ['write ACK', 'stray duplicate', 'wait acknowledgement 3000'],
      ['write ACK', 'wait acknowledgement 3000'],
      ['write ACK', 'wait acknowledgement 3000'],
      ['done'],
    ]);
  });

  it('a terminal that never stops repeating is left', () => {
    const { steps } = drive(sale(), [said('ACK'), ...Array(40).fill(told(approved))]);
    expect(steps.flat().filter((step) => step === 'done')).toHaveLength(1);
    expect(steps.at(-1)).toEqual([]);
  });

  it('the EOT of an earlier exchange ends nothing', () => {
    const { steps, answer } = drive(sale(), [
      said('EOT'),
      said('ACK'),
      said('EOT'),
      told(approved),
      said('EOT'),
    ]);
    expect([steps[1], steps[3]]).toEqual([[], []]);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it.each([
    ['another command', approved.replace('T01', 'T03'), 'stray stale'],
    ['another reference', approved.replace('~A1~', '~B2~'), 'stray stale'],
    ['no reference', approved.replace('~A1~', '~~'), 'failed unreadable-answer'],
    ['no amount', approved.replace('|1000|', '||'), 'failed unreadable-answer'],
    ['an amount of words', approved.replace('|1000|', '|10.00|'), 'failed unreadable-answer'],
    ['another type', approved.replace('|01|1000', '|02|1000'), 'failed unreadable-answer'],
    ['a status other than 0', `1${approved.slice(1)}`, 'failed unreadable-answer'],
    ['half a head', '0|T01|1.35', 'failed unreadable-answer'],
  ])('an answer with %s is not believed', (_what, text, step) => {
    expect(drive(sale(), [said('ACK'), told(text)]).last).toContain(step);
  });

  it.each([
    ['000100', 'declined'],
    ['100001', 'declined'],
    ['100002', 'declined'],
    ['100011', 'unknown-response-code'],
    ['100023', 'unknown-response-code'],
    ['000099', 'unknown-response-code'],
    ['999999', 'unknown-response-code'],
  ])('code %s is %s', (code, outcome) => {
    const { answer } = drive(sale(), [said('ACK'), told(`0|T01|1.35|${code}|WORDS`), said('EOT')]);
    expect(answer).toMatchObject({ outcome, responseCode: code });
  });

  it('a part of the amount is told as it is', () => {
    const text = approved.replace('000000', '000002').replace('|1000|', '|400|');
    const { answer } = drive(sale(), [said('ACK'), told(text), said('EOT')]);
    expect(answer).toMatchObject({ outcome: 'approved', transaction: { amount: usd(400) } });
  });
});

describe('a cancellation', () => {
  it('is A14, once, and the sale still ends by its own answer', () => {
    const { steps, answer, written } = drive(sale(), [
      said('ACK'),
      { type: 'cancel' },
      { type: 'cancel' },
      said('EOT'),
      told('0|T01|1.35|100002|ABORTED'),
      said('EOT'),
    ]);
    expect(written[1]).toBe(requestVectors.cancel.hex);
    expect(steps.slice(2, 5)).toEqual([['write A14'], [], ['wait answer 15000']]);
    expect(answer).toMatchObject({ outcome: 'declined', responseCode: '100002' });
  });

  it('is kept until the terminal has the request', () => {
    expect(drive(sale(), [{ type: 'cancel' }, said('ACK')]).steps.slice(1)).toEqual([
      [],
      ['acknowledged', 'prompt present-card', 'write A14', 'wait answer'],
    ]);
  });

  it('with EOT and nothing else leaves the sale in doubt', () => {
    const inputs = [said('ACK'), { type: 'cancel' }, said('EOT'), { type: 'timeout' }] as const;
    expect(drive(sale(), inputs).last).toEqual(['failed no-answer']);
  });

  it('that comes too late is an approved sale', () => {
    const inputs = [
      said('ACK'),
      { type: 'cancel' },
      said('EOT'),
      told(approved),
      said('EOT'),
    ] as const;
    expect(drive(sale(), inputs).answer).toMatchObject({ outcome: 'approved' });
  });

  it('of a question is nothing', () => {
    expect(drive(protocol.status(), [said('ACK'), { type: 'cancel' }]).last).toEqual([]);
  });
});

describe('a void on the wire', () => {
  const answerOf = (text: string) =>
    drive(protocol.void(found), [said('ACK'), told(text), said('EOT')]);

  it('is taken for the one that repeats its reference', () => {
    expect(answerOf(voided('8~7/V')).answer).toEqual({
      outcome: 'voided',
      named: { amount: usd(1_000) },
    });
    expect(answerOf(voided('7~7/V')).answer).toMatchObject({ named: { operationNumber: '7' } });
    expect(answerOf(voided('8~7/V', '17|0|')).answer).toEqual({ outcome: 'voided', named: {} });
  });

  it.each([
    ['another reference', voided('8~9/V'), 'stray stale'],
    ['no reference', voided('8~'), 'failed unreadable-answer'],
    ['the type of a sale', voided('8~7/V', '01|1000|0461~4'), 'failed unreadable-answer'],
    ['another card', voided('8~7/V', '16|1000|1111~4'), 'failed unreadable-answer'],
    ['a part', voided('8~7/V').replace('000000', '000002'), 'failed unreadable-answer'],
  ])('with %s is not believed', (_what, text, step) => {
    expect(drive(protocol.void(found), [said('ACK'), told(text)]).last).toContain(step);
  });

  it.each([
    ['100023', 'not-found'],
    ['000100', 'declined'],
    ['100002', 'declined'],
    ['100011', 'unknown-response-code'],
    ['000300', 'unknown-response-code'],
  ])('code %s is %s', (code, outcome) => {
    expect(answerOf(`0|T01|1.35|${code}|WORDS`).answer).toMatchObject({ outcome });
  });
});

describe('a settlement on the wire', () => {
  const answerOf = (code: string) =>
    drive(protocol.settle(), [
      said('ACK'),
      told(`0|B01|1.35|${code}|WORDS|0~~|2|1650|20260102030405|T1|M123`),
      said('EOT'),
    ]).answer;

  it.each([
    ['000000', 'settled'],
    ['000300', 'settled'],
    ['000100', 'declined'],
    ['000301', 'unknown-response-code'],
    ['000001', 'unknown-response-code'],
  ])('code %s is %s', (code, outcome) => {
    expect(answerOf(code)).toMatchObject({ outcome });
  });

  it('names the merchant', () => {
    expect(answerOf('000000')).toMatchObject({ commerceCode: 'M123' });
  });
});
