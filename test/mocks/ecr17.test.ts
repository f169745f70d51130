import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import {
  ecr17Control,
  ecr17Deframer,
  ecr17Frame,
  isProgress,
  variantOfFrame,
} from '../../src/framing/ecr17-frame.ts';
import type { LrcVariant } from '../../src/framing/ecr17-lrc.ts';
import type { Frame } from '../../src/framing/frame.ts';
import type { Connection } from '../../src/transports/transport.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const word = (frame: Frame): string => {
  switch (frame.kind) {
    case 'frame':
      if (isProgress(frame.data)) return `> ${fromLatin1(frame.data.subarray(1)).trim()}`;
      return `${frame.check === 'ok' ? '' : 'bad '}${fromLatin1(frame.data)}`;
    case 'control':
      return frame.name;
    case 'noise':
      return `${frame.reason} ${toHex(frame.bytes)}`;
  }
};

/** A till that knows nothing but frames, and acknowledges them or not. */
async function bareTill(options: Partial<MockTerminalOptions> = {}, lrc: LrcVariant = 'std') {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'ecr17', clock, transport: 'serial', ...options });
  const transport = mockTransport(mock);
  const heard: string[] = [];
  const variants = new Set<LrcVariant | undefined>();
  let since = clock.now();
  let replies = true;

  async function connect(): Promise<Connection> {
    const deframer = ecr17Deframer();
    const connection: Connection = await transport.open({
      data(chunk) {
        for (const frame of deframer.push(chunk)) {
          heard.push(`${clock.now() - since} ${word(frame)}`);
          if (frame.kind !== 'frame' || isProgress(frame.data)) {
            if (frame.kind === 'control') variants.add(variantOfFrame(frame));
            continue;
          }
          variants.add(variantOfFrame(frame));
          if (replies) connection.write(ecr17Control('ACK', lrc));
        }
      },
      closed: ({ type }) => heard.push(`${clock.now() - since} ${type}`),
    });
    return connection;
  }
  let connection = await connect();

  return {
    clock,
    mock,
    variants,
    terminal: mock.terminal,
    write: (bytes: Uint8Array) => connection.write(bytes),
    /** Sends a payload without its head and lets time pass; gives what was heard. */
    async ask(payload: string, ms = 1_000, terminalId = '00000000'): Promise<readonly string[]> {
      since = clock.now();
      heard.length = 0;
      connection.write(ecr17Frame(toLatin1(`${terminalId}0${payload}`), lrc));
      await clock.advance(ms);
      return [...heard];
    },
    silent() {
      replies = false;
    },
    async reconnect() {
      await connection.close();
      connection = await connect();
    },
  };
}

const lrcFaults = (lrc: LrcVariant) => (lrc === 'std' ? [] : [`lrc-${lrc.replace('_', '-')}`]);

const till = '00000001';
const amount = (cents: number) => String(cents).padStart(8, '0');
const pay = (code: 'P' | 'X', cents: number) =>
  `${code}${till}00000${amount(cents)}${' '.repeat(128)}00000000`;
const reverse = (stan: string) => `S${till}${stan}00`;
const lastResult = `G${till}0000`;
const closing = `C${till}00000000`;
const id = '750016370';
const card = '000************0461CLI';

const withoutTime = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ /, ''));

