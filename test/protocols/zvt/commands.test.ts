import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/framing/bytes.ts';
import { clp } from '../../../src/model/money.ts';
import type { Transaction } from '../../../src/model/transaction.ts';
import type { Exchange } from '../../../src/protocols/exchange.ts';
import type { MoneyCommand, Protocol, ProtocolCommand } from '../../../src/protocols/protocol.ts';
import { transbankProtocol } from '../../../src/protocols/transbank/protocol.ts';
import * as commands from '../../../src/protocols/zvt/commands.ts';
import { euro, play, sentBy, zvt } from './support.ts';
import { apdus } from './vectors.ts';

const tcp = zvt();
const sent = sentBy;
const vector = (name: string): string => apdus.find((each) => each.name === name)?.hex ?? '';

const made = <A>(
  command: ProtocolCommand<A> | MoneyCommand,
  protocol: Protocol = tcp,
): Exchange<unknown> => {
  const exchange = command.exchange(protocol);
  if ('outcome' in exchange) throw new Error(exchange.message);
  return exchange;
};

const found: Transaction = {
  kind: 'purchase',
  state: 'approved',
  amount: euro(333),
  receiptNumber: '0007',
  trace: '000012',
  terminalId: '29001006',
};

const taken = '800000';
const done = '060f00';
const apduOf = (control: string, data: string): string => {
  const hex = data.replace(/\s/g, '');
  return `${control}${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`;
};

describe('commands of the till, as they are published', () => {
  it.each([
    ['registration-text-block', zvt().greeting?.()],
    [
      'registration-austria-2',
      zvt({ texts: { config: '3e' }, options: { 'text-blocks': false } }).greeting?.(),
    ],
    ['registration-poll-log', zvt({ texts: { config: '3e', service: '03' } }).greeting?.()],
    ['repeat-receipt-query', tcp.lastTransaction()],
    ['end-of-day', tcp.settle()],
    ['enquire-open-preauths', made(commands.openPreAuthorisations())],
    ['logoff', made(commands.logOff())],
    ['initialisation', made(commands.initialisation(), zvt({ password: '999999' }))],
  ])('%s', (name, exchange) => {
    if (exchange === undefined) throw new Error('no exchange');
    expect(sent(exchange)).toBe(vector(name));
  });

  it.each([
    [
      'an authorisation names amount and currency',
      tcp.purchase({ amount: euro(11000), ticket: 'x' }),
      '06010a04000000011000490978',
    ],
    [
      'a reversal names receipt, amount and currency',
      tcp.void(found),
      '063010123456 870007 04000000000333 490978',
    ],
    ['a refund', tcp.refund?.({ amount: euro(1) }), '06310d123456 04000000000001 490978'],
    ['totals', tcp.totals(), '061003123456'],
    ['a status enquiry', tcp.status(), '0501051234560301'],
    ['a poll', tcp.synchronise(), '0501051234560303'],
    [
      'the largest amount',
      tcp.purchase({ amount: euro(999_999_999_999), ticket: 'x' }),
      '06010a04999999999999490978',
    ],
    [
      'another currency',
      zvt({ texts: { currency: 'CHF' } }).purchase({
        amount: { amount: 5, currency: 'CHF' },
        ticket: 'x',
      }),
      '06010a04000000000005490756',
    ],
    ['a reprint', made(commands.reprint('3', '0012')), '06120712345600030012'],
    [
      'a repeated receipt',
      made(commands.repeatReceipt('end-of-day')),
      '062009123456 0604 1f010104',
    ],
    ['a diagnosis', made(commands.diagnosis('extended')), '0670050603 1b0102'],
    ['the clock', made(commands.setClock('2026-01-02T03:04:05')), '06910b123456 aa260102 0c030405'],
    [
      'a pre-authorisation',
      made(commands.preAuthorisation(euro(2500))),
      '06220a04000000002500490978',
    ],
    [
      'its booking by the amount',
      made(commands.bookPreAuthorisation({ receiptNumber: '231' }, euro(2000))),
      '06240d870231 04000000002000 490978',
    ],
    [
      'its booking by the rest',
      made(commands.bookPreAuthorisation({ receiptNumber: '231' }, euro(2000), euro(2500))),
      '06230d870231 04000000000500 490978',
    ],
    [
      'its reversal',
      made(commands.reversePreAuthorisation({ receiptNumber: '231' }, euro(2500))),
      '062506870231 490978',
    ],
  ])('%s', (_name, exchange, hex) => {
    if (exchange === undefined) throw new Error('no exchange');
    expect(sent(exchange)).toBe(hex.replace(/ /g, ''));
  });

  it('hide the password from whoever keeps a digest of the request', () => {
    for (const exchange of [tcp.void(found), tcp.settle(), tcp.lastTransaction()])
      expect(toHex(exchange.request())).toMatch(/^06..(..)eeeeee/);
    expect(toHex(tcp.purchase({ amount: euro(5), ticket: 'x' }).request())).not.toContain('ee');
    const serial = zvt({ transport: 'serial' });
    expect(toHex(serial.void(found).request())).toMatch(/^1002063010?10eeeeee/);
  });

  it('asks for the status without a password where none is set', () => {
    expect(sent(zvt({ password: '' }).status())).toBe('050100');
  });
});

