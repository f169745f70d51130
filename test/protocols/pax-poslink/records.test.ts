import { describe, expect, it } from 'vitest';
import type { Exchange, Input } from '../../../src/protocols/exchange.ts';
import { paxPoslinkProtocol } from '../../../src/protocols/pax-poslink/protocol.ts';
import { drive, said, told } from './support.ts';

const protocol = paxPoslinkProtocol();
const usd = (amount: number) => ({ amount, currency: 'USD' });

interface Told {
  readonly total?: number;
  readonly record?: number;
  readonly type?: string;
  readonly edc?: string;
  readonly host?: string;
  readonly number?: string;
  readonly reference?: string;
  readonly second?: string;
}

const page = (one: Told): string => {
  const { total = 1, record = 0, type = '01', edc = '01', host = '00' } = one;
  const { number = '7', reference = 'A1', second = '01' } = one;
  return `0|R03|1.35|000000|OK|${total}|${record}|${host}~APPROVAL~252985|${edc}|${type}||1000|0461~4|${number}~${reference}~202601020304${second}|||||SN=1`;
};
const nothing = '0|R03|1.35|100023|NOT FOUND';

/** Each answer to each question, with ACK before it and EOT behind it. */
const answers = (...texts: readonly string[]): readonly Input[] =>
  texts.flatMap((text) => [said('ACK'), told(text), said('EOT')]);

const run = <A>(exchange: Exchange<A> | undefined, ...texts: readonly string[]) => {
  if (exchange === undefined) throw new Error('no exchange');
  const driven = drive(exchange, answers(...texts));
  return {
    ...driven,
    asked: driven.written.filter((hex) => hex.startsWith('02523032')).map(groups),
  };
};

/** R02 behind its version: `00||||||A1|`. */
const groups = (hex: string): string =>
  Buffer.from(hex, 'hex')
    .toString('latin1')
    .slice(10, -2)
    .replaceAll('\x1c', '|')
    .replace(/^00/, '');

describe('the last transaction', () => {
  it('is the only record', () => {
    expect(run(protocol.lastTransaction(), page({})).answer).toMatchObject({
      outcome: 'found',
      transaction: { kind: 'purchase', state: 'approved', amount: usd(1_000), cardType: 'credit' },
    });
  });

  it.each([
    [
      'oldest first',
      page({ total: 3, second: '01' }),
      page({ total: 3, record: 2, number: '9', second: '09' }),
    ],
    [
      'newest first',
      page({ total: 3, number: '9', second: '09' }),
      page({ total: 3, record: 2, second: '01' }),
    ],
    ['in one second', page({ total: 3, number: '9' }), page({ total: 3, record: 2 })],
  ])('is the later one of the first and the last record, %s', (_order, first, second) => {
    const { answer, asked } = run(protocol.lastTransaction(), first, second);
    expect(answer).toMatchObject({ transaction: { operationNumber: '9' } });
    expect(asked).toEqual(['|||||||', '|||2||||']);
  });

  it('counts records from wherever the terminal does', () => {
    const { asked } = run(
      protocol.lastTransaction(),
      page({ total: 3, record: 1 }),
      page({ record: 3 }),
    );
    expect(asked[1]).toBe('|||3||||');
  });

  it('is not told where nobody can say which is later', () => {
    const first = page({ total: 2 });
    expect(
      run(protocol.lastTransaction(), first, page({ record: 1, second: 'xx' })).answer,
    ).toMatchObject({
      outcome: 'declined',
    });
    expect(run(protocol.lastTransaction(), first, page({ record: 0 })).answer).toMatchObject({
      outcome: 'declined',
    });
  });

  it('is none in an empty batch', () => {
    expect(run(protocol.lastTransaction(), nothing).answer).toMatchObject({ outcome: 'none' });
  });

  it('is asked for again when it arrives damaged or not at all', () => {
    const exchange = protocol.lastTransaction();
    const { steps } = drive(exchange, [{ type: 'timeout' }, said('NAK')]);
    expect(steps.flat().filter((step) => step === 'request R02')).toHaveLength(3);
  });

  it.each([
    ['an unknown type', { type: '99' }],
    ['an unknown kind of card', { edc: '05' }],
    ['an unknown word of the host', { host: '12' }],
  ])('with %s is in doubt', (_what, how) => {
    expect(run(protocol.lastTransaction(), page(how)).answer).toMatchObject({
      transaction: { state: 'in-doubt' },
    });
  });
});

