import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { control, stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { data, hexOf } from '../protocols/pax-poslink/support.ts';
import { requestVectors } from '../protocols/pax-poslink/vectors.ts';
import { ended, firstLine, start, tillwire } from '../support/cli.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const ana = ['--operator', 'ana', '--reason', 'out of stock', '--yes', '--json'];
const running: ReturnType<typeof start>[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await ended(child);
  }
});

/** A terminal on the bench, and the bytes that go over its line. */
async function bench() {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'pax-poslink', clock, thinkMs: 100 });
  let heard = '';
  const line = await mockTransport(mock).open({
    data: (chunk) => {
      heard += hexOf(chunk);
    },
    closed: () => {},
  });
  const say = async (bytes: Uint8Array, ms = 200) => {
    heard = '';
    line.write(bytes);
    await clock.advance(ms);
    return heard;
  };
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  return {
    mock,
    clock,
    say,
    bytes,
    sayOne: (name: keyof typeof control) => say(Uint8Array.of(control[name])),
  };
}

/** `06`, then the data of the one frame, with | for FS and ~ for US. */
function answerIn(heard: string): string {
  const frames = stxEtxLrcDeframer().push(Uint8Array.from(Buffer.from(heard, 'hex')));
  return frames
    .map((frame) =>
      frame.kind === 'frame'
        ? Buffer.from(frame.data).toString('latin1').replaceAll('\x1c', '|').replaceAll('\x1f', '~')
        : frame.kind === 'control'
          ? frame.name
          : 'noise',
    )
    .join(' ');
}

describe('the mock POSLINK terminal', () => {
  it('says ACK, its answer, and EOT once that was acknowledged', async () => {
    const { say, sayOne, bytes } = await bench();
    expect(answerIn(await say(bytes(requestVectors.initialise.hex)))).toBe(
      'ACK 0|A01|1.35|000000|OK|75001637|S300|TILLWIRE MOCK|',
    );
    expect(await sayOne('ACK')).toBe('04');
  });

  it('says its answer again on NAK, and after 10 s without a word, three times in all', async () => {
    const { say, sayOne, bytes, clock, mock } = await bench();
    const first = answerIn(await say(bytes(requestVectors.sale.hex)));
    expect(first).toMatch(/^ACK 0\|T01\|1\.35\|000000\|OK\|00~APPROVAL~252985/);
    expect(`ACK ${answerIn(await sayOne('NAK'))}`).toBe(first);
    await clock.advance(10_000);
    expect(await sayOne('NAK')).toBe('');
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it('says NAK to what it cannot read', async () => {
    const { say, bytes } = await bench();
    expect(await say(stxFrame(data('X99|1.35|')))).toBe('15');
    expect(await say(bytes(`${requestVectors.sale.hex.slice(0, -2)}00`))).toBe('15');
  });

  it('says NAK to a sale with a NUL in it, and refuses an amount that is none', async () => {
    const { say, mock } = await bench();
    const sale = (amount: string) => stxFrame(data(`T00|1.35|01|${amount}||A1|||||`));
    expect(answerIn(await say(sale('10\x0000')))).toBe('NAK');
    expect(answerIn(await say(sale('10.00')))).toMatch(/^ACK 0\|T01\|1\.35\|000100\|DECLINE/);
    expect(mock.terminal.ledger).toEqual([]);
  });

  it('answers A14 with EOT, and the sale it stopped with 100002', async () => {
    const { say, bytes, mock } = await bench();
    expect(await say(bytes(requestVectors.sale.hex), 20)).toBe('06');
    expect(await say(bytes(requestVectors.cancel.hex), 20)).toBe('04');
    expect(answerIn(await say(new Uint8Array(), 200))).toMatch(/^0\|T01\|1\.35\|100002\|ABORTED/);
    expect(mock.terminal.ledger).toEqual([]);
  });

  it('tells its records by reference, by number and by place', async () => {
    const { say, sayOne, mock } = await bench();
    mock.terminal.remember({ amount: 100, ticket: 'A1' });
    mock.terminal.remember({ amount: 200, ticket: 'A2', voided: true });
    const report = async (filter: string) => {
      const heard = answerIn(await say(stxFrame(data(`R02|1.35|00|||${filter}`))));
      await sayOne('ACK');
      return heard.split('|');
    };
    expect((await report('||||')).slice(5, 7)).toEqual(['3', '0']);
    expect((await report('|||A1|')).slice(8, 12)).toEqual(['01', '01', '', '100~0~0~0~0~0~~']);
    expect((await report('|||A2|')).slice(9, 11)).toEqual(['17', '01']);
    expect((await report('2||||')).slice(9, 11)).toEqual(['16', '01']);
    expect((await report('|2|||'))[11]).toBe('200~0~0~0~0~0~~');
    expect((await report('|||A9|'))[3]).toBe('100023');
  });
});

describe('tillwire mock pax-poslink', () => {
  it('is a terminal on TCP that every command line can reach', async () => {
    const child = start('mock', 'pax-poslink', '--tcp', '127.0.0.1:0', '--think', '5', '--json');
    running.push(child);
    const { address, port } = JSON.parse(await firstLine(child));
    expect(address).toBe(`pax-poslink+tcp://127.0.0.1:${port}`);
    const said = [
      await tillwire('status', address, '--json'),
      await tillwire('purchase', address, '--amount', '1500', '--ref', 'INV-1', '--json'),
      await tillwire('purchase', address, '--amount', '4200', '--ref', 'INV-2', '--json'),
      await tillwire('last', address, '--json'),
      await tillwire('void', address, '--amount', '1500', '--ref', 'INV-1', ...ana),
      await tillwire('void', address, '--amount', '1500', '--ref', 'INV-1', ...ana),
      await tillwire('settle', address, '--json'),
      await tillwire('last', address, '--json'),
    ];
    expect(
      said.map(({ status, lines }) => [
        status,
        lines.at(-1)?.['outcome'] ?? lines.at(-1)?.['code'],
      ]),
    ).toEqual([
      [0, 'ready'],
      [0, 'approved'],
      [0, 'approved'],
      [0, 'found'],
      [0, 'voided'],
      [1, 'already-voided'],
      [0, 'settled'],
      [1, 'none'],
    ]);
  });

  it('is decoded by its fields, without card data', async () => {
    const { lines, status } = await tillwire(
      'decode',
      'pax-poslink',
      requestVectors.void.hex,
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.stringify(lines)).toContain('"reference":"12/V"');
  });
});
