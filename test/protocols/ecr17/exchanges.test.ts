import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import {
  ecr17Control,
  ecr17Deframer,
  ecr17Frame,
  ecr17Progress,
} from '../../../src/framing/ecr17-frame.ts';
import type { LrcVariant } from '../../../src/framing/ecr17-lrc.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import type { Transaction } from '../../../src/model/transaction.ts';
import * as commands from '../../../src/protocols/ecr17/commands.ts';
import { write } from '../../../src/protocols/ecr17/fixed-width.ts';
import { answerTables } from '../../../src/protocols/ecr17/layouts.ts';
import { ecr17Protocol } from '../../../src/protocols/ecr17/protocol.ts';
import type { Setup } from '../../../src/protocols/ecr17/setup.ts';
import type { Effect, Exchange, Input } from '../../../src/protocols/exchange.ts';
import { vector } from './vectors.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const spoken = { lrc: 'std', clock: '2026-07-30T15:18', terminalId: '12345678' } as const;
/** On a short connection: the clock has been asked. */
const protocolWith = (options: Partial<Setup> = {}) =>
  ecr17Protocol({ connection: 'per-command', receipts: false, ...options }, spoken);
const protocol = protocolWith();
const withReceipts = protocolWith({ receipts: true });

/** What the machine wants done, in few characters. */
function word(effect: Effect<unknown>): string {
  switch (effect.type) {
    case 'write': {
      const hex = toHex(effect.bytes);
      if (hex.startsWith('0603')) return 'ACK';
      if (hex.startsWith('1503')) return 'NAK';
      const code = fromLatin1(effect.bytes.slice(10, 11));
      return `${effect.as === 'request' ? 'send' : 'tell'} ${code}`;
    }
    case 'wait':
      return `wait for ${effect.for}`;
    case 'progress':
      if (effect.progress.type === 'prompt') return effect.progress.code;
      if (effect.progress.type === 'receipt') return effect.progress.lines.join('/');
      return effect.progress.type;
    case 'stray':
      return effect.reason;
    case 'done':
    case 'answered':
    case 'relay':
      return effect.type;
    case 'failed':
      return effect.failure;
  }
}

const ACK = ecr17Control('ACK', 'std');
const NAK = ecr17Control('NAK', 'std');
const silence = 'silence';
type Happening = Uint8Array | typeof silence;

function play<A>(exchange: Exchange<A>, happenings: readonly Happening[], previous?: Uint8Array) {
  const deframer = ecr17Deframer();
  let state = exchange.initial;
  let answer: A | undefined;
  const feed = (input: Input): string[] => {
    const step = exchange.step(state, input);
    state = step.state;
    for (const effect of step.effects) if (effect.type === 'done') answer = effect.answer;
    return step.effects.map(word);
  };
  const log = [
    feed({ type: 'start', previousAnswer: previous }),
    ...happenings.map((happening) =>
      happening === silence
        ? feed({ type: 'timeout' })
        : deframer.push(happening).flatMap((frame: Frame) => feed({ type: 'frame', frame })),
    ),
  ];
  return { log, answer };
}

type Values = Readonly<Record<string, string>>;

/** An answer of the terminal, done or not, in the document's table. */
function said(name: keyof typeof answerTables, values: Values = {}, lrc: LrcVariant = 'std') {
  const { ok, ko } = answerTables[name];
  const result = values['result'] ?? '00';
  const table = result === '00' ? ok : ko;
  return ecr17Frame(
    write(table, {
      terminalId: '12345678',
      code: name.slice(0, 1),
      last4: '0004539970000001239',
      cardReading: 'CLI',
      authorisationCode: '123456',
      time: '2111520',
      cardType: '2',
      acquirerId: '00000000003',
      stan: '000045',
      amount: '650',
      ...values,
      result,
    }),
    lrc,
  );
}

const receipt = (text: string) => ecr17Frame(toLatin1(`123456780S${text}`), 'std');
const progress = ecr17Progress(toLatin1('DIGITARE PIN'));
const sale = () => protocol.purchase({ amount: eur(650), ticket: 'ABC123' });
const selling = ['send X', 'wait for acknowledgement'];
const taken = ['acknowledged', 'wait for answer'];
const sold: Transaction = {
  kind: 'purchase',
  state: 'approved',
  amount: eur(650),
  trace: '000045',
  last4: '1239',
};

