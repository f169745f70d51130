import { describe, expect, it } from 'vitest';
import { dleCrcFrame } from '../../../src/framing/dle-crc.ts';
import type { Exchange } from '../../../src/protocols/exchange.ts';
import type { PurchaseAnswer } from '../../../src/protocols/protocol.ts';
import {
  ACK,
  apduFrame,
  bytes,
  cutOff,
  euro,
  garbled,
  type Happening,
  NAK,
  play,
  zvt,
} from './support.ts';
import { flows } from './vectors.ts';

const tcp = zvt();
const serial = zvt({ transport: 'serial' });
const sale = (amount = 1200) => tcp.purchase({ amount: euro(amount), ticket: 'x' });
const serialSale = () => serial.purchase({ amount: euro(1200), ticket: 'x' });

const request = '06010a04000000001200490978';
const taken = '800000';
const approved =
  '040f2727000400000000120049097887022222f0f8eeeeeeeeeeee47712929001006370000000b000222';
/** A success of 12.00 with receipt 222 and trace 222. */
const result = apduOf('040f', '27000400000000120049097887 0222 0b000222 2929001006');
const failed = '040f07276c2929001006';
const completion = '060f00';

function apduOf(control: string, data: string): string {
  const hex = data.replace(/\s/g, '');
  return `${control}${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`;
}

const steps = (exchange: Exchange<unknown>, ...wire: Happening[]) => play(exchange, wire).steps;
const onSerial = (exchange: Exchange<unknown>, ...wire: Happening[]) =>
  play(exchange, wire, { serial: true }).steps;
const waiting = 'wait for answer';
const forAck = 'wait for acknowledgement';