describe('what cannot go on the wire', () => {
  it.each([
    [{ amount: euro(0) }, 'amount'],
    [{ amount: euro(-5) }, 'amount'],
    [{ amount: euro(1.5) }, 'amount'],
    [{ amount: euro(1_000_000_000_000) }, 'amount'],
    [{ amount: clp(500) }, 'currency'],
    [{ amount: euro(5), commerceCode: '597029414300' }, 'commerceCode'],
    [{ amount: euro(5), ticket: '4111111111111111' }, 'ticket'],
  ])('is refused in a sale: %j', (request, field) => {
    expect(tcp.checkPurchase(request)).toMatchObject({
      outcome: 'refused',
      reason: 'invalid',
      field,
    });
  });

  it('is refused in a refund: the reference number of the sale has no place in it', () => {
    expect(tcp.checkRefund?.({ amount: euro(5), rrn: '1' })).toMatchObject({ field: 'rrn' });
    expect(tcp.checkRefund?.({ amount: euro(5) })).toBeUndefined();
  });

  it.each([
    [{ amount: euro(5), receiptNumber: '12345' }, 'receiptNumber'],
    [{ amount: euro(5), receiptNumber: '' }, 'receiptNumber'],
    [{ amount: euro(5), trace: 'x' }, 'trace'],
    [{ amount: euro(5), ticket: 'A1' }, 'ticket'],
    [{ amount: euro(5), operationNumber: '1' }, 'operationNumber'],
    [{ amount: euro(0) }, 'amount'],
  ])('is refused as a target: %j', (target, field) => {
    expect(tcp.checkTarget(target)).toMatchObject({ outcome: 'refused', reason: 'invalid', field });
    expect(
      tcp.checkTarget({ amount: euro(5), receiptNumber: '7', trace: '10015008' }),
    ).toBeUndefined();
  });

  it('has no way to name a transaction without a receipt number', () => {
    const { receiptNumber: _, ...nameless } = found;
    expect(tcp.checkVoidable(nameless)).toMatchObject({ reason: 'not-approved' });
    expect(tcp.checkVoidable(found)).toBeUndefined();
  });

  it.each([
    commands.reprint('12345'),
    commands.reprint('1', 'x'),
    commands.setClock('2026-02-30T00:00:00'),
    commands.setClock('tomorrow'),
    commands.repeatReceipt('constructor' as 'last'),
    commands.diagnosis('toString' as 'line'),
    commands.preAuthorisation(euro(0)),
    commands.bookPreAuthorisation({ receiptNumber: '12345' }, euro(5)),
    commands.bookPreAuthorisation({ receiptNumber: '1' }, euro(5), euro(4)),
    commands.reversePreAuthorisation({ receiptNumber: '' }, euro(5)),
  ])('is refused before a byte leaves: $name', (command) => {
    expect(command.exchange(tcp)).toMatchObject({ outcome: 'refused', reason: 'invalid' });
  });

  it('is no command of another terminal', () => {
    const other = transbankProtocol('integrado');
    for (const command of [commands.logOff(), commands.preAuthorisation(euro(5))])
      expect(command.exchange(other)).toMatchObject({
        outcome: 'refused',
        reason: 'not-supported',
      });
  });
});

