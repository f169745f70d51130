import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { clp } from '../../src/model/money.ts';
import type { Effect, Exchange, Input } from '../../src/protocols/exchange.ts';
import { salesDetail } from '../../src/protocols/transbank/commands.ts';
import { transbankProtocol } from '../../src/protocols/transbank/protocol.ts';
import { recordedAnswers } from './transbank/vectors.ts';

const protocol = transbankProtocol('integrado');

/** What the machine wants done, in few characters. */
function word(effect: Effect<unknown>): string {
  switch (effect.type) {
    case 'write':
      if (effect.as === 'request') return `send ${fromLatin1(effect.bytes.slice(1, -2))}`;
      return toHex(effect.bytes) === '06' ? 'ACK' : 'NAK';
    case 'wait':
      return `wait for ${effect.for}`;
    case 'progress':
      return effect.progress.type === 'prompt' ? effect.progress.code : effect.progress.type;
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

const frame = (data: string): Frame[] => stxEtxLrcDeframer().push(stxFrame(toLatin1(data)));

const garbled = (data: string): Frame[] => {
  const bytes = stxFrame(toLatin1(data));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
  return stxEtxLrcDeframer().push(bytes);
};

const ACK: Frame[] = [{ kind: 'control', name: 'ACK' }];
const NAK: Frame[] = [{ kind: 'control', name: 'NAK' }];
const silence = 'silence';
type Happening = Frame[] | typeof silence;

/** Feeds an exchange and collects what it wants done at each step. */
function play(
  exchange: Exchange<unknown>,
  happenings: readonly Happening[],
  previousAnswer?: Uint8Array,
): string[][] {
  let state = exchange.initial;
  const feed = (input: Input): string[] => {
    const step = exchange.step(state, input);
    state = step.state;
    return step.effects.map(word);
  };
  return [
    feed({ type: 'start', previousAnswer }),
    ...happenings.map((happening) =>
      happening === silence
        ? feed({ type: 'timeout' })
        : happening.flatMap((seen) => feed({ type: 'frame', frame: seen })),
    ),
  ];
}

const query = () => protocol.lastTransaction();
const sale = () => protocol.purchase({ amount: clp(25000), ticket: '1234' });
const found = recordedAnswers.lastSale.data;
const sold = found.replace('0260', '0210');
const asked = ['send 0250|', 'wait for acknowledgement'];
const selling = ['send 0200|000025000|001234|||1', 'wait for acknowledgement'];
const taken = ['acknowledged', 'wait for answer'];

describe('the ACK/NAK exchange machine', () => {
  it('asks, is acknowledged, is answered, acknowledges', () => {
    expect(play(query(), [ACK, frame(found)])).toEqual([asked, taken, ['ACK', 'done']]);
  });

  it('ends a poll with its ACK', () => {
    expect(play(protocol.status(), [ACK])).toEqual([
      ['send 0100', 'wait for acknowledgement'],
      ['acknowledged', 'done'],
    ]);
  });

  it('sends again on NAK, at most twice', () => {
    expect(play(query(), [NAK, NAK, NAK])).toEqual([asked, asked, asked, ['not-acknowledged']]);
  });

  it('does not send a sale again on NAK, but listens on: a damaged ACK looks like one', () => {
    const waiting = ['wait for acknowledgement'];
    expect(play(sale(), [NAK, NAK, silence])).toEqual([selling, waiting, [], ['not-acknowledged']]);
    const earlier = stxFrame(toLatin1(found));
    expect(play(sale(), [NAK, frame('0900|78'), frame(sold)], earlier).slice(1)).toEqual([
      waiting,
      ['ACK', 'present-card', 'wait for answer'],
      ['acknowledged', 'ACK', 'done'],
    ]);
  });

  it('sends a query again on silence, at most twice', () => {
    expect(play(query(), [silence, silence, silence])).toEqual([
      asked,
      asked,
      asked,
      ['no-acknowledgement'],
    ]);
  });

  it('never sends a sale again on silence', () => {
    expect(play(sale(), [silence])).toEqual([selling, ['no-acknowledgement']]);
    expect(play(sale(), [ACK, silence])).toEqual([selling, taken, ['no-answer']]);
  });

  it('never sends a void, a settlement or a loading of keys again on silence', () => {
    const voiding = protocol.void({
      kind: 'purchase',
      state: 'approved',
      amount: clp(25000),
      operationNumber: '000123',
    });
    expect(play(voiding, [silence]).at(-1)).toEqual(['no-acknowledgement']);
    expect(play(protocol.settle(), [silence]).at(-1)).toEqual(['no-acknowledgement']);
  });

  it('waits afresh after each status, and tells it', () => {
    expect(play(sale(), [ACK, frame('0900|78'), frame('0900|81'), frame(sold)])).toEqual([
      selling,
      taken,
      ['ACK', 'present-card', 'wait for answer'],
      ['ACK', 'enter-pin', 'wait for answer'],
      ['ACK', 'done'],
    ]);
  });

  it('asks for a garbled answer again, twice, and then gives up', () => {
    expect(play(query(), [ACK, garbled(found), frame(found)]).slice(2)).toEqual([
      ['NAK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
    expect(play(query(), [ACK, garbled(found), garbled(found), garbled(found)]).slice(2)).toEqual([
      ['NAK', 'wait for answer'],
      ['NAK', 'wait for answer'],
      ['garbled-answer'],
    ]);
  });

  it('asks again for an answer that stopped half way', () => {
    const cutOff: Frame[] = [{ kind: 'noise', reason: 'cut-off', bytes: toLatin1('\x020260') }];
    expect(play(query(), [ACK, cutOff, frame(found)]).slice(2)).toEqual([
      ['NAK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
  });

  it('does not mind noise', () => {
    const noise: Frame[] = [{ kind: 'noise', reason: 'unframed', bytes: Uint8Array.of(0xff) }];
    expect(play(query(), [noise, ACK, noise, frame(found)])).toEqual([
      asked,
      [],
      taken,
      [],
      ['ACK', 'done'],
    ]);
  });

  it('acknowledges the answer to another command and does not take it for its own', () => {
    expect(play(query(), [ACK, frame(sold), frame(found)]).slice(2)).toEqual([
      ['ACK', 'stale'],
      ['ACK', 'done'],
    ]);
  });

  it('does not take an answer from before its ACK for its own: it was under way already', () => {
    expect(play(query(), [frame(found), ACK, frame(found)])).toEqual([
      asked,
      ['ACK', 'stale'],
      taken,
      ['ACK', 'done'],
    ]);
  });

  it('takes the answer to a sale without its ACK when it names the very sale: the ACK was lost', () => {
    const earlier = stxFrame(toLatin1(found));
    expect(play(sale(), [frame(sold)], earlier)).toEqual([
      selling,
      ['acknowledged', 'ACK', 'done'],
    ]);
    // On a new connection it may be an old one.
    expect(play(sale(), [frame(sold)])).toEqual([selling, ['ACK', 'stale']]);
    const another = sold.replace('|25000|', '|24000|');
    expect(play(sale(), [frame(another)])).toEqual([selling, ['ACK', 'stale']]);
  });

  it('waits on after a status without the ACK, but believes only an answer that names the sale', () => {
    const earlier = stxFrame(toLatin1(found));
    expect(play(sale(), [frame('0900|78'), frame(sold)], earlier)).toEqual([
      selling,
      ['ACK', 'present-card', 'wait for answer'],
      ['acknowledged', 'ACK', 'done'],
    ]);
    const refused = sold.replace('0210|00', '0210|01');
    expect(play(sale(), [frame('0900|78'), frame(refused), ACK]).slice(2)).toEqual([
      ['ACK', 'stale'],
      taken,
    ]);
  });

  it('acknowledges the previous answer once more and drops it', () => {
    const earlier = stxFrame(toLatin1(sold));
    expect(play(sale(), [frame(sold), ACK], earlier)).toEqual([
      selling,
      ['ACK', 'duplicate'],
      taken,
    ]);
  });

  it('takes the same refusal twice: a customer may cancel twice', () => {
    const cancelled = recordedAnswers.cancelled.data;
    const earlier = stxFrame(toLatin1(cancelled));
    expect(play(sale(), [ACK, frame(cancelled)], earlier).at(-1)).toEqual(['ACK', 'done']);
  });

  it('sends a void that hits whatever is last only once', () => {
    const blind = transbankProtocol('autoservicio').void({
      kind: 'purchase',
      state: 'approved',
      amount: clp(25000),
      operationNumber: '000123',
    });
    expect(play(blind, [NAK, silence])).toEqual([
      ['send 1200', 'wait for acknowledgement'],
      ['wait for acknowledgement'],
      ['not-acknowledged'],
    ]);
  });

  it('does not believe a byte 00 inside an answer, which the LRC cannot see', () => {
    const holed = found.replace('000123', '000\x0a3');
    expect(play(query(), [ACK, frame(holed), frame(found)]).slice(2)).toEqual([
      ['NAK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
  });

  it('does not say NAK before the ACK: a terminal might repeat something older', () => {
    expect(play(query(), [garbled(found)])).toEqual([asked, []]);
  });

  it('gives up on a terminal that tells of progress for ever', () => {
    const endless = new Array<Happening>(501).fill(frame('0900|78'));
    expect(play(sale(), [ACK, ...endless]).at(-1)).toEqual(['no-answer']);
  });

  it('takes the same answer to the same question, once it is acknowledged', () => {
    const earlier = stxFrame(toLatin1(found));
    expect(play(query(), [frame(found), ACK, frame(found)], earlier)).toEqual([
      asked,
      ['ACK', 'duplicate'],
      taken,
      ['ACK', 'done'],
    ]);
  });

  it('says that a sound answer of the right kind makes no sense', () => {
    expect(play(query(), [ACK, frame('0260|00|1|2')]).at(-1)).toEqual(['ACK', 'unreadable-answer']);
    expect(play(query(), [ACK, frame('0260|')]).at(-1)).toEqual(['ACK', 'unreadable-answer']);
    expect(play(query(), [ACK, frame('0260|00|c|t|k|a|12x|')]).at(-1)).toEqual([
      'ACK',
      'unreadable-answer',
    ]);
  });

  it('does nothing more once it has ended', () => {
    expect(play(query(), [ACK, frame(found), frame(found), silence, NAK]).slice(3)).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('an answer in several frames', () => {
  const record =
    '0261|00|597029414300|75001637|001234|252985|25000|0461|000123|CR|||VI|26072023|113748|0|0||0|';
  const detail = () => {
    const exchange = salesDetail().exchange(protocol);
    if ('outcome' in exchange) throw new Error(exchange.message);
    return exchange;
  };

  it('acknowledges each record, drops a repeated one, and ends with the blank one', () => {
    const second = recordedAnswers.detailOfAVoid.data;
    const end = recordedAnswers.detailEnd.data;
    const wire = [ACK, frame(record), frame(record), frame(second), frame(end)];
    expect(play(detail(), wire).slice(2)).toEqual([
      ['ACK', 'wait for answer'],
      ['ACK', 'duplicate'],
      ['ACK', 'wait for answer'],
      ['ACK', 'done'],
    ]);
  });
});