describe('the ZVT exchange on TCP', () => {
  it('asks, acknowledges whatever the terminal says, and ends with its completion', () => {
    expect(steps(sale(), taken, '04ff010e', result, completion)).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      [taken, 'nobody wait: please wait', waiting],
      [taken, waiting],
      [taken, 'done'],
    ]);
  });

  it('takes an acknowledgement that carries data, and 84 00', () => {
    expect(steps(sale(), '800001ff')[1]).toEqual(['taken', waiting]);
    expect(steps(sale(), '840000')[1]).toEqual(['taken', waiting]);
  });

  it('drops a second acknowledgement', () => {
    expect(steps(sale(), taken, taken, result, completion).slice(2, 3)).toEqual([[]]);
  });

  it('never sends a sale again, whatever the silence', () => {
    expect(steps(sale(), 'silence')).toEqual([[`send ${request}`, forAck], ['no-acknowledgement']]);
    expect(steps(sale(), taken, 'silence')[2]).toEqual(['no-answer']);
    expect(steps(sale(), taken, result, 'silence')[3]).toEqual(['no-answer']);
  });

  it('ends a query of which nobody takes notice; TCP loses nothing, so it is not said again', () => {
    expect(steps(tcp.lastTransaction(), 'silence')[1]).toEqual(['no-acknowledgement']);
  });

  it('arms T4 afresh with each word of the terminal, and takes a longer one from 04 FF', () => {
    expect(steps(sale(), taken, '04ff020a05', result, taken)).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      [taken, 'customer present-card: insert the card', `${waiting}, at least 300000`],
      [taken, `${waiting}, at least 300000`],
      [],
    ]);
  });

  it('does not let the terminal cut T4 short: one minute is shorter than a PIN takes', () => {
    expect(steps(sale(), taken, '04ff020a01')[2]?.at(-1)).toBe(waiting);
  });

  it('acknowledges what was still under way from something earlier, and does not take it for its own', () => {
    expect(steps(sale(), result, completion, taken, result, completion)).toEqual([
      [`send ${request}`, forAck],
      [taken, 'stale'],
      [taken, 'stale'],
      ['taken', waiting],
      [taken, waiting],
      [taken, 'done'],
    ]);
  });

  it('answers 84 83 to a command that it does not have, and goes on', () => {
    expect(steps(sale(), taken, '06d800', '04f000')).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      ['848300', waiting],
      ['848300', waiting],
    ]);
  });

  it('answers 84 83 to a request for an input, and tells the cashier', () => {
    for (const control of ['040d', '040e', '06d0'])
      expect(steps(sale(), taken, `${control}00`)[2]?.slice(0, 2)).toEqual([
        '848300',
        'cashier other: the terminal wanted an input at the till, which it does not offer',
      ]);
  });

  it('takes the time that the terminal sets', () => {
    expect(steps(sale(), taken, '040108aa2611230c101530')[2]).toEqual([taken, waiting]);
  });

  it('acknowledges a 04 0F whose length is wrong, and believes nothing of it', () => {
    expect(steps(sale(), taken, '040f05270004', completion)).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      [taken, waiting],
      [taken, 'unreadable-answer'],
    ]);
  });

  it('never answers a 04 0F with an error, whatever is in it', () => {
    for (const data of ['', '27', 'fe00', '27b4', '2700040000', '06ff'])
      expect(steps(sale(), taken, apduOf('040f', data))[2]?.[0]).toBe(taken);
  });

  it('does nothing more once it has ended', () => {
    expect(
      steps(sale(), taken, result, completion, completion, 'silence', 'cancel').slice(4),
    ).toEqual([[], [], []]);
  });

  it('gives up on a terminal that never ends', () => {
    const endless = new Array<string>(20_000).fill('04ff010e');
    const last = steps(sale(), taken, ...endless).at(-1);
    expect([last?.[0], last?.at(-1)]).toEqual([taken, 'no-answer']);
  });

  it('keeps the result to know it again, and not the completion that is always the same', () => {
    const previousAnswer = bytes(result);
    const played = play(sale(), [taken, result, completion], { previousAnswer });
    expect(played.steps.at(-1)).toEqual([taken, 'done again']);
    expect(played.bytes).toEqual(bytes(result));
    expect(
      play(sale(), [taken, result, completion], { previousAnswer: bytes(completion) }).steps.at(-1),
    ).toEqual([taken, 'done']);
  });

  it('holds its answer for certain before its acknowledgement leaves', () => {
    const exchange = sale();
    let state = exchange.step(exchange.initial, { type: 'start', previousAnswer: undefined }).state;
    for (const hex of [taken, result])
      state = exchange.step(state, { type: 'frame', frame: apduFrame(hex) }).state;
    const { effects } = exchange.step(state, { type: 'frame', frame: apduFrame(completion) });
    expect(effects.map(({ type }) => type)).toEqual(['answered', 'write', 'done']);
  });
});

describe('06 0F and the poll', () => {
  const poll = () => tcp.synchronise();
  const busy = '060f019c';

  it('is told that a payment is running, and the payment goes on', () => {
    const { answer, steps: seen } = play(poll(), [taken, '04ff010e', busy]);
    expect(answer).toEqual({ idle: false, message: 'The terminal says: please wait.' });
    expect(seen.at(-1)).toEqual([taken, 'done']);
  });

  it("acknowledges the payment's own result and completion in the middle of it, and is not ended by them", () => {
    expect(steps(poll(), taken, result, completion, '060f0227e0', '061e016c', '060f0100')).toEqual([
      ['send 0501051234560303', forAck],
      ['taken', waiting],
      [taken, 'stale', waiting],
      [taken, 'stale', waiting],
      [taken, 'stale', waiting],
      [taken, 'stale', waiting],
      [taken, 'done'],
    ]);
  });

  it('does not end a payment with the completion of a poll', () => {
    expect(steps(sale(), taken, busy, '060f07f0f0f3626c6100', result, completion)).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      [taken, 'stale', waiting],
      [taken, 'stale', waiting],
      [taken, waiting],
      [taken, 'done'],
    ]);
  });

  it('tells a registration from a payment that was still under way, on a new connection', () => {
    const greeting = tcp.greeting?.();
    if (greeting === undefined) throw new Error('no greeting');
    const { steps: seen, answer } = play(greeting, [
      taken,
      '04ff010e',
      result,
      completion,
      taken,
      '060f0a19002929001006490978',
    ]);
    expect(seen.slice(3)).toEqual([
      [taken, 'stale', waiting],
      [taken, 'stale', waiting],
      [],
      [taken, 'done'],
    ]);
    expect(answer).toMatchObject({ name: 'zvt' });
  });

  it.each([
    ['060f0100', true],
    ['060f0151', true],
    ['060f01f0', true],
    ['060f0106', true],
    ['060f019c', false],
    ['060f019d', false],
    ['060f01e0', false],
  ])('%s says that the terminal is idle: %s', (hex, idle) => {
    expect(play(poll(), [taken, hex]).answer).toMatchObject({ idle });
  });

  it('does not call a terminal idle that refuses the poll', () => {
    expect(play(poll(), ['849c00']).answer).toMatchObject({ idle: false });
    expect(play(poll(), ['848300']).answer).toMatchObject({ idle: false });
  });
});