describe('a void', () => {
  const told = (fields: string, end = done) =>
    play(tcp.void(found), [taken, apduOf('040f', fields), end]).answer;
  const ok = '2700 04000000000333 490978 2929001006';

  it('names the original by its trace, and tells the amount that went back', () => {
    expect(told(`${ok} 870008 0b000013 37000012`)).toEqual({
      outcome: 'voided',
      named: { trace: '000012', terminalId: '29001006', amount: euro(333) },
    });
  });

  it('never passes its own receipt and trace off as those of the original', () => {
    expect(told(`${ok} 870008 0b000013`)).toEqual({
      outcome: 'voided',
      named: { terminalId: '29001006', amount: euro(333) },
    });
  });

  it('names the receipt where the terminal repeats the one that was asked for, under a trace of its own', () => {
    expect(told(`${ok} 870007 0b000013`)).toMatchObject({ named: { receiptNumber: '0007' } });
    expect(told(`${ok} 870007 37000012`)).toMatchObject({ named: { receiptNumber: '0007' } });
  });

  it('names nothing when it may be the sale itself that is told once more', () => {
    for (const once of [`${ok} 870007 0b000012`, `${ok} 870007`])
      expect(told(once)).toEqual({
        outcome: 'voided',
        named: { terminalId: '29001006', amount: euro(333) },
      });
  });

  it('names the original by a trace of more than six digits, which stands in TLV 69', () => {
    expect(told(`${ok} 870008 0b000000 37000000 0609 6907 1f2b04 10000012`)).toMatchObject({
      named: { trace: '10000012' },
    });
    expect(told(`${ok} 870008 0b000000 37000000`)).toEqual({
      outcome: 'voided',
      named: { terminalId: '29001006', amount: euro(333) },
    });
  });

  it('has no trace where the terminal tells zero', () => {
    const query = play(tcp.lastTransaction(), [taken, apduOf('040f', `${ok} 0b000000`), done]);
    expect(query.answer).toMatchObject({ outcome: 'found' });
    expect(query.answer).not.toHaveProperty('transaction.trace');
  });

  it('of a pre-authorisation is believed when the answer says which it was', () => {
    const command = commands.reversePreAuthorisation({ receiptNumber: '7' }, euro(500));
    const answer = (fields: string) => {
      const exchange = command.exchange(tcp);
      if ('outcome' in exchange) throw new Error('refused');
      return play(exchange, [taken, apduOf('040f', fields), done]).answer;
    };
    const nothing = '2700 04000000000000 490978';
    expect(answer(`${nothing} 870008 0b000013 37000012`)).toMatchObject({ outcome: 'approved' });
    expect(answer(`${nothing} 870007 0b000013`)).toMatchObject({ outcome: 'approved' });
    expect(answer(`${nothing} 870008 0b000013`)).toMatchObject({
      outcome: 'unknown-response-code',
    });
  });

  it('shows it when the terminal has reversed another transaction (Portalum issue 24)', () => {
    // Asked for 3.33 of receipt 7, the terminal took back 2.22, which was the newest.
    expect(told('2700 04000000000222 490978 870009 37000014')).toEqual({
      outcome: 'voided',
      named: { trace: '000014', amount: euro(222) },
    });
  });

  it('is told that it had been done before', () => {
    for (const wire of [
      [taken, apduOf('040f', '27b4'), '061e01b4'],
      [taken, '061e01b4'],
      ['84b400'],
    ])
      expect(play(tcp.void(found), wire).answer).toMatchObject({
        outcome: 'already-voided',
        responseCode: 'B4',
        named: {},
      });
  });

  it('is refused, or unknown, as the code says', () => {
    const answer = (code: string) => play(tcp.void(found), [taken, `061e01${code}`]).answer;
    expect(answer('b5')).toMatchObject({ outcome: 'declined', responseCode: 'B5' });
    expect(answer('83')).toMatchObject({ outcome: 'declined', responseCode: '83' });
    expect(answer('9b')).toMatchObject({ outcome: 'unknown-response-code', responseCode: '9B' });
    expect(answer('ff')).toMatchObject({ outcome: 'unknown-response-code', responseCode: 'FF' });
  });

  it('is refused at once with a wrong password', () => {
    expect(play(tcp.void(found), [vector('nack-password')]).answer).toMatchObject({
      outcome: 'declined',
      responseCode: '37',
    });
  });
});

