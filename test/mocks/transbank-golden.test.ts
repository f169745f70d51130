import { describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/index.ts';
import { toHex, toLatin1 } from '../../src/framing/bytes.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { bareTill } from '../support/bare-till.ts';

const framed = (data: string) => toHex(stxFrame(toLatin1(data)));

/** The state in which the frames were recorded: a card whose brand the terminal did not tell. */
const recordedSale = {
  amount: 25_000,
  ticket: '1234',
  authorisationCode: '252985',
  time: '2023-07-26T11:37:48',
  card: { brand: '' },
};

const recorded = (sale: object = {}) =>
  bareTill({ firstOperationNumber: 123, sales: [{ ...recordedSale, ...sale }] });

describe('the frames of a Transbank terminal, byte for byte as recorded', () => {
  it('answers with its keys, and the LRC is 75', async () => {
    const till = await recorded();
    await till.ask('0800');
    expect(till.chunks).toEqual(['06', framed('0810|00|597029414300|75001637')]);
    expect(till.chunks[1]?.slice(-2)).toBe('75');
  });

  it('tells its last sale with the trailing separators, and the LRC is 1c', async () => {
    const till = await recorded();
    await till.ask('0250|');
    const data =
      '0260|00|597029414300|75001637|001234|252985|25000|0||0461|000123|CR|||  |26072023|113748|0|0||';
    expect(till.chunks).toEqual(['06', framed(data)]);
    expect(till.chunks[1]?.slice(-2)).toBe('1c');
  });

  it('voids without a trailing separator, and the LRC is 44', async () => {
    const till = await recorded({ authorisationCode: '794981' });
    await till.ask('1200|123|');
    expect(till.chunks).toEqual(['06', framed('1210|00|597029414300|75001637|794981|123')]);
    expect(till.chunks[1]?.slice(-2)).toBe('44');
  });

  it('tells totals whose LRC looks like an ACK', async () => {
    const till = await recorded();
    till.terminal.remember({ amount: 1_500 });
    await till.ask('0700||');
    expect(till.chunks).toEqual(['06', framed('0710|00|2|26500|')]);
    expect(till.chunks[1]?.slice(-2)).toBe('06');
  });

  it('closes the day, and the LRC is 04', async () => {
    const till = await recorded();
    await till.ask('0500||');
    expect(till.chunks).toEqual(['06', framed('0510|00|597029414300|75001637|')]);
    expect(till.chunks[1]?.slice(-2)).toBe('04');
  });

  it('tells of a sale cancelled at the terminal with blanks, and the LRC is 22', async () => {
    const till = await recorded();
    till.terminal.customerCancels();
    await till.ask('0200|000001500|00ABCD|||0');
    const data = '0210|07|597029414300|75001637|00ABCD|      |0|0||0461||CR|||||||0||';
    expect(till.chunks).toEqual(['06', framed(data)]);
    expect(till.chunks[1]?.slice(-2)).toBe('22');
  });

  it('lists a voided sale a second time with a negative amount, then the end of the list', async () => {
    const mock = createMockTerminal({
      protocol: 'transbank',
      firstOperationNumber: 123,
      sales: [
        {
          ...recordedSale,
          authorisationCode: '794981',
          time: '2023-07-28T17:21:29',
          voided: true,
        },
      ],
    });
    expect(mock.terminal.memory.records.map(({ amount }) => amount)).toEqual([25_000, -25_000]);

    const till = await recorded({
      authorisationCode: '794981',
      time: '2023-07-28T17:21:29',
      voided: true,
    });
    await till.ask('0260|1|');
    const voided =
      '0261|00|597029414300|75001637|001234|794981|-25000|0461|000123|CR|||  |28072023|172129|0|0||0|';
    const end = '0261|00|597029414300|75001637| | | | |000124|||| || | | | | |||';
    expect(till.chunks.slice(2)).toEqual([framed(voided), framed(end)]);
    expect(till.chunks.slice(2).map((chunk) => chunk.slice(-2))).toEqual(['4f', '7e']);
  });

  it('sends status 78 as 02 30 39 30 30 7c 37 38 03 79', async () => {
    const till = await recorded();
    await till.ask('0200|000001500|000123|||1');
    expect(till.chunks[1]).toBe('02303930307c37380379');
  });

  it('understands the requests of the official SDKs byte for byte', async () => {
    const till = await recorded();
    const requests = {
      '02303130300302': 'poll',
      '0230383030030b': 'load-keys',
      '02303235307c0378': 'last-transaction',
      '02303730307c7c0304': 'totals',
      '02303236307c317c0336': 'sales-detail',
      '02303236307c307c0337': 'sales-detail',
      '02313230307c31307c0301': 'void',
      '02303530307c7c0306': 'settle',
      '02303230307c3030303030313530307c3030303132337c7c7c310378': 'purchase',
      '02303330300300': 'normal-mode',
    };
    for (const request of Object.keys(requests)) {
      till.write(Uint8Array.from(Buffer.from(request, 'hex')));
      await till.clock.advance(1_000);
      expect(till.chunks[0], request).toBe('06');
    }
    expect(till.mock.received.map(({ command }) => command)).toEqual(Object.values(requests));
  });
});