describe('what a payment has come to', () => {
  const answer = (...wire: Happening[]): PurchaseAnswer | string | undefined => {
    const played = play(sale(), [taken, ...wire]);
    return played.answer ?? played.failure;
  };
  const abort = (code: string) => `061e01${code}`;
  const other = result.replace('870222', '870223');

  it('is approved by a result and a completion, and not before', () => {
    expect(answer(result, completion)).toMatchObject({
      outcome: 'approved',
      transaction: { amount: euro(1200), receiptNumber: '0222', trace: '000222' },
    });
    expect(answer(result)).toBeUndefined();
  });

  it('counts a result that is told twice once', () => {
    expect(answer(result, result, completion)).toMatchObject({ outcome: 'approved' });
  });

  it('is unreadable when two different approvals are told', () => {
    expect(answer(result, other, completion)).toBe('unreadable-answer');
  });

  it('is not known when an approval is followed by many errors: it is not forgotten', () => {
    const errors = new Array<string>(40).fill(failed);
    expect(answer(result, ...errors, abort('6c'))).toMatchObject({
      outcome: 'unknown-response-code',
    });
    expect(answer(...errors, result, completion)).toMatchObject({ outcome: 'approved' });
    expect(answer(...new Array<string>(40).fill(result), completion)).toBe('unreadable-answer');
  });

  it('is not known when the terminal reverses by itself what it has approved', () => {
    expect(answer(result, '04ff0105', completion)).toMatchObject({
      outcome: 'unknown-response-code',
      responseCode: '00',
    });
    expect(answer(result, '04ff0145', completion)).toMatchObject({
      outcome: 'unknown-response-code',
    });
    // That was an earlier one.
    expect(answer('04ff0105', result, completion)).toMatchObject({ outcome: 'approved' });
  });

  it('is not known when it names an original: that is the result of a void', () => {
    const long = '06 10 69 0e 1f2b 04 10000039 2e 05 1f0e 02 2026'.replace(/\s/g, '');
    for (const named of ['370039', '37000000 0b000000', long]) {
      const told = `2700 04000000001200 490978 870222 ${named.replace('370039', '37000039')}`;
      expect(answer(apduOf('040f', told), completion)).toMatchObject({
        outcome: 'unknown-response-code',
      });
    }
    expect(
      answer(apduOf('040f', '2700 04000000001200 490978 870222 0b000222 37000000'), completion),
    ).toMatchObject({ outcome: 'approved' });
  });

  it('is not known when it is the one before it, once more, under another name', () => {
    const last = {
      kind: 'purchase',
      state: 'approved',
      amount: euro(1200),
      receiptNumber: '222',
      trace: '222',
    } as const;
    const refunded = (before: typeof last | undefined) => {
      const exchange = tcp.refund?.({ amount: euro(1200) }, before);
      return exchange && play(exchange, [taken, result, completion]).answer;
    };
    expect(refunded(last)).toMatchObject({ outcome: 'unknown-response-code' });
    expect(refunded(undefined)).toMatchObject({ outcome: 'approved' });
    expect(refunded({ ...last, trace: '221' } as never)).toMatchObject({ outcome: 'approved' });
  });

  it('is approved after a wrong PIN and a second attempt', () => {
    expect(answer(apduOf('040f', '2737'), result, completion)).toMatchObject({
      outcome: 'approved',
    });
  });

  it('is unreadable without a result, without a result code, and without an amount', () => {
    expect(answer(completion)).toBe('unreadable-answer');
    expect(answer(apduOf('040f', '04000000001200'), completion)).toBe('unreadable-answer');
    expect(answer(apduOf('040f', '2700870222'), completion)).toBe('unreadable-answer');
  });

  it('is declined by a failed result with its abort, by the abort alone, and by the refusal', () => {
    for (const wire of [[failed, abort('6c')], [abort('6c')], ['846c00']])
      expect(answer(...wire)).toMatchObject({ outcome: 'declined', responseCode: '6C' });
  });

  it.each(['05', '37', '63', '64', '77', '83', '9c', 'b5', 'cc', 'f0'])(
    'is declined with the listed code %s',
    (code) => {
      expect(answer(abort(code))).toMatchObject({
        outcome: 'declined',
        responseCode: code.toUpperCase(),
      });
    },
  );

  it.each(['9a', '9b', 'a0', 'a1', 'a3', 'a4', 'ff', '80', '82', 'aa', 'd0'])(
    'is not known with code %s: nobody lists it, or the host was out of reach',
    (code) => {
      expect(answer(abort(code))).toMatchObject({
        outcome: 'unknown-response-code',
        responseCode: code.toUpperCase(),
      });
    },
  );

  it('is not known when one of two codes is not certain', () => {
    expect(answer(apduOf('040f', '276c'), abort('9b'))).toMatchObject({
      outcome: 'unknown-response-code',
    });
    expect(answer(apduOf('040f', '279b'), abort('6c'))).toMatchObject({
      outcome: 'unknown-response-code',
    });
  });

  it('is not known when an approval is followed by an error: that does not undo the payment', () => {
    expect(answer(result, abort('cc'))).toMatchObject({
      outcome: 'unknown-response-code',
      responseCode: 'CC',
    });
    expect(answer(result, failed, abort('6c'))).toMatchObject({ outcome: 'unknown-response-code' });
    expect(answer(result, '061e00')).toMatchObject({ outcome: 'unknown-response-code' });
    expect(answer(result, apduOf('060f', '27b5'))).toMatchObject({
      outcome: 'unknown-response-code',
    });
  });

  it('is not known when it is aborted without a code', () => {
    expect(answer('061e00')).toMatchObject({ outcome: 'unknown-response-code', responseCode: '' });
    expect(answer(failed, '061e00')).toMatchObject({ outcome: 'declined', responseCode: '6C' });
  });

  it('ends after T4 when a failed result is followed by nothing: declined, if its code ends it for certain', () => {
    // A wrong PIN, told by the host: the payment may begin again, in silence (PA00P015 2.2.6).
    expect(answer(apduOf('040f', '2737'), 'silence')).toBe('no-answer');
    // It goes on, and then it does not.
    expect(answer(failed, '04ff010a', 'silence')).toBe('no-answer');
    expect(answer(failed, '04ff010b', 'silence')).toMatchObject({ outcome: 'declined' });
    expect(answer(failed, 'silence')).toMatchObject({ outcome: 'declined', responseCode: '6C' });
    expect(answer(apduOf('040f', '27df'), 'silence')).toMatchObject({ outcome: 'declined' });
    expect(answer(apduOf('040f', '279b'), 'silence')).toBe('no-answer');
    expect(answer(result, failed, 'silence')).toBe('no-answer');
  });

  it('is refused by 84 xx before it has begun; an unlisted code says nothing even there', () => {
    const refused = (hex: string) => play(sale(), [hex]).answer;
    expect(refused('849c00')).toMatchObject({ outcome: 'declined', responseCode: '9C' });
    expect(refused('849b00')).toMatchObject({ outcome: 'declined', responseCode: '9B' });
    expect(refused('841e017d')).toMatchObject({ outcome: 'declined', responseCode: '1E' });
    expect(refused('848200')).toMatchObject({
      outcome: 'unknown-response-code',
      responseCode: '82',
    });
  });

  it('takes no 84 xx for the end of what has begun', () => {
    expect(play(sale(), [taken, '04ff010e', '846c00', result, completion]).answer).toMatchObject({
      outcome: 'approved',
    });
  });

  it("tells the terminal's own words", () => {
    const text = '040f1e276c29280048693cf0f1f941626272756368206475726368204b756e6465';
    expect(answer(text, abort('6c'))).toMatchObject({
      message: 'The terminal refused: stopped by key or time-out (Abbruch durch Kunde) (code 6C).',
      named: { terminalId: '28004869' },
    });
    expect(
      answer(
        '061e2e6c062b1f1605ff000014411f1720416262727563682064757263682065787465726e6573204b6f6d6d616e646f21',
      ),
    ).toMatchObject({
      message:
        'The terminal refused: stopped by key or time-out (Abbruch durch externes Kommando!) (code 6C).',
    });
  });
});