describe('questions', () => {
  const ask = (...wire: string[]) => play(tcp.lastTransaction(), [taken, ...wire]);

  it('tell a void as a void, with its original', () => {
    expect(ask(vector('status-reversal-constructed'), done).answer).toMatchObject({
      outcome: 'found',
      transaction: {
        kind: 'void',
        state: 'approved',
        original: { trace: '000007' },
        amount: euro(100),
      },
    });
    expect(
      play(tcp.history(), [taken, vector('status-reversal-constructed'), done]).answer,
    ).toMatchObject({
      whole: false,
      transactions: [{ kind: 'void', original: { trace: '000007' } }],
    });
  });

  it('tell a failed attempt as declined', () => {
    expect(ask(apduOf('040f', '2705 04000000000500 870009'), done).answer).toMatchObject({
      outcome: 'found',
      transaction: { state: 'declined', receiptNumber: '0009' },
    });
    expect(ask(vector('status-minimal-abort'), done).answer).toMatchObject({
      outcome: 'declined',
      responseCode: '6C',
    });
  });

  it('are not answered by a completion alone, and that is not "nothing"', () => {
    expect(ask(done).answer).toMatchObject({ outcome: 'declined', responseCode: '' });
    expect(play(tcp.history(), [taken, done]).answer).toMatchObject({ outcome: 'declined' });
  });

  it('are not answered by a success without an amount', () => {
    expect(ask(vector('status-long-trace'), done).failure).toBe('unreadable-answer');
  });

  it('are refused with the code of the terminal', () => {
    expect(ask('061e0183').answer).toMatchObject({ outcome: 'declined', responseCode: '83' });
    expect(play(tcp.lastTransaction(), ['848300']).answer).toMatchObject({ responseCode: '83' });
  });

  it('are put off by a terminal that is at work, where a recovery asks', () => {
    expect(play(tcp.history(), ['849c00']).failure).toBe('not-acknowledged');
    expect(play(tcp.lastTransaction(), ['849c00']).answer).toMatchObject({ responseCode: '9C' });
    const greeting = tcp.greeting?.();
    expect(greeting && play(greeting, ['849c00']).failure).toBe('not-acknowledged');
  });

  it('tell count and sum since the end of day', () => {
    expect(
      play(tcp.totals(), [taken, vector('status-end-of-day-feig'), done]).answer,
    ).toMatchObject({
      outcome: 'found',
      count: 2,
      total: euro(958),
    });
    expect(play(tcp.totals(), [taken, apduOf('040f', '2700'), done]).failure).toBe(
      'unreadable-answer',
    );
    expect(play(tcp.totals(), [taken, '061e0183']).answer).toMatchObject({ outcome: 'declined' });
  });

  it.each([
    ['060f0100', { outcome: 'ready' }],
    ['060f07f0f0f3626c6100', { outcome: 'ready' }],
    ['060f01f0', { outcome: 'not-ready', terminalCode: 'F0' }],
    ['060f019c', { outcome: 'not-ready', terminalCode: '9C' }],
    ['060f0106', { outcome: 'not-ready', terminalCode: '06' }],
  ])('tell the state of the terminal: %s', (hex, expected) => {
    expect(play(tcp.status(), [taken, hex]).answer).toMatchObject(expected);
  });

  it('list the open pre-authorisations: none, one, several', () => {
    const open = (hex: string) => play(made(commands.openPreAuthorisations()), [taken, hex]).answer;
    expect(open(vector('abort-no-open-preauth'))).toMatchObject({ receiptNumbers: [] });
    expect(open('061e04b8870123')).toMatchObject({ receiptNumbers: ['0123'] });
    expect(open(vector('abort-open-preauth-list-fixed'))).toMatchObject({
      receiptNumbers: ['0123', '4567'],
    });
    expect(open('061e01b8')).toMatchObject({ outcome: 'declined', responseCode: 'B8' });
    expect(open('061e0183')).toMatchObject({ outcome: 'declined', responseCode: '83' });
  });
});