describe('a payment', () => {
  it('is acknowledged, shows what goes on without a word, and is answered', () => {
    const { log, answer } = play(sale(), [ACK, progress, said('E92')]);
    expect(log).toEqual([selling, taken, ['enter-pin', 'wait for answer'], ['ACK', 'done']]);
    expect(answer).toEqual({
      outcome: 'approved',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: eur(650),
        trace: '000045',
        authorisationCode: '123456',
        terminalId: '12345678',
        last4: '1239',
        cardType: 'credit',
        time: '2026-07-30T15:20',
      },
    });
  });

  it('takes the answer out of one chunk with everything in it, and acknowledges once', () => {
    const p = protocolWith({ payment: 'P' }).purchase({ amount: eur(650), ticket: 'A' });
    const { log } = play(p, [vector('stream-ack-progress-result')]);
    expect(log[1]).toEqual([...taken, 'authorising', 'wait for answer', 'ACK', 'done']);
  });

  it('is never sent again: not on silence, not on NAK', () => {
    expect(play(sale(), [silence]).log).toEqual([selling, ['no-acknowledgement']]);
    expect(play(sale(), [ACK, silence]).log).toEqual([selling, taken, ['no-answer']]);
    expect(play(sale(), [NAK, silence]).log).toEqual([
      selling,
      ['wait for acknowledgement'],
      ['not-acknowledged'],
    ]);
  });

  it('believes no result that comes before its acknowledgement', () => {
    // Recorded of other tills: the late approval of 6.50 was returned for the payment that followed.
    const late = play(sale(), [said('E92'), ACK, said('E92', { result: '01', stan: '000046' })]);
    expect(late.log).toEqual([selling, ['ACK', 'stale'], taken, ['ACK', 'done']]);
    expect(late.answer).toMatchObject({ outcome: 'declined', named: { trace: '000046' } });
    const known = play(sale(), [said('E92'), ACK, said('E92')], said('E92'));
    expect(known.log.slice(1)).toEqual([['ACK', 'duplicate'], taken, ['ACK', 'done']]);
  });

  it('takes no answer for its own that has the table of another', () => {
    const { log } = play(sale(), [
      ACK,
      said('E84'),
      said('E71'),
      said('T34'),
      receipt('A}'),
      said('E92'),
    ]);
    const stray = ['ACK', 'stale'];
    expect(log.slice(2)).toEqual([stray, stray, stray, stray, ['ACK', 'done']]);
  });

  it('takes no answer of another terminal', () => {
    const { log } = play(sale(), [ACK, said('E92', { terminalId: '87654321' }), said('E92')]);
    expect(log.slice(2)).toEqual([
      ['ACK', 'stale'],
      ['ACK', 'done'],
    ]);
  });

  it('tells what is not certain as such', () => {
    expect(play(sale(), [ACK, said('E92', { result: '77' })]).answer).toMatchObject({
      outcome: 'unknown-response-code',
      responseCode: '77',
    });
    expect(play(sale(), [ACK, said('E92', { result: '09' })]).answer).toMatchObject({
      outcome: 'unknown-response-code',
    });
    expect(play(sale(), [ACK, said('E92', { amount: '  6,50' })]).log.at(-1)).toEqual([
      'ACK',
      'unreadable-answer',
    ]);
    const short = ecr17Frame(toLatin1('123456780E00'), 'std');
    expect(play(sale(), [ACK, short]).log.at(-1)).toEqual(['ACK', 'unreadable-answer']);
  });

  it('is declined in the words of the terminal, with the action code', () => {
    const ko = said('E92', { result: '01', text: 'CARTA NON ABILITATA', actionCode: '119' });
    expect(play(sale(), [ACK, ko]).answer).toMatchObject({
      outcome: 'declined',
      responseCode: '01',
      message: 'The terminal refused: CARTA NON ABILITATA (code 01, action code 119).',
    });
  });

  it('takes no result for its own whose number is not after the last one told before', () => {
    const last = { ...sold, trace: '000044' };
    const asked = () => protocol.purchase({ amount: eur(650), ticket: 'ABC123' }, last);
    const old = said('E92', { stan: '000044' });
    const no = said('E92', { stan: '000043', result: '01', text: 'NON AUTORIZZATA' });
    const { log, answer } = play(asked(), [ACK, old, no, said('E92')]);
    expect(log.slice(2)).toEqual([
      ['ACK', 'stale'],
      ['ACK', 'stale'],
      ['ACK', 'done'],
    ]);
    expect(answer).toMatchObject({ outcome: 'approved', transaction: { trace: '000045' } });
    // Others may have sold at the terminal's own keys in between.
    expect(play(asked(), [ACK, said('E92', { stan: '000047' })]).answer).toMatchObject({
      outcome: 'approved',
      transaction: { trace: '000047' },
    });
  });

  it('comes round with its number behind 999999', () => {
    const asked = protocol.purchase(
      { amount: eur(650), ticket: 'ABC123' },
      { ...sold, trace: '999999' },
    );
    expect(play(asked, [ACK, said('E92', { stan: '000001' })]).answer).toMatchObject({
      outcome: 'approved',
    });
  });

  it.each(['00', '01'])('with result %s and no number proves nothing', (result) => {
    const asked = protocol.purchase({ amount: eur(650), ticket: 'ABC123' }, sold);
    const { log } = play(asked, [ACK, said('E92', { stan: '000000', result })]);
    expect(log.at(-1)).toEqual(['ACK', 'unreadable-answer']);
  });

  it('has a damaged answer said again', () => {
    const bad = said('E92');
    bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 0x40;
    expect(play(sale(), [ACK, bad, said('E92')]).log.slice(2)).toEqual([
      ['NAK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
  });

  it('in another currency tells the amount in euro', () => {
    expect(play(sale(), [ACK, said('V117', { converted: '1' })]).answer).toMatchObject({
      outcome: 'approved',
      transaction: { amount: eur(650) },
    });
  });

  it('with P has the amount that was asked for, since the terminal tells none', () => {
    const p = protocolWith({ payment: 'P' });
    expect(p.capabilities.echoesIdentity).toEqual([]);
    const exchange = p.purchase({ amount: eur(777), ticket: 'A' });
    expect(play(exchange, [ACK, said('E71')]).answer).toMatchObject({
      transaction: { amount: eur(777) },
    });
  });
});

describe('the year of a payment on a line that stays open', () => {
  it('is told by the clock that is asked right before', () => {
    const kept = ecr17Protocol({ receipts: false }, { lrc: 'std', clock: '2020-01-01T00:00' });
    const { log, answer } = play(kept.purchase({ amount: eur(650), ticket: 'A' }), [
      ACK,
      vector('status-ok'),
      ACK,
      said('E92', { time: '1810830' }),
    ]);
    expect(log).toEqual([
      ['tell s', 'wait for acknowledgement'],
      ['wait for answer'],
      ['ACK', ...selling],
      taken,
      ['ACK', 'done'],
    ]);
    expect(answer).toMatchObject({ transaction: { time: '2026-06-30T08:30' } });
  });

  it('sends nothing of the payment when the clock is not told', () => {
    const kept = ecr17Protocol({ receipts: false }, spoken);
    const { log } = play(kept.purchase({ amount: eur(650), ticket: 'A' }), [silence, ACK]);
    expect(log).toEqual([['tell s', 'wait for acknowledgement'], ['no-acknowledgement'], []]);
  });
});

describe('receipts', () => {
  const printed = () => withReceipts.purchase({ amount: eur(650), ticket: 'A' });
  const before = [
    ['tell E', 'wait for acknowledgement'],
    selling,
    taken,
    ['ACK', 'answered', 'wait for answer'],
  ];

  it('are asked for before, acknowledged each, and the last one ends the exchange', () => {
    const { log, answer } = play(printed(), [
      ACK,
      ACK,
      said('E92'),
      receipt('TERMINALE}TOT'),
      progress,
      receipt('ALE}}}}}}}\x1b'),
    ]);
    expect(log).toEqual([
      ...before,
      ['ACK', 'TERMINALE', 'wait for answer'],
      ['enter-pin', 'wait for answer'],
      ['ACK', 'TOTALE', 'done'],
    ]);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it('that stay away, or have no end, take nothing from the result', () => {
    const none = play(printed(), [ACK, ACK, said('E92'), silence]);
    expect(none.log.at(-1)).toEqual(['done']);
    expect(none.answer).toMatchObject({ outcome: 'approved' });
    const endless = play(printed(), [ACK, ACK, said('E92'), receipt('A}B'), silence]);
    expect(endless.log.at(-1)).toEqual(['B', 'done']);
  });

  it('go on for so long and no longer', () => {
    const flood = Array.from({ length: 300 }, (_, n) => receipt(`LINE ${n}}`));
    const { log, answer } = play(printed(), [ACK, ACK, said('E92'), ...flood]);
    expect(log.flat().filter((done) => done === 'done')).toHaveLength(1);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it('are told apart from the result, said once more', () => {
    const { log } = play(printed(), [ACK, ACK, said('E92'), said('E92'), receipt('A}\x1b')]);
    expect(log.slice(4)).toEqual([
      ['ACK', 'duplicate', 'wait for answer'],
      ['ACK', 'A', 'done'],
    ]);
  });

  it('are left to the terminal that will not send them', () => {
    const { log, answer } = play(printed(), [NAK, NAK, NAK, ACK, said('E92')]);
    expect(log).toEqual([
      ['tell E', 'wait for acknowledgement'],
      ['tell E', 'wait for acknowledgement'],
      ['tell E', 'wait for acknowledgement'],
      selling,
      taken,
      ['ACK', 'done'],
    ]);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it('keep the payment from leaving when nothing reacts to the question for them', () => {
    expect(play(printed(), [silence, ACK]).log).toEqual([
      ['tell E', 'wait for acknowledgement'],
      ['no-acknowledgement'],
      [],
    ]);
  });
});

describe('a reversal', () => {
  const reversing = () => protocol.void(sold);

  it('names the STAN, and takes the answer of a reversal that follows it', () => {
    const exchange = reversing();
    expect(fromLatin1(exchange.request().slice(1, -2))).toBe('000000000S0000000100004500');
    const { answer } = play(exchange, [ACK, said('E84', { stan: '000046' })]);
    // The number is that of the reversal: the terminal does not name the payment.
    expect(answer).toEqual({
      outcome: 'voided',
      named: { terminalId: '12345678', authorisationCode: '123456' },
    });
    const same = play(reversing(), [ACK, said('E84', { stan: '000045' })]);
    expect(same.answer).toMatchObject({ outcome: 'voided', named: { trace: '000045' } });
  });

  it('takes no answer of an earlier reversal', () => {
    const { log } = play(reversing(), [
      ACK,
      said('E84', { stan: '000031' }),
      said('E84', { stan: '000031', result: '01' }),
      said('E84', { stan: '000046' }),
    ]);
    expect(log.slice(2)).toEqual([
      ['ACK', 'stale'],
      ['ACK', 'stale'],
      ['ACK', 'done'],
    ]);
  });

  it('takes no answer with another card, or without a number', () => {
    const other = play(reversing(), [ACK, said('E84', { stan: '000046', last4: '4321' })]);
    expect(other.log.at(-1)).toEqual(['ACK', 'unreadable-answer']);
    const none = play(reversing(), [ACK, said('E84', { stan: '000000' })]);
    expect(none.log.at(-1)).toEqual(['ACK', 'unreadable-answer']);
    // A "no" without a number may be to an earlier reversal.
    const no = play(reversing(), [ACK, said('E84', { stan: '000000', result: '01' })]);
    expect(no.log.at(-1)).toEqual(['ACK', 'unreadable-answer']);
  });

  it('is refused where there is no STAN to keep it to', () => {
    for (const trace of [undefined, '000000', '', '12345678'])
      expect(
        protocol.checkVoidable({ ...sold, ...(trace === undefined ? { trace: '' } : { trace }) }),
      ).toMatchObject({ outcome: 'refused' });
    expect(protocol.checkVoidable(sold)).toBeUndefined();
  });

  it.each(['ticket', 'operationNumber', 'receiptNumber', 'commerceCode'])(
    'of a target with a %s is refused: nobody could compare it',
    (field) => {
      expect(protocol.checkTarget({ amount: eur(650), [field]: '1' })).toMatchObject({ field });
    },
  );
});

describe('the last result', () => {
  const last = (frame: Uint8Array) => play(protocol.lastTransaction(), [ACK, frame]).answer;
  const history = (frame: Uint8Array) =>
    play(protocol.history({ amount: eur(650), trace: '000045' }), [ACK, frame]).answer;

  it('is a payment with its amount, done or not', () => {
    expect(last(said('E92'))).toMatchObject({
      outcome: 'found',
      transaction: { kind: 'purchase', state: 'approved', amount: eur(650), trace: '000045' },
    });
    expect(last(said('E92', { result: '01' }))).toMatchObject({
      transaction: { state: 'declined', trace: '000045' },
    });
  });

  it('without an amount is not taken for any payment', () => {
    for (const name of ['E71', 'i75', 'c74', 'v109'] as const) {
      expect(last(said(name)), name).toMatchObject({ outcome: 'refused' });
      expect(history(said(name)), name).toMatchObject({ outcome: 'declined' });
    }
  });

  it('of a pre-authorisation tells its number', () => {
    expect(last(said('e106', { preAuthorisation: '000000777' }))).toMatchObject({
      transaction: { kind: 'pre-authorisation', receiptNumber: '000000777', amount: eur(650) },
    });
  });

  it('is empty where a result says nothing, and not told where it is refused', () => {
    const nothing = { result: '01', stan: '000000', amount: '0' };
    expect(last(said('E71', nothing))).toMatchObject({ outcome: 'none', responseCode: '01' });
    expect(last(said('E92', nothing))).toMatchObject({ outcome: 'none' });
    const { log, answer } = play(protocol.lastTransaction(), [NAK, NAK, NAK]);
    expect(log.at(-1)).toEqual(['done']);
    expect(answer).toMatchObject({ outcome: 'declined', responseCode: 'NAK' });
  });

  it('is the reversal of the payment in doubt only when its number is the very next', () => {
    expect(history(said('E84', { stan: '000046' }))).toMatchObject({
      transactions: [
        { kind: 'void', state: 'approved', amount: eur(650), original: { trace: '000045' } },
      ],
    });
    for (const stan of ['000047', '000045', '000044'])
      expect(history(said('E84', { stan }))).toMatchObject({
        transactions: [{ kind: 'void', amount: eur(0), trace: stan }],
      });
    // Without its card nobody can say whose payment a clerk may have taken back.
    expect(history(said('E84', { stan: '000046', last4: '' }))).toMatchObject({
      transactions: [{ kind: 'void', amount: eur(0) }],
    });
    const refused = history(said('E84', { stan: '000046', result: '01' }));
    expect(refused).toMatchObject({ transactions: [{ state: 'declined', amount: eur(0) }] });
  });

  it('is asked again on silence', () => {
    const { log } = play(protocol.lastTransaction(), [silence, silence, silence]);
    expect(log.map(([first]) => first)).toEqual([
      'send G',
      'send G',
      'send G',
      'no-acknowledgement',
    ]);
  });
});

describe('the first status of a connection', () => {
  const fresh = ecr17Protocol();
  const status = (lrc: LrcVariant) => {
    const payload = vector('status-ok').slice(1, -2);
    return ecr17Frame(payload, lrc);
  };
  const lrcOf = (answer: unknown): unknown =>
    Reflect.get(Object(Reflect.get(Object(Reflect.get(Object(answer), 'link')), 'spoken')), 'lrc');
  const greet = (happenings: readonly Happening[]) => {
    const exchange = ecr17Protocol().greeting?.();
    if (exchange === undefined) throw new Error('no greeting');
    return play(exchange, happenings);
  };
  const asked = ['send s', 'wait for acknowledgement'];

  it('finds the usual check at once', () => {
    const { log, answer } = greet([ACK, status('std')]);
    expect(log).toEqual([asked, taken, ['ACK', 'done']]);
    expect(answer).toMatchObject({
      link: { spoken: { lrc: 'std', clock: '2026-07-01T09:30', terminalId: '12345678' } },
    });
  });

  it.each<LrcVariant>(['stx', 'noext', 'stx_noext'])('learns %s from the NAK', (lrc) => {
    const { log, answer } = greet([
      ecr17Control('NAK', lrc),
      ecr17Control('ACK', lrc),
      status(lrc),
    ]);
    expect(log).toEqual([asked, asked, taken, ['ACK', 'done']]);
    expect(lrcOf(answer)).toBe(lrc);
  });

  it('tries one after the other on silence', () => {
    const heard = greet([silence, silence, ecr17Control('ACK', 'noext'), status('noext')]);
    expect(lrcOf(heard.answer)).toBe('noext');
    expect(greet([silence, silence, silence, silence]).log.at(-1)).toEqual(['no-acknowledgement']);
  });

  it('does not take a damaged check for another one', () => {
    // The answer's last bit is flipped: that is the check of the variant stx.
    const { log, answer } = greet([ACK, status('stx'), status('std')]);
    expect(log).toEqual([asked, taken, ['NAK', 'wait for answer'], ['ACK', 'done']]);
    expect(lrcOf(answer)).toBe('std');
    const never = greet([ACK, status('stx'), status('stx'), status('stx')]);
    expect(never.log.at(-1)).toEqual(['garbled-answer']);
  });

  it('gives up a terminal that refuses it for another reason', () => {
    const { log } = greet([NAK, NAK, NAK]);
    expect(log.at(-1)).toEqual(['not-acknowledged']);
    const fickle = lrcs(20).map((lrc) => ecr17Control('NAK', lrc));
    expect(
      greet(fickle)
        .log.flat()
        .filter((done) => done === 'send s').length,
    ).toBeLessThan(9);
  });

  it('fixes the check: frames in another one are damaged from then on', () => {
    const { answer } = greet([
      ecr17Control('NAK', 'stx'),
      ecr17Control('ACK', 'stx'),
      status('stx'),
    ]);
    const deframer = ecr17Protocol({}, { lrc: 'stx' }).deframer();
    expect(lrcOf(answer)).toBe('stx');
    expect(deframer.push(status('std'))).toMatchObject([{ check: 'bad' }]);
    expect(fresh.deframer().push(status('std'))).toMatchObject([{ check: 'ok' }]);
  });

  it('refuses a terminal with another number', () => {
    const other = ecr17Protocol({ terminalId: '99999999' }).greeting?.();
    if (other === undefined) throw new Error('no greeting');
    expect(play(other, [ACK, status('std')]).answer).toMatchObject({ outcome: 'declined' });
  });
});

const lrcs = (count: number): LrcVariant[] =>
  Array.from({ length: count }, (_, n) => (n % 2 === 0 ? 'stx' : 'noext'));

describe('any exchange', () => {
  const exchanges = (): Exchange<unknown>[] => [
    ecr17Protocol().greeting?.() ?? protocol.status(),
    ecr17Protocol({}, spoken).purchase({ amount: eur(650), ticket: 'A' }),
    withReceipts.void(sold),
    protocol.history({ amount: eur(650), trace: '000045' }),
    withReceipts.settle(),
    protocol.status(),
  ];
  const happening = fc.oneof(
    fc.constantFrom<Happening>(
      ACK,
      NAK,
      silence,
      progress,
      said('E92'),
      said('E84'),
      said('E92', { result: '01' }),
      receipt('A}'),
      receipt('}\x1b'),
      vector('status-ok'),
    ),
    fc.uint8Array({ maxLength: 30 }),
    fc
      .tuple(fc.constantFrom(...'EsSVeCT'), fc.string({ maxLength: 120 }))
      .map(([code, rest]) =>
        ecr17Frame(toLatin1(`123456780${code}${rest}`.replace(/[^ -~]/g, '?')), 'std'),
      ),
  );

  it('never throws, sends its request once at most where money moves, and ends once', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        for (const exchange of exchanges()) {
          const log = play(exchange, happenings).log.flat();
          const sent = log.filter((entry) => entry.startsWith('send '));
          if (exchange.money) expect(sent.length).toBeLessThanOrEqual(1);
          const ends = log.filter((entry) => entry === 'done' || failures.includes(entry));
          expect(ends.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

const failures = [
  'not-acknowledged',
  'no-acknowledgement',
  'no-answer',
  'garbled-answer',
  'unreadable-answer',
];

describe('when nothing was asked', () => {
  const [late] = ecr17Deframer().push(said('E92'));
  const [shown] = ecr17Deframer().push(progress);

  it('a frame is acknowledged and surfaced, and progress only surfaced', () => {
    if (late === undefined || shown === undefined) throw new Error('no frames');
    expect(protocol.idle(late, undefined).map(word)).toEqual(['ACK', 'stale']);
    expect(protocol.idle(late, said('E92')).map(word)).toEqual(['ACK', 'duplicate']);
    expect(protocol.idle(shown, undefined).map(word)).toEqual(['stale']);
  });
});

describe('the other commands', () => {
  const run = <R>(command: { exchange(p: typeof protocol): Exchange<R> | object }) => {
    const exchange = command.exchange(protocol);
    if (!('step' in exchange)) throw new Error(JSON.stringify(exchange));
    return exchange;
  };

  it('close the session with both totals, or say why not', () => {
    const closed = said('C44', { terminalTotal: '650', hostTotal: '600' });
    expect(play(protocol.settle(), [ACK, closed]).answer).toMatchObject({
      outcome: 'settled',
      message: expect.stringContaining("EUR 6.50, the host's EUR 6.00"),
    });
    expect(play(protocol.settle(), [ACK, vector('close-ko')]).answer).toMatchObject({
      outcome: 'declined',
      message: 'The terminal refused: TOTALI DISCORDANTI (code 01, action code 095).',
    });
  });

  it('tell the total', () => {
    const total = said('T34', { total: '123456' });
    expect(play(protocol.totals(), [ACK, total]).answer).toMatchObject({
      outcome: 'found',
      total: eur(123_456),
    });
  });

  it('verify a card', () => {
    expect(play(run(commands.verifyCard()), [ACK, said('E71')]).answer).toMatchObject({
      outcome: 'done',
      last4: '1239',
    });
    const ko = said('E71', { result: '01', text: 'NO', actionCode: '111' });
    expect(play(run(commands.verifyCard()), [ACK, ko]).answer).toMatchObject({
      message: 'The terminal refused: NO (code 01, action code 111).',
    });
  });

  it('reprint at the till or at the terminal', () => {
    const parts = [receipt('A}B'), receipt('C}}}}}}}\x1b')];
    expect(play(run(commands.reprint()), [ACK, ...parts]).answer).toMatchObject({
      lines: ['A', 'BC'],
    });
    expect(play(run(commands.printLastReceipt()), [ACK]).answer).toMatchObject({
      outcome: 'ready',
    });
  });

  it('ask additional services, and only ask', () => {
    const vas = (more: string, number: string, xml: string) =>
      ecr17Frame(
        toLatin1(`123456780K0000${more}${number}0000${String(xml.length).padStart(4, '0')}${xml}`),
        'std',
      );
    const inquiry = '<ecrreq><p k="ECRVASID">BPAY_INQUIRY</p></ecrreq>';
    const { log, answer } = play(run(commands.vasInquiry(inquiry)), [
      ACK,
      vas('1', '001', '<A>'),
      vas('0', '002', '</A>'),
    ]);
    expect(log.slice(2)).toEqual([
      ['ACK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
    expect(answer).toMatchObject({ xml: '<A></A>' });
    for (const other of ['BPAY_QR', 'BPAY_REFUND', 'BPAY_CHIUSURA', 'BPAY_QR_INQUIRY<'])
      expect(commands.vasInquiry(`<p k="ECRVASID">${other}</p>`).exchange(protocol)).toMatchObject({
        outcome: 'refused',
        field: 'xml',
      });
    const two = `${inquiry}<p k="ECRVASID">BPAY_QR</p>`;
    expect(commands.vasInquiry(two).exchange(protocol)).toMatchObject({ outcome: 'refused' });
  });

  it('pre-authorise, add to it and close it', () => {
    const first = commands.preAuthorise({ amount: eur(650) });
    expect(first.kind).toBe('pre-authorisation');
    expect(
      play(run(first), [ACK, said('e106', { preAuthorisation: '000000777' })]).answer,
    ).toMatchObject({ transaction: { kind: 'pre-authorisation', receiptNumber: '000000777' } });
    const asked = { amount: eur(650), preAuthorisation: '777' };
    const more = run(commands.preAuthoriseMore(asked));
    expect(fromLatin1(more.request().slice(160, 169))).toBe('000000777');
    expect(play(more, [ACK, said('i75')]).answer).toMatchObject({ outcome: 'approved' });
    expect(
      play(run(commands.closePreAuthorisation(asked)), [ACK, said('c74')]).answer,
    ).toMatchObject({ outcome: 'approved', transaction: { kind: 'booking' } });
    expect(
      commands.closePreAuthorisation({ ...asked, preAuthorisation: 'X' }).exchange(protocol),
    ).toMatchObject({ outcome: 'refused', field: 'preAuthorisation' });
  });

  it('send additional data behind the acknowledgement, whatever else came with it', () => {
    const exchange = run(
      commands.preAuthorise({ amount: eur(650), additionalData: { tags: ['ORDER 1'] } }),
    );
    const both = Uint8Array.of(...ACK, ...progress);
    const { log } = play(exchange, [both, NAK, ACK, said('e106')]);
    expect(log).toEqual([
      ['send p', 'wait for acknowledgement'],
      [...taken, 'tell U', 'wait for answer', 'enter-pin', 'wait for answer'],
      ['tell U', 'wait for answer'],
      [],
      ['ACK', 'done'],
    ]);
  });
});