describe('one transaction', () => {
  const find = (target: object, ...texts: readonly string[]) =>
    run(protocol.find?.({ amount: usd(1_000), ...target }), ...texts);

  it.each([
    [{ ticket: 'A1', operationNumber: '7' }, '||||7|||'],
    [{ ticket: 'A1', authorisationCode: '252985' }, '||||||A1|'],
    [{ operationNumber: '7', authorisationCode: '252985' }, '||||7|||'],
    [{ authorisationCode: '252985' }, '|||||252985||'],
  ])('%j is asked for by what names it best', (target, filter) => {
    const { answer, asked } = find(target, page({}));
    expect(answer).toMatchObject({ outcome: 'found' });
    expect(asked).toEqual([filter]);
  });

  it('that names nothing cannot be asked for', () => {
    expect(protocol.find?.({ amount: usd(1_000) })).toBeUndefined();
  });

  it('is not another one, where a terminal leaves the filter out of account', () => {
    expect(find({ ticket: 'B2' }, page({})).answer).toMatchObject({ outcome: 'declined' });
  });

  it('that is told as a void under its own reference has been taken back', () => {
    expect(find({ ticket: 'A1' }, page({ type: '17' })).answer).toMatchObject({
      transaction: { kind: 'purchase', state: 'voided', operationNumber: '7' },
    });
  });

  it('with a void behind it under the same reference has been taken back', () => {
    const { answer, asked } = find(
      { ticket: 'A1' },
      page({ total: 2 }),
      page({ total: 2, record: 1, type: '16', number: '8' }),
    );
    expect(answer).toMatchObject({ transaction: { state: 'voided', operationNumber: '7' } });
    expect(asked).toEqual(['||||||A1|', '|||1|||A1|']);
  });

  it('that is there twice is not chosen from', () => {
    const { answer } = find(
      { ticket: 'A1' },
      page({ total: 2 }),
      page({ total: 2, record: 1, number: '8' }),
    );
    expect(answer).toMatchObject({ outcome: 'declined' });
    expect(find({ ticket: 'A1' }, page({ total: 9 })).answer).toMatchObject({
      outcome: 'declined',
    });
  });

  const voidedBefore = [
    page({ total: 2, type: '17', number: '1' }),
    page({ total: 2, record: 1, number: '3' }),
  ];

  it('is not taken for one that was voided before it, under the same reference', () => {
    expect(find({ ticket: 'A1' }, ...voidedBefore).answer).toMatchObject({
      outcome: 'declined',
      message: expect.stringContaining('1 (voided), 3 (approved)'),
    });
  });

  it('is told by its number, and by its amount, where the reference was used twice', () => {
    const [, second = ''] = voidedBefore;
    expect(
      find({ ticket: 'A1', operationNumber: '3' }, page({ number: '3' })).answer,
    ).toMatchObject({ transaction: { state: 'approved', operationNumber: '3' } });
    const cheaper = page({ total: 2, type: '17', number: '1' }).replace('|1000|', '|650|');
    expect(find({ ticket: 'A1' }, cheaper, second).answer).toMatchObject({
      transaction: { state: 'approved', operationNumber: '3' },
    });
  });

  it('is the latest where none is the one asked for, so that the till is told what differs', () => {
    const { answer } = find({ ticket: 'A1', authorisationCode: '999999' }, ...voidedBefore);
    expect(answer).toMatchObject({ transaction: { operationNumber: '3' } });
  });

  it('under its number with a void of its own reference has been taken back', () => {
    const { answer } = find(
      { ticket: 'A1', operationNumber: '7' },
      page({ total: 2 }),
      page({ total: 2, record: 1, type: '16', reference: '7/V' }),
    );
    expect(answer).toMatchObject({ transaction: { state: 'voided', operationNumber: '7' } });
    expect(
      find({ ticket: 'A1', operationNumber: '7' }, page({ type: '16', reference: '7/V' })).answer,
    ).toMatchObject({ transaction: { state: 'voided', operationNumber: '7' } });
  });

  it('that is not there is none', () => {
    expect(find({ ticket: 'A1' }, nothing).answer).toMatchObject({ outcome: 'none' });
  });
});

describe('what the terminal remembers', () => {
  const sale = { amount: usd(1_000), ticket: 'A1' };
  const voided = { ...sale, operationNumber: '7' };

  it('of a sale is its record', () => {
    expect(run(protocol.history(sale), page({})).answer).toMatchObject({
      transactions: [{ ticket: 'A1', state: 'approved' }],
    });
  });

  it('of a sale that it does not have is its last transaction', () => {
    const { answer, asked } = run(protocol.history(sale), nothing, page({ reference: 'Z9' }));
    expect(answer).toMatchObject({ whole: false, transactions: [{ ticket: 'Z9' }] });
    expect(asked).toEqual(['||||||A1|', '|||||||']);
  });

  it('of a void is the record of the void itself, by its own reference', () => {
    const { answer, asked } = run(
      protocol.history(voided),
      page({}),
      page({ type: '16', number: '8', reference: '7/V' }),
    );
    expect(asked).toEqual(['||||7|||', '||||||7/V|']);
    expect(answer).toMatchObject({
      transactions: [
        { kind: 'purchase', state: 'approved' },
        { kind: 'void', operationNumber: '8', original: { operationNumber: '7' } },
      ],
    });
  });

  it('of a void is also the sale whose type has changed', () => {
    expect(run(protocol.history(voided), page({ type: '17' })).answer).toMatchObject({
      transactions: [{ kind: 'purchase', state: 'voided' }],
    });
  });

  it('of a void that it knows nothing of is the sale as it stands', () => {
    expect(run(protocol.history(voided), page({}), nothing).answer).toMatchObject({
      transactions: [{ state: 'approved' }],
    });
  });

  it('is not told by a refusal', () => {
    expect(run(protocol.history(sale), '0|R03|1.35|100001|TIMEOUT').answer).toMatchObject({
      outcome: 'declined',
    });
  });
});