describe('the end of day', () => {
  const close = (...wire: string[]) => play(tcp.settle(), [taken, ...wire]);

  it('is done with its completion, also of a day without turnover', () => {
    expect(close(vector('status-end-of-day-feig'), done).answer).toMatchObject({
      outcome: 'settled',
    });
    expect(close(done).answer).toMatchObject({ outcome: 'settled' });
  });

  it('says what the terminal does next', () => {
    expect(
      close(vector('status-end-of-day-feig'), vector('completion-eod-update')).answer,
    ).toMatchObject({
      outcome: 'settled',
      message: 'The terminal has closed the day. A software update of the terminal begins.',
    });
  });

  it('is refused, or unknown, as the code says; silence is unknown', () => {
    expect(close('061e0177').answer).toMatchObject({ outcome: 'declined', responseCode: '77' });
    expect(close('061e019b').answer).toMatchObject({ outcome: 'unknown-response-code' });
    expect(close('silence').failure).toBe('no-answer');
    expect(tcp.settle().money).toBe(true);
  });
});

describe('pre-authorisations', () => {
  it('are money, with their own kind', () => {
    const exchange = made(commands.preAuthorisation(euro(2500)));
    expect(exchange.money).toBe(true);
    expect(play(exchange, [taken, vector('status-reservation'), done]).answer).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'pre-authorisation', receiptNumber: '0231', amount: euro(2500) },
    });
  });

  it('are reversed as a void that names its original', () => {
    const exchange = made(commands.reversePreAuthorisation({ receiptNumber: '231' }, euro(2500)));
    const reversed = apduOf('040f', '2700 04000000000000 870232 37000975');
    expect(play(exchange, [taken, reversed, done]).answer).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'void', amount: euro(0), original: { trace: '000975' } },
    });
  });
});

describe('administration', () => {
  it('is done when it ends well, and refused with the code when not', () => {
    const run = (...wire: string[]) => play(made(commands.diagnosis()), wire);
    expect(run(taken, '040108aa2611230c101530', '04ff01c9', done).answer).toMatchObject({
      outcome: 'done',
    });
    expect(run(taken, '061e019b').answer).toMatchObject({
      outcome: 'declined',
      responseCode: '9B',
    });
    expect(run('848300').answer).toMatchObject({ outcome: 'declined', responseCode: '83' });
    expect(run(taken, apduOf('040f', '27c2'), done).answer).toMatchObject({ outcome: 'declined' });
    expect(made(commands.diagnosis()).money).toBe(false);
  });

  it('ends with the acknowledgement where that is all: log-off', () => {
    expect(play(made(commands.logOff()), [taken])).toMatchObject({ answer: { outcome: 'done' } });
    expect(play(made(commands.logOff()), ['848300']).answer).toMatchObject({ outcome: 'declined' });
  });

  it('hands over the receipts that are printed again', () => {
    const wire = [taken, vector('print-centred'), vector('print-tid'), vector('print-last'), done];
    expect(play(made(commands.reprint('1')), wire).steps.flat()).toContain(
      'receipt ["** KASSENSCHNITT **","Terminal-ID:    28004869"]',
    );
  });
});