describe('stopping it', () => {
  const stop = '06b000';

  it('sends 06 B0 once, while it runs, and still ends by what the terminal says', () => {
    expect(steps(sale(), taken, 'cancel', 'cancel', taken, failed, '061e016c')).toEqual([
      [`send ${request}`, forAck],
      ['taken', waiting],
      [stop],
      [],
      [],
      [taken, `${waiting}, at least 180000`],
      [taken, 'done'],
    ]);
  });

  it('waits with it until the terminal has taken the command', () => {
    expect(steps(sale(), 'cancel', taken).slice(1)).toEqual([[], ['taken', waiting, stop]]);
  });

  it('waits after the end for the answer of 06 B0, which is not that of the next command', () => {
    const ended = [taken, forAck];
    const closing = (...wire: Happening[]) =>
      steps(sale(), taken, 'cancel', failed, '061e016c', ...wire).slice(4);
    expect(closing('848300', '848300')).toEqual([ended, ['stale', 'done'], []]);
    expect(closing(taken)).toEqual([ended, ['stale', 'done']]);
    expect(closing('silence')).toEqual([ended, ['done']]);
    // Something of the terminal's is answered, and is not waited for.
    expect(closing('04ff010e', '848300')).toEqual([
      ended,
      [taken, 'stale', forAck],
      ['stale', 'done'],
    ]);
    expect(
      onSerial(serialSale(), ACK, taken, 'cancel', ACK, failed, ACK, '061e016c', ACK, '848300')
        .slice(-3)
        .map((step) => step.join(' ')),
    ).toEqual([`ACK ${taken} ${forAck}`, forAck, 'ACK stale done']);
  });

  it('does not take the refusal of 06 B0 for the end of the payment', () => {
    expect(play(sale(), [taken, 'cancel', '848300', result, completion]).answer).toMatchObject({
      outcome: 'approved',
    });
  });

  it('does not send it after the result: the commit point has passed', () => {
    expect(steps(sale(), taken, result, 'cancel').at(-1)).toEqual([]);
  });

  it('is no matter for a query or the end of the day', () => {
    expect(steps(tcp.settle(), taken, 'cancel').at(-1)).toEqual([]);
    expect(steps(tcp.lastTransaction(), taken, 'cancel').at(-1)).toEqual([]);
  });

  it('waits on a serial line for the ACK of what was said before', () => {
    expect(onSerial(serialSale(), ACK, taken, '04ff010e', 'cancel', ACK, ACK).slice(3)).toEqual([
      ['ACK', taken, 'nobody wait: please wait', forAck],
      [],
      [waiting, stop],
      [],
    ]);
  });
});