describe('an ECR17 terminal', () => {
  it('tells its status with its clock', async () => {
    const t = await bareTill();
    expect(await t.ask('s')).toEqual(['0 ACK', `20 ${id}s000000000002012603042MOCK0001`]);
  });

  it('sells with X: ACK, progress without acknowledgement, the result with its amount', async () => {
    const t = await bareTill();
    expect(await t.ask(pay('X', 650))).toEqual([
      '0 ACK',
      '20 > AVVICINARE CARTA',
      '40 > DIGITARE PIN',
      '60 > TRANSAZ. IN CORSO',
      `80 ${id}E00${card}2529850020304200000000003000001000001000${amount(650)}0000000000`,
    ]);
    expect(t.terminal.ledger).toMatchObject([{ kind: 'sale', sale: { amount: 650 } }]);
  });

  it('sells with P: a result of 71 characters, and no amount', async () => {
    const t = await bareTill();
    const result = (await t.ask(pay('P', 650))).at(-1)?.slice(3) ?? '';
    expect(result).toHaveLength(71);
    expect(result).toBe(`${id}E00${card}2529850020304200000000003000001000001`);
  });

  it('says the last result again to the byte, and a settlement leaves it alone', async () => {
    const t = await bareTill();
    const sold = withoutTime(await t.ask(pay('X', 650))).at(-1);
    await t.clock.advance(3_600_000);
    expect(withoutTime(await t.ask(lastResult))).toEqual(['ACK', sold]);
    await t.ask(closing);
    expect(withoutTime(await t.ask(lastResult))).toEqual(['ACK', sold]);
    await t.ask(`T${till}00000000`);
    await t.ask('s');
    expect(withoutTime(await t.ask(lastResult))).toEqual(['ACK', sold]);
  });

  it('keeps a payment that came to nothing as its last result, under a number of its own', async () => {
    const t = await bareTill({ faults: ['declined-once=051'] });
    const refused = withoutTime(await t.ask(pay('X', 650))).at(-1) ?? '';
    expect(refused.slice(10, 36)).toBe('01NON AUTORIZZATA         ');
    expect(refused.slice(59, 65)).toBe('000001');
    expect(refused.slice(71, 82)).toBe(`051${amount(650)}`);
    expect(withoutTime(await t.ask(lastResult)).at(-1)).toBe(refused);
    expect((await t.ask(pay('X', 650))).at(-1)).toContain('000002');
  });

  it('keeps the result over a power loss, also when it was never sent', async () => {
    const t = await bareTill({ faults: ['power-loss-after-booking-once'] });
    await t.ask(pay('X', 650), 10_000);
    expect(t.terminal.ledger).toHaveLength(1);
    expect((await t.ask(lastResult)).at(-1)).toContain(`000${amount(650)}`);
  });

  it('tells what a clerk did at its own keys', async () => {
    const t = await bareTill();
    await t.ask(pay('X', 650));
    t.terminal.clerkSells(700);
    expect((await t.ask(lastResult)).at(-1)).toContain(`000${amount(700)}`);
    t.terminal.clerkVoids();
    expect((await t.ask(lastResult)).at(-1)?.slice(3)).toHaveLength(84);
  });

  it('may keep to itself what a clerk did, as the document has it', async () => {
    const t = await bareTill({ faults: ['till-results-only'] });
    await t.ask(pay('X', 650));
    t.terminal.clerkSells(700);
    expect((await t.ask(lastResult)).at(-1)).toContain(`000${amount(650)}`);
  });

  it('has nothing to tell at first: a result of nothing, or NAK', async () => {
    const t = await bareTill();
    const none = withoutTime(await t.ask(lastResult)).at(-1) ?? '';
    expect(none).toHaveLength(71);
    expect(none.slice(10, 12)).toBe('01');
    expect(none.slice(59, 65)).toBe('000000');
    const refusing = await bareTill({ faults: ['empty-naks'] });
    expect(await refusing.ask(lastResult)).toEqual(['0 NAK']);
    await refusing.ask(pay('X', 650));
    expect(await refusing.ask(lastResult)).toHaveLength(2);
  });

  it('reverses the last transaction if it has the STAN that was asked for', async () => {
    const t = await bareTill();
    await t.ask(pay('X', 650));
    const wrong = (await t.ask(reverse('000009'))).at(-1) ?? '';
    expect(wrong).toContain('E01STAN NON VALIDO');
    expect(t.terminal.ledger).toHaveLength(1);
    const result = (await t.ask(reverse('000001'))).at(-1)?.slice(3) ?? '';
    expect(result).toHaveLength(84);
    expect(result.slice(34, 40)).toBe('000000');
    expect(result.slice(59, 65)).toBe('000003');
    expect(t.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void']);
    expect((await t.ask(reverse('000003'))).at(-1)).toContain('E01GIA STORNATA');
  });

  it('reverses whatever was last for STAN 000000', async () => {
    const t = await bareTill();
    await t.ask(pay('X', 650));
    await t.ask(reverse('000000'));
    expect(t.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void']);
  });

  it('refuses a debit card’s reversal, and one after the settlement', async () => {
    const t = await bareTill({ faults: ['debit-card'] });
    await t.ask(pay('X', 650));
    expect((await t.ask(reverse('000001'))).at(-1)).toContain('E01STORNO NON AMMESSO');
    const closed = await bareTill();
    await closed.ask(pay('X', 650));
    expect((await closed.ask(closing)).at(-1)).toContain(
      `C00${String(650).padStart(16, '0').repeat(2)}`,
    );
    expect((await closed.ask(reverse('000001'))).at(-1)).toContain('E01');
    expect(closed.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'settlement']);
  });

  it('sends receipts behind the result only when asked right before', async () => {
    const t = await bareTill();
    expect(await t.ask('E1')).toEqual(['0 ACK']);
    const heard = withoutTime(await t.ask(pay('X', 650)));
    const receipts = heard.filter((line) => line.startsWith(`${id}S`));
    expect(receipts.join('')).toContain('\x7fIMPORTO EUR 6,50}GRAZIE}}}}}}\x1b');
    expect(heard.at(-2)?.slice(9, 10)).toBe('E');
    const again = withoutTime(await t.ask(pay('X', 650)));
    expect(again.filter((line) => line.startsWith(`${id}S`))).toEqual([]);
    const copy = withoutTime(await t.ask(`R10${'0'.repeat(10)}`));
    expect(copy.at(-1)).toContain('}}}}}}\x1b');
  });

  it('may keep receipts back, leave out their end, or know nothing of them', async () => {
    const kept = await bareTill({ faults: ['receipts-kept-back'] });
    await kept.ask('E1');
    expect((await kept.ask(pay('X', 650))).at(-1)).toContain('E00');
    const endless = await bareTill({ faults: ['receipts-without-end'] });
    await endless.ask('E1');
    expect((await endless.ask(pay('X', 650))).at(-1)).toMatch(/S.*GRAZIE$/);
    const none = await bareTill({ faults: ['receipts-not-supported'] });
    expect(await none.ask('E1')).toEqual(['0 NAK']);
  });

  it('says NAK to another terminal’s number, to what it does not know and to a wrong length', async () => {
    const t = await bareTill();
    expect(await t.ask('s', 1_000, '12345678')).toEqual(['0 NAK']);
    expect(await t.ask('s', 1_000, '75001637')).toHaveLength(2);
    expect(await t.ask('Z')).toEqual(['0 NAK']);
    expect(await t.ask('s0')).toEqual(['0 NAK']);
    expect(await t.ask('X')).toEqual(['0 NAK']);
  });

  it('refuses an amount of nothing', async () => {
    const t = await bareTill();
    expect((await t.ask(pay('X', 0))).at(-1)).toContain('E01IMPORTO NON VALIDO');
    expect(t.terminal.ledger).toEqual([]);
  });

  it.each<LrcVariant>(['std', 'stx', 'noext', 'stx_noext'])(
    'speaks the check %s, and takes no other',
    async (lrc) => {
      const t = await bareTill({ faults: lrcFaults(lrc) }, lrc);
      expect(await t.ask(pay('X', 650))).toHaveLength(5);
      expect([...t.variants]).toEqual([lrc]);
      const other = lrc === 'std' ? 'stx' : 'std';
      const deaf = await bareTill({ faults: lrcFaults(lrc) }, other);
      expect(await deaf.ask('s')).toEqual(['0 NAK']);
      expect([...deaf.variants]).toEqual([lrc]);
      deaf.mock.fault('silent-on-bad-lrc');
      expect(await deaf.ask('s')).toEqual([]);
    },
  );

  it('waits for the additional data that a request announces', async () => {
    const t = await bareTill();
    const announced = pay('X', 650).replace(/^(.{9})0/, '$11');
    expect(await t.ask(announced)).toEqual(['0 ACK']);
    const data = `U00000062DF8D01  0110000000AB\x1b`;
    const heard = withoutTime(await t.ask(data));
    expect(heard[0]).toBe('ACK');
    expect(heard.at(-1)).toContain('E00');
  });

  it('says its result again after 10 s, two more times', async () => {
    const t = await bareTill();
    t.silent();
    const heard = (await t.ask(pay('X', 650), 60_000)).filter((line) => line.includes('E00'));
    expect(heard.map((line) => line.split(' ')[0])).toEqual(['80', '10080', '20080']);
  });

  it('pre-authorises and closes it', async () => {
    const t = await bareTill();
    const held = (await t.ask(pay('X', 650).replace('X', 'p'))).at(-1)?.slice(3) ?? '';
    expect(held).toHaveLength(106);
    const code = held.slice(48, 57);
    const close = `c${till}00000${amount(650)}${' '.repeat(128)}${code}00000000`;
    expect((await t.ask(close)).at(-1)).toContain('c00');
    expect((await t.ask(close)).at(-1)).toContain('c01');
    expect(t.terminal.ledger.map(({ kind }) => kind)).toEqual(['pre-authorisation', 'booking']);
  });

  it('ends a TCP connection behind a transaction, and lets the next one in', async () => {
    const t = await bareTill({ transport: 'tcp' });
    expect((await t.ask(lastResult)).at(-1)).not.toContain('lost');
    expect((await t.ask(pay('X', 650))).at(-1)).toBe('100 lost');
    await t.reconnect();
    expect(await t.ask('s')).toHaveLength(2);
    const serial = await bareTill();
    expect((await serial.ask(pay('X', 650))).at(-1)).not.toContain('lost');
    const open = await bareTill({ transport: 'tcp', faults: ['never-closes'] });
    expect((await open.ask(pay('X', 650))).at(-1)).not.toContain('lost');
    const eager = await bareTill({ transport: 'tcp', faults: ['closes-after-everything'] });
    expect((await eager.ask(lastResult)).at(-1)).toContain('lost');
  });

  it('may send the result before its acknowledgement', async () => {
    const t = await bareTill({ faults: ['result-before-ack'] });
    const heard = withoutTime(await t.ask(pay('X', 650)));
    expect(heard.at(-1)).toBe('ACK');
    expect(heard.at(-2)).toContain('E00');
  });

  it('refuses a storm of questions with whole acknowledgements', async () => {
    const t = await bareTill({ faults: ['nak-storm=3'] });
    expect(await t.ask('s')).toEqual(['0 NAK', '0 NAK', '0 NAK']);
    const turned = await bareTill({ faults: ['ack-turned-nak'] });
    expect((await turned.ask('s'))[0]).toBe('0 NAK');
  });

  it('survives any bytes, and still answers', async () => {
    const t = await bareTill();
    let seed = 7;
    for (let round = 0; round < 1_000; round++) {
      const junk = Uint8Array.from({ length: 64 }, () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed & 0xff;
      });
      t.write(junk);
    }
    await t.clock.advance(120_000);
    expect(await t.ask('s')).toHaveLength(2);
    expect(t.terminal.ledger).toEqual([]);
  });
});