describe('the ZVT exchange on a serial line', () => {
  const asked = [`send ${request}`, forAck];

  it('acknowledges each frame at once with one byte, before it answers it', () => {
    expect(
      onSerial(serialSale(), ACK, taken, '04ff010e', ACK, result, ACK, completion, ACK),
    ).toEqual([
      asked,
      [forAck],
      ['ACK', 'taken', waiting],
      ['ACK', taken, 'nobody wait: please wait', forAck],
      [waiting],
      ['ACK', taken, forAck],
      [waiting],
      ['ACK', taken, forAck],
      ['done'],
    ]);
  });

  it('ends only when the terminal has acknowledged the last word, or does not hear it three times', () => {
    const last = (...wire: Happening[]) =>
      onSerial(serialSale(), ACK, taken, result, ACK, completion, ...wire).slice(5);
    const said = ['ACK', taken, forAck];
    expect(last(ACK, ACK)).toEqual([said, ['done'], []]);
    expect(last(NAK, 'silence', 'silence')).toEqual([
      said,
      [taken, forAck],
      [taken, forAck],
      ['done'],
    ]);
    // It has missed our ACK, and says its last word again.
    expect(last(completion, ACK)).toEqual([said, said, ['done']]);
    // It goes on with something else, and so it has heard us.
    expect(last('06d10140')).toEqual([said, ['ACK', taken, 'stale', 'done']]);
  });

  it('frames what it sends', () => {
    expect(serialSale().request()).toEqual(dleCrcFrame(bytes(request)));
  });

  it('takes 80 00 for the ACK that was lost before it', () => {
    expect(onSerial(serialSale(), taken)[1]).toEqual(['ACK', 'taken', waiting]);
  });

  it('says a query again on NAK and on silence, at most twice', () => {
    const query = ['send 0620051234560303', forAck];
    expect(onSerial(serial.lastTransaction(), NAK, NAK, NAK)).toEqual([
      query,
      query,
      query,
      ['not-acknowledged'],
    ]);
    expect(onSerial(serial.lastTransaction(), 'silence', 'silence', 'silence')).toEqual([
      query,
      query,
      query,
      ['no-acknowledgement'],
    ]);
  });

  it('does not say a sale again on NAK: a damaged ACK looks like one; it listens on', () => {
    expect(onSerial(serialSale(), NAK, NAK, 'silence')).toEqual([
      asked,
      [forAck],
      [],
      ['not-acknowledged'],
    ]);
    expect(
      play(serialSale(), [NAK, taken, result, completion, ACK], { serial: true }).answer,
    ).toMatchObject({ outcome: 'approved' });
  });

  it('never says a sale again on silence', () => {
    expect(onSerial(serialSale(), 'silence')).toEqual([asked, ['no-acknowledgement']]);
    expect(onSerial(serialSale(), ACK, 'silence')[2]).toEqual(['no-answer']);
    expect(onSerial(serialSale(), ACK, taken, 'silence')[3]).toEqual(['no-answer']);
  });

  it('says NAK to what arrives damaged or stops half way, three times in a row at most', () => {
    expect(
      onSerial(serialSale(), ACK, taken, garbled, cutOff, garbled, garbled, garbled).slice(3),
    ).toEqual([['NAK'], ['NAK'], ['NAK'], [], []]);
    expect(onSerial(serialSale(), ACK, taken, garbled, result).at(-1)).toEqual([
      'ACK',
      taken,
      forAck,
    ]);
  });

  it('tells a damaged answer from none', () => {
    expect(onSerial(serialSale(), ACK, garbled, 'silence').at(-1)).toEqual(['garbled-answer']);
    expect(onSerial(serialSale(), ACK, taken, garbled, 'silence').at(-1)).toEqual([
      'garbled-answer',
    ]);
  });

  it('delivers a frame once that the terminal repeats because our ACK was lost, and answers it again', () => {
    const line = '06d103004142';
    const played = play(serialSale(), [ACK, taken, line, line, ACK, result, ACK, completion], {
      serial: true,
    });
    expect(played.steps.slice(-1)).toEqual([['ACK', taken, 'receipt ["AB"]', forAck]]);
    expect(played.steps.slice(3, 5)).toEqual([
      ['ACK', taken, forAck],
      ['ACK', taken, 'duplicate'],
    ]);
  });

  it('takes the same line again for a new one, once the terminal has acknowledged our answer', () => {
    const empty = '06d10140';
    const played = play(
      serialSale(),
      [ACK, taken, empty, ACK, empty, ACK, result, ACK, completion],
      { serial: true },
    );
    expect(played.steps.at(-1)).toEqual(['ACK', taken, 'receipt ["",""]', forAck]);
  });

  it('says its answer again on NAK and after T2, at most twice, and listens on', () => {
    expect(
      onSerial(serialSale(), ACK, taken, result, NAK, 'silence', 'silence', 'silence').slice(4),
    ).toEqual([[taken, forAck], [taken, forAck], [waiting], ['no-answer']]);
    expect(
      onSerial(serialSale(), ACK, taken, result, 'silence', 'silence', 'silence', completion).at(
        -1,
      ),
    ).toEqual(['ACK', taken, forAck]);
  });

  it('keeps T4 of the terminal over the ACK', () => {
    expect(onSerial(serialSale(), ACK, taken, '04ff020a10', ACK).at(-1)).toEqual([
      `${waiting}, at least 600000`,
    ]);
  });
});

describe('frames when nothing was asked', () => {
  const idle = (protocol: typeof tcp, hex: string, previous?: string) => {
    const frame = apduFrame(hex);
    const inDle = { ...frame, bytes: dleCrcFrame(bytes(hex)) };
    return protocol
      .idle(
        protocol === serial ? inDle : frame,
        previous === undefined ? undefined : bytes(previous),
      )
      .map((effect) =>
        effect.type === 'write'
          ? Buffer.from(effect.bytes).toString('hex')
          : effect.type === 'stray'
            ? effect.reason
            : effect.type,
      );
  };

  it('acknowledges a late 04 0F, so that the terminal keeps the payment, and surfaces it', () => {
    expect(idle(tcp, result)).toEqual([taken, 'stale']);
    expect(idle(serial, result)).toEqual([
      '06',
      Buffer.from(dleCrcFrame(bytes(taken))).toString('hex'),
      'stale',
    ]);
    for (const hex of [failed, approved, '040f00', '06d10140', '060f00', '061e016c', '04ff010e'])
      expect(idle(tcp, hex)[0]).toBe(taken);
  });

  it('answers 84 83 to what it does not know, and nothing to an answer', () => {
    expect(idle(tcp, '06d800')).toEqual(['848300', 'stale']);
    expect(idle(tcp, taken)).toEqual(['stale']);
    expect(idle(tcp, '849c00')).toEqual(['stale']);
  });

  it('knows the last result again', () => {
    expect(idle(tcp, result, result)).toEqual([taken, 'duplicate']);
  });

  it('has a damaged frame repeated on a serial line, and says nothing to a NAK: two that answer each other never end', () => {
    const said = (frame: Parameters<typeof serial.idle>[0]) =>
      serial
        .idle(frame, undefined)
        .map((effect) =>
          effect.type === 'write' ? Buffer.from(effect.bytes).toString('hex') : effect.type,
        );
    expect(said(garbled)).toEqual(['15']);
    expect(said(cutOff)).toEqual(['15']);
    expect(said(ACK)).toEqual([]);
    expect(said(NAK)).toEqual([]);
    expect(tcp.idle(NAK, undefined)).toEqual([]);
    expect(tcp.idle(cutOff, undefined)).toEqual([]);
  });
});

describe('published dialogues', () => {
  const said = (name: string): readonly string[] =>
    flows.find((flow) => flow.name === name)?.said ?? [];

  /** The terminal's part, and what the till has to say to each of it. */
  function follow(exchange: Exchange<unknown>, name: string, ...more: Happening[]) {
    const [first = '', ...rest] = said(name);
    const theirs = rest.filter((line) => line.startsWith('<')).map((line) => line.slice(2));
    const ours = rest.filter((line) => line.startsWith('>')).map((line) => line.slice(2));
    const played = play(exchange, [...theirs, ...more]);
    const written = played.steps.flat().filter((word) => /^(send )?[0-9a-f]{6,}$/.test(word));
    expect(written.slice(1)).toEqual(ours);
    return { played, request: first.slice(2), sent: written[0]?.replace('send ', '') };
  }

  it('a contactless payment is approved', () => {
    const { played } = follow(sale(), 'flow-contactless-payment-ok');
    expect(played.answer).toMatchObject({
      outcome: 'approved',
      transaction: {
        amount: euro(1200),
        receiptNumber: '0222',
        trace: '000222',
        last4: '4281',
        cardBrand: 'MAESTRO',
      },
    });
    expect(played.steps[3]).toEqual([
      taken,
      'customer present-card: Karte vorhalten / einstecken/durchziehen',
      waiting,
    ]);
  });

  it('a payment is cancelled on the PIN pad', () => {
    const { played } = follow(sale(1), 'flow-payment-cancelled-on-pin-pad');
    expect(played.answer).toMatchObject({ outcome: 'declined', responseCode: '6C' });
  });

  it('a failed result without a completion ends after T4', () => {
    const { played } = follow(sale(1000), 'flow-status-failed-without-completion', 'silence');
    expect(played.answer).toMatchObject({ outcome: 'declined', responseCode: '6C' });
  });

  it('an end of day fails', () => {
    const { played, request: asked, sent } = follow(tcp.settle(), 'flow-end-of-day-failed');
    expect(sent).toBe(asked);
    expect(played.answer).toMatchObject({ outcome: 'declined', responseCode: '77' });
  });

  it('the last transaction is told', () => {
    const {
      played,
      request: asked,
      sent,
    } = follow(tcp.lastTransaction(), 'flow-last-transaction-query');
    expect(sent).toBe(asked);
    expect(played.answer).toMatchObject({
      outcome: 'found',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: euro(1010),
        receiptNumber: '0001',
        trace: '000001',
      },
    });
  });

  it('a void is carried out, and its answer names the original by its trace', () => {
    const zeros = zvt({ password: '000000' });
    const found = {
      kind: 'purchase',
      state: 'approved',
      amount: euro(1010),
      receiptNumber: '0001',
      trace: '000001',
    } as const;
    const { played, request: asked, sent } = follow(zeros.void(found), 'flow-void-ok');
    // The published request has no amount; ours has it as the terminal's safety check.
    expect(asked).toBe('063006000000870001');
    expect(sent).toBe('06301000000087000104000000001010490978');
    expect(played.answer).toEqual({
      outcome: 'voided',
      named: { trace: '000001', terminalId: '29001006', amount: euro(1010) },
    });
  });

  it('a registration is taken, with and without sequence ids', () => {
    const plain = zvt({ texts: { config: '3e', service: '03' } });
    const greeting = plain.greeting?.();
    if (greeting === undefined) throw new Error('no greeting');
    const first = follow(greeting, 'flow-registration');
    expect(first.sent).toBe(first.request);
    expect(first.played.answer).toMatchObject({ name: 'zvt' });

    const ids = zvt({
      password: '000000',
      texts: { config: '9e' },
      options: { 'sequence-ids': true },
    });
    const offering = ids.greeting?.();
    if (offering === undefined) throw new Error('no greeting');
    const { played } = follow(offering, 'flow-registration-no-msgseqid');
    expect(played.answer).toMatchObject({ setup: { sequence: undefined } });
  });
});
