import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { apdu } from '../../src/framing/apdu.ts';
import { dleCrcDeframer, dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import * as zvt from '../../src/protocols/zvt/commands.ts';
import { describe as describeApdu } from '../../src/protocols/zvt/describe.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { type MemoryLine, memoryTransport } from '../../src/transports/memory.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';
import { bytes, hex } from '../support/zvt-raw-till.ts';

/** What an adversarial review looked for: a terminal that follows a script, byte by byte. */

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: eur(1010) };

type Wire = 'tcp' | 'serial';

interface Told {
  readonly code?: string;
  readonly amount?: number;
  readonly receipt?: string;
  readonly trace?: string;
  readonly original?: string;
  readonly tid?: string;
  readonly auth?: string;
  /** More bitmaps. */
  readonly more?: string;
}

const pad = (n: number | string, length: number) => String(n).padStart(length, '0');
const pairs = (digits: string) => (digits.match(/../g) ?? []).join(' ');

/** 04 0F. */
function status({
  code = '00',
  amount,
  receipt,
  trace,
  original,
  tid = '75001637',
  auth,
  more,
}: Told) {
  const body = [
    `27 ${code}`,
    amount === undefined ? '' : `04 ${pairs(pad(amount, 12))} 49 09 78`,
    trace === undefined ? '' : `0B ${pairs(pad(trace, 6))}`,
    original === undefined ? '' : `37 ${pairs(pad(original, 6))}`,
    `29 ${pairs(tid)}`,
    receipt === undefined ? '' : `87 ${pairs(pad(receipt, 4))}`,
    auth === undefined
      ? ''
      : `3B ${pairs(Array.from(auth.padEnd(8, '\0'), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(''))}`,
    more ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');
  return hex(apdu(0x04, 0x0f, bytes(body)));
}

const done = '06 0F 00';
const yes = '80 00 00';
const aborted = (code: string) => `06 1E 01 ${code}`;

type Step = string | { readonly ms: number } | (() => void);
type Script = (command: string, line: { close(): void }) => readonly Step[] | undefined;

/** A terminal that says what it is told to say: a command of its own waits for the till's answer. */
function scripted(wire: Wire, script: Script, clock = createFakeClock()) {
  const heard: string[] = [];
  let stored: string | undefined;
  let line: MemoryLine | undefined;
  let waiting: (() => void) | undefined;
  const tasks: Step[][] = [];
  let running = false;

  const put = (text: string) => {
    const data = bytes(text);
    line?.send(wire === 'serial' ? dleCrcFrame(data) : data);
  };
  function next(steps: Step[]): void {
    const step = steps.shift();
    if (step === undefined) {
      running = false;
      const task = tasks.shift();
      if (task !== undefined) begin(task);
      return;
    }
    if (typeof step === 'function') {
      step();
      next(steps);
    } else if (typeof step === 'object') clock.after(step.ms, () => next(steps));
    else {
      put(step);
      if (/^8[04]/.test(step) || step.startsWith('raw')) next(steps);
      else waiting = () => next(steps);
    }
  }
  function begin(steps: Step[]): void {
    running = true;
    next(steps);
  }
  const usual = (command: string): readonly Step[] => {
    switch (command.slice(0, 5)) {
      case '06 00':
        return [yes, done];
      case '05 01':
        return [yes, '06 0F 01 00'];
      case '06 20':
        return stored === undefined ? [yes, aborted('FF')] : [yes, stored, done];
      default:
        return ['84 83 00'];
    }
  };
  function onApdu(text: string): void {
    heard.push(text);
    if (/^8[04]/.test(text)) {
      const go = waiting;
      waiting = undefined;
      go?.();
      return;
    }
    const steps = [...(script(text, { close: () => line?.unplug('closed') }) ?? usual(text))];
    if (running) tasks.push(steps);
    else begin(steps);
  }
  const transport = memoryTransport((opened) => {
    line = opened;
    waiting = undefined;
    running = false;
    tasks.length = 0;
    const deframer = dleCrcDeframer();
    let stream: number[] = [];
    return {
      data(chunk) {
        if (wire === 'serial') {
          for (const frame of deframer.push(chunk)) {
            if (frame.kind !== 'frame') continue;
            opened.send(Uint8Array.of(0x06));
            onApdu(hex(frame.data));
          }
          return;
        }
        stream.push(...chunk);
        for (;;) {
          const length = 3 + (stream[2] ?? 1e9);
          if (stream.length < length) return;
          onApdu(hex(Uint8Array.from(stream.slice(0, length))));
          stream = stream.slice(length);
        }
      },
      closed() {},
    };
  });
  return {
    clock,
    transport,
    heard,
    put,
    raw: (text: string) => line?.send(bytes(text)),
    commands: () => heard.filter((text) => !/^8[04]/.test(text)).map((text) => text.slice(0, 5)),
    remember(told: Told | undefined) {
      stored = told && status(told);
    },
    unplug: () => line?.unplug('pulled'),
  };
}

type Scripted = ReturnType<typeof scripted>;

/** A till at it; the journal outlives its processes. */
function tillAt(one: Scripted, wire: Wire, options = '') {
  const journal = memoryJournal();
  const lock = memoryLock();
  let drawn = 0;
  const random = (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K');
  const { clock, transport } = one;
  const start = () =>
    openTerminal(`zvt?framing=${wire}${options}`, {
      transport,
      journal,
      lock,
      world: { clock, random },
      secrets: { password: '123456' },
    });
  const run = async <R>(command: Command<R>) => {
    const watched = listen(command);
    await untilDone(clock, watched.heard, 3_600_000);
    return watched.heard;
  };
  return { start, run, journal, clock };
}

function mocked(wire: Wire, mockOptions: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', transport: wire, clock, ...mockOptions });
  const till = tillAt({ clock, transport: mockTransport(mock) } as unknown as Scripted, wire);
  const ledger = () =>
    mock.terminal.ledger.map((entry) =>
      entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
    );
  return { ...till, mock, ledger };
}

const wires: readonly Wire[] = ['tcp', 'serial'];

describe.each(wires)('late and foreign words on %s', (wire) => {
  it('the answer to an abort that comes after the end is not taken for the next answer', async () => {
    // The customer presses the red key while the cashier presses cancel: 06 B0 crosses 06 1E, and its own
    // answer comes behind it. Then the next customer pays; the terminal's last one is of the same price.
    const old = [status({ amount: 1010, receipt: '40', trace: '40', auth: '111111' }), done];
    let sold = 0;
    const one = scripted(wire, (command) => {
      if (command.startsWith('06 B0')) return [{ ms: 50 }, '84 83 00'];
      if (command.startsWith('06 20')) return [{ ms: 30 }, yes, ...old];
      if (!command.startsWith('06 01')) return undefined;
      if (sold++ === 0) return [yes, { ms: 3_000 }, status({ code: '6C' }), aborted('6C')];
      return [yes, { ms: 2_000 }, status({ code: '05' }), aborted('05')];
    });
    const { start } = tillAt(one, wire);
    const terminal = await start();
    const abort = new AbortController();
    const first = listen(terminal.purchase(sale, { key: 'K1', signal: abort.signal }));
    const second = listen(terminal.purchase(sale, { key: 'K2' }));
    await one.clock.advance(3_020);
    abort.abort();
    await untilDone(one.clock, first.heard);
    await untilDone(one.clock, second.heard);
    expect(first.heard.result).toMatchObject({ outcome: 'declined' });
    // The host declined the second.
    expect(second.heard.result ?? second.heard.error).not.toMatchObject({ outcome: 'approved' });
  });

  it('nor is a payment called declined by what the question before it was answered with', async () => {
    // The same, at a terminal that tells its last attempt, also when that came to nothing.
    let sold = 0;
    const one = scripted(wire, (command) => {
      if (command.startsWith('06 B0')) return [{ ms: 50 }, '84 83 00'];
      if (command.startsWith('06 20'))
        return [{ ms: 30 }, yes, status({ code: '6C', more: '0C 10 11 12' }), done];
      if (!command.startsWith('06 01')) return undefined;
      if (sold++ === 0) return [yes, { ms: 3_000 }, status({ code: '6C' }), aborted('6C')];
      return [yes, { ms: 2_000 }, status({ amount: 1010, receipt: '41', trace: '41' }), done];
    });
    const terminal = await tillAt(one, wire).start();
    const abort = new AbortController();
    const first = listen(terminal.purchase(sale, { key: 'K1', signal: abort.signal }));
    const second = listen(terminal.purchase(sale, { key: 'K2' }));
    await one.clock.advance(3_020);
    abort.abort();
    await untilDone(one.clock, first.heard);
    await untilDone(one.clock, second.heard);
    // The second was approved by the terminal.
    expect(second.heard.result ?? second.heard.error).not.toMatchObject({ outcome: 'declined' });
  });

  it('the T4 of the terminal does not shorten the time that the till has set', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            '04 FF 02 0A 04',
            { ms: 300_000 },
            status({ amount: 1010, receipt: '41', trace: '41' }),
            done,
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, wire);
    const heard = await run((await start()).purchase(sale, { timeoutMs: 600_000 }));
    expect(heard.result).toMatchObject({ outcome: 'approved' });
  });

  it('a failed 04 0F after which the payment goes on is not believed at the end of T4', async () => {
    // PA00P015 2.2.6: a wrong PIN, and the payment begins again; a PIN may take minutes without a 04 FF.
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            status({ code: '37' }),
            { ms: 200_000 },
            status({ amount: 1010, receipt: '41', trace: '41', auth: '222222' }),
            done,
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40', auth: '111111' });
    const { start, run, clock } = tillAt(one, wire);
    const terminal = await start();
    const heard = await run(terminal.purchase(sale, { key: 'K1' }));
    await clock.advance(600_000);
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'declined' });
  });

  it('nor when the till wanted to wait for less', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            status({ code: '37' }),
            { ms: 40_000 },
            status({ amount: 1010, receipt: '41', trace: '41', auth: '222222' }),
            done,
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40', auth: '111111' });
    const { start, run, clock } = tillAt(one, wire);
    const terminal = await start();
    const heard = await run(terminal.purchase(sale, { key: 'K1', timeoutMs: 30_000 }));
    await clock.advance(600_000);
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'declined' });
  });

  it('a refund is not approved by the result of the sale before it', async () => {
    const before = { amount: 1010, receipt: '40', trace: '40', auth: '111111' };
    const one = scripted(wire, (command) =>
      command.startsWith('06 31') ? [yes, status(before), done] : undefined,
    );
    // Repeat Receipt tells a field more than the answer to the sale did.
    one.remember({ ...before, more: '0C 10 11 12' });
    const { start, run } = tillAt(one, wire);
    const terminal = await start();
    await run(terminal.status());
    const heard = await run(terminal.refund({ amount: eur(1010) }, { key: 'R1' }));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'approved' });
  });

  it('a sale is not approved by a result that names an original, which is that of a void', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [yes, status({ amount: 1010, receipt: '41', trace: '41', original: '39' }), done]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, wire);
    const heard = await run((await start()).purchase(sale, { key: 'K1' }));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'approved' });
  });

  it('an approval and then many errors is not declined', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            status({ amount: 1010, receipt: '41', trace: '41' }),
            ...Array.from({ length: 9 }, () => status({ code: '6C' })),
            aborted('6C'),
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, wire);
    const heard = await run((await start()).purchase(sale, { key: 'K1' }));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'declined' });
  });

  it('an approval that the terminal then takes back by itself (04 FF 05) is not sure', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 01')
        ? [yes, status({ amount: 1010, receipt: '41', trace: '41' }), '04 FF 01 05', done]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, wire);
    const heard = await run((await start()).purchase(sale, { key: 'K1' }));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'approved' });
  });

  it('a void is not believed that repeats the sale as it was and names no original', async () => {
    const one = scripted(wire, (command) =>
      command.startsWith('06 30')
        ? [
            yes,
            status({
              amount: 1010,
              receipt: '40',
              trace: '40',
              auth: '111111',
              more: '0C 10 11 12',
            }),
            done,
          ]
        : undefined,
    );
    one.remember({ amount: 1010, receipt: '40', trace: '40', auth: '111111' });
    const { start, run } = tillAt(one, wire);
    const heard = await run((await start()).voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'voided' });
  });
});

/** The sale's answer is lost with the connection; `after`: what the terminal tells later. */
async function lost(
  wire: Wire,
  before: Told | undefined,
  after: Told | undefined,
  act: (terminal: Awaited<ReturnType<ReturnType<typeof tillAt>['start']>>) => Command<unknown>,
  { refuseQuery = false }: { refuseQuery?: boolean } = {},
) {
  let queries = 0;
  const one = scripted(wire, (command, line) => {
    if (command.startsWith('06 20') && refuseQuery && queries++ === 0) return ['84 9C 00'];
    if (!/^06 (01|31|30|22|24|25)/.test(command)) return undefined;
    return [yes, { ms: 1_000 }, () => one.remember(after), () => line.close()];
  });
  one.remember(before);
  const till = tillAt(one, wire);
  const terminal = await till.start();
  const first = await till.run(act(terminal));
  return { one, ...till, terminal, first };
}

describe.each(wires)('recovery on %s', (wire) => {
  it('does not call a sale not made that has the number and price of a declined attempt before', async () => {
    // The failed attempt is told with the number that it would have had; the next one gets it.
    const { terminal, run, first } = await lost(
      wire,
      { code: '6C', amount: 1010, receipt: '41', trace: '41' },
      { amount: 1010, receipt: '41', trace: '41', auth: '222222' },
      (t) => t.purchase(sale, { key: 'K1' }),
    );
    expect(first.error).toMatchObject({ effect: 'unknown' });
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'not-approved' });
  });

  it('does not call a sale not made that has the receipt number of another day', async () => {
    // Receipt numbers begin again after the end of the day (or after 9999); the trace does not.
    const { terminal, run } = await lost(
      wire,
      { amount: 1010, receipt: '1', trace: '50' },
      { amount: 1010, receipt: '1', trace: '51' },
      (t) => t.purchase(sale, { key: 'K1' }),
    );
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'not-approved' });
  });

  it('does not take the sale of another terminal at the same address for ours', async () => {
    const { terminal, run } = await lost(
      wire,
      { amount: 500, receipt: '40', trace: '40', tid: '11111111', auth: '111111' },
      { amount: 1010, receipt: '41', trace: '41', tid: '22222222', auth: '222222' },
      (t) => t.purchase(sale, { key: 'K1' }),
    );
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'approved' });
  });

  it('nor calls it not made because another terminal at the same address tells an old one', async () => {
    const { terminal, run } = await lost(
      wire,
      { amount: 500, receipt: '40', trace: '40', tid: '11111111' },
      { amount: 500, receipt: '40', trace: '12', tid: '22222222' },
      (t) => t.purchase(sale, { key: 'K1' }),
    );
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'not-approved' });
  });

  it('without a baseline of its own takes no number that is next to an old one', async () => {
    // Receipt 40 was ours; a clerk sold 41; the query before our next sale said "please wait".
    let attempt = 0;
    let wait = false;
    const one = scripted(wire, (command, line) => {
      if (command.startsWith('06 20') && wait) {
        wait = false;
        return ['84 9C 00'];
      }
      if (!command.startsWith('06 01')) return undefined;
      if (attempt++ === 0)
        return [
          yes,
          status({ amount: 700, receipt: '40', trace: '40', auth: '111111' }),
          done,
          () => one.remember({ amount: 1010, receipt: '41', trace: '41', auth: '222222' }),
        ];
      return [yes, { ms: 1_000 }, () => line.close()];
    });
    one.remember({ amount: 500, receipt: '39', trace: '39', auth: '000001' });
    const { start, run } = tillAt(one, wire);
    const terminal = await start();
    expect(
      (await run(terminal.purchase({ amount: eur(700) }, { key: 'K1' }))).result,
    ).toMatchObject({ outcome: 'approved' });
    wait = true;
    const lostSale = await run(terminal.purchase(sale, { key: 'K2' }));
    expect(lostSale.error).toBeDefined();
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'approved' });
  });

  it('does not call a reversed pre-authorisation what was told as failed', async () => {
    const { terminal, run } = await lost(
      wire,
      { amount: 2500, receipt: '40', trace: '40', auth: '111111' },
      { code: '6C', amount: 2500, receipt: '41', trace: '41', original: '40' },
      (t) =>
        t.book(zvt.reversePreAuthorisation({ receiptNumber: '40', trace: '40' }, eur(2500)), {
          key: 'P1',
        }),
    );
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'approved' });
  });

  it('does not call a void not made that was told as failed without a certain code', async () => {
    const { terminal, run } = await lost(
      wire,
      { amount: 1010, receipt: '40', trace: '40', auth: '111111' },
      { code: '9B', amount: 1010, receipt: '40', trace: '40' },
      (t) => t.voidTransaction(sale, { ...ana, key: 'V1' }),
    );
    const heard = await run(terminal.recover());
    expect(heard.result).not.toMatchObject({ outcome: 'not-voided' });
  });

  it('waits its time whatever time-out the till gives', async () => {
    const { terminal, run, clock } = await lost(
      wire,
      { amount: 500, receipt: '40', trace: '40', auth: '111111' },
      { amount: 500, receipt: '40', trace: '40', auth: '111111' },
      (t) => t.purchase(sale, { key: 'K1' }),
    );
    const from = clock.now();
    const heard = await run(terminal.recover({ timeoutMs: 2_000 }));
    expect(heard.result).toMatchObject({ outcome: 'not-approved' });
    expect(clock.now() - from).toBeGreaterThan(100_000);
  });
});

describe('a void whose answer was lost, after the end of the day', () => {
  it.each(wires)('on %s is not called not made because the sale is still told', async (wire) => {
    const { start, run, mock, ledger } = mocked(wire, {
      sales: [{ amount: 1010 }],
      faults: ['no-completion-once@void', 'repeats-settled'],
    });
    const terminal = await start();
    const heard = await run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(heard.error).toMatchObject({ effect: 'unknown' });
    mock.terminal.settle('clerk');
    const recovered = await run(terminal.recover());
    expect(ledger()).toEqual(['sale 1010', 'void 1010', 'settlement']);
    expect(recovered.result).not.toMatchObject({ outcome: 'not-voided' });
  });
});

describe.each(wires)('what 06 20 cannot tell on %s', (wire) => {
  it('a void is not aimed at a refund that this very till has made', async () => {
    const refunded = { amount: 1010, receipt: '41', trace: '41', auth: '222222' };
    const one = scripted(wire, (command) => {
      if (command.startsWith('06 31'))
        return [yes, status(refunded), done, () => one.remember(refunded)];
      if (command.startsWith('06 30'))
        return [yes, status({ amount: 1010, receipt: '42', trace: '42', original: '41' }), done];
      return undefined;
    });
    one.remember({ amount: 1010, receipt: '40', trace: '40', auth: '111111' });
    const { start, run } = tillAt(one, wire);
    const terminal = await start();
    await run(terminal.refund({ amount: eur(1010) }, { key: 'R1' }));
    const heard = await run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(one.commands()).not.toContain('06 30');
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'voided' });
  });

  it('a void is not aimed at a pre-authorisation that this very till has made', async () => {
    const held = { amount: 1010, receipt: '41', trace: '41', auth: '222222' };
    const one = scripted(wire, (command) => {
      if (command.startsWith('06 22')) return [yes, status(held), done, () => one.remember(held)];
      if (command.startsWith('06 30'))
        return [yes, status({ amount: 1010, receipt: '42', trace: '42', original: '41' }), done];
      return undefined;
    });
    one.remember({ amount: 500, receipt: '40', trace: '40', auth: '111111' });
    const { start, run } = tillAt(one, wire);
    const terminal = await start();
    await run(terminal.book(zvt.preAuthorisation(eur(1010)), { key: 'P1' }));
    const heard = await run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(one.commands()).not.toContain('06 30');
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'voided' });
  });
});

describe.each(wires)('a terminal with long traces on %s', (wire) => {
  it('tells a void as a void', async () => {
    const { start, run, mock } = mocked(wire, {
      sales: [{ amount: 1010 }],
      faults: ['long-trace'],
    });
    mock.terminal.clerkVoids();
    const heard = await run((await start()).lastTransaction());
    expect(heard.result).toMatchObject({ transaction: { kind: 'void' } });
  });

  it('is not asked to void a void', async () => {
    const { start, run, mock } = mocked(wire, {
      sales: [{ amount: 1010 }],
      faults: ['long-trace'],
    });
    mock.terminal.clerkVoids();
    await run((await start()).voidTransaction(sale, ana));
    expect(mock.received.map(({ code }) => code)).not.toContain('06 30');
  });

  it("does not call a sale made because of a clerk's void of the same price", async () => {
    const { start, run, mock, ledger } = mocked(wire, {
      sales: [{ amount: 1010 }],
      faults: ['long-trace', 'silent-once@purchase'],
    });
    const terminal = await start();
    const heard = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(heard.error).toMatchObject({ effect: 'unknown' });
    mock.terminal.clerkVoids();
    const recovered = await run(terminal.recover());
    expect(ledger()).toEqual(['sale 1010', 'void 1010']);
    expect(recovered.result).not.toMatchObject({ outcome: 'approved' });
  });
});

describe('somebody else at the terminal', () => {
  it.each(wires)(
    'on %s: a clerk sells the same price at once; ours was never begun',
    async (wire) => {
      const { start, run, mock, ledger } = mocked(wire, {
        sales: [{ amount: 500 }],
        faults: ['silent-once@purchase'],
      });
      const terminal = await start();
      const heard = await run(terminal.purchase(sale, { key: 'K1' }));
      expect(heard.error).toMatchObject({ effect: 'unknown' });
      mock.terminal.clerkSells(1010);
      const recovered = await run(terminal.recover());
      expect(ledger()).toEqual(['sale 500', 'sale 1010']);
      expect(recovered.result).not.toMatchObject({ outcome: 'approved' });
    },
  );

  it.each(wires)('on %s: a clerk gives back the same price; ours was never begun', async (wire) => {
    const { start, run, mock } = mocked(wire, {
      sales: [{ amount: 500 }],
      faults: ['silent-once@purchase'],
    });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    mock.terminal.refund({ amount: 1010, ticket: '' });
    const recovered = await run(terminal.recover());
    expect(recovered.result).not.toMatchObject({ outcome: 'approved' });
  });
});

describe('on TCP', () => {
  it('a gap of six seconds in a 04 0F does not make the till answer with an error', async () => {
    const told = status({
      amount: 1010,
      receipt: '41',
      trace: '41',
      auth: '222222',
      more: '8B F0 F3 41 42 00',
    });
    const whole = told.split(' ');
    const one = scripted('tcp', (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            () => one.raw(whole.slice(0, 6).join(' ')),
            { ms: 6_000 },
            () => one.raw(whole.slice(6).join(' ')),
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, 'tcp');
    await run((await start()).purchase(sale, { key: 'K1' }));
    expect(one.heard.filter((text) => text.startsWith('84'))).toEqual([]);
  });
});

describe('on TCP, bytes of a class that nobody knows', () => {
  it('do not swallow the 04 0F behind them', async () => {
    const one = scripted('tcp', (command) =>
      command.startsWith('06 01')
        ? [
            yes,
            () => one.raw('50 01 00'),
            { ms: 1_000 },
            status({ amount: 1010, receipt: '41', trace: '41' }),
            done,
          ]
        : undefined,
    );
    one.remember({ amount: 500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, 'tcp');
    await run((await start()).purchase(sale, { key: 'K1' }));
    const after = one.heard.slice(one.heard.findIndex((text) => text.startsWith('06 01')) + 1);
    expect(after).toContain(yes);
  });
});

describe('card numbers and passwords', () => {
  it.each([
    ['track 2 in EMV tag 57', '06 12 57 10 41 11 11 11 11 11 11 11 D2 81 22 01 12 34 56 7F'],
    ['a number behind its length', '06 0C 1F 6C 09 08 41 11 11 11 11 11 11 11'],
    ['EMV print data', '06 0D 46 0B 9F 5A 08 41 11 11 11 11 11 11 11'],
  ])('%s leave in no event', async (_name, more) => {
    const one = scripted('tcp', () => undefined);
    const { start, run } = tillAt(one, 'tcp');
    const terminal = await start();
    await run(terminal.status());
    const strays: unknown[] = [];
    terminal.unsolicited$.subscribe((stray) => strays.push(stray));
    one.put(status({ amount: 1010, more }));
    await one.clock.advance(10);
    expect(strays).toHaveLength(1);
    expect(JSON.stringify(strays)).not.toContain('4111111111111111');
  });

  it.each([
    ['the new password of 06 95', '06 95 06 12 34 56 65 43 21', '654321'],
    ['the password of 06 52', '06 52 03 65 43 21', '654321'],
    ['the password of an unknown command', '08 31 03 65 43 21', '654321'],
  ])('%s is not decoded', (_name, text, secret) => {
    const told = describeApdu(bytes(text), 'till', { text: 'cp437', currency: 'EUR' });
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  it('the password is in nothing that is logged of the terminal', async () => {
    const one = scripted('tcp', () => undefined);
    const { start, run, journal } = tillAt(one, 'tcp');
    const terminal = await start();
    await run(terminal.status());
    await run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    const all = inspect([terminal, terminal.capabilities, await journal.known('zvt')], {
      depth: 20,
      showHidden: true,
      getters: true,
    });
    expect(all).not.toContain('123456');
  });
});

describe('keys', () => {
  it('a booking under a used key with another amount reserved is another command', async () => {
    const one = scripted('tcp', (command) =>
      command.startsWith('06 23')
        ? [yes, status({ amount: 1800, receipt: '41', trace: '41', original: '40' }), done]
        : undefined,
    );
    one.remember({ amount: 2500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, 'tcp');
    const terminal = await start();
    const about = { receiptNumber: '40', trace: '40' };
    const first = await run(
      terminal.book(zvt.bookPreAuthorisation(about, eur(1800), eur(2500)), { key: 'B1' }),
    );
    expect(first.result).toMatchObject({ outcome: 'approved' });
    const again = await run(
      terminal.book(zvt.bookPreAuthorisation(about, eur(1800), eur(3000)), { key: 'B1' }),
    );
    expect(again.error).toMatchObject({ code: 'key-reused' });
  });

  it('a reversed pre-authorisation that is not named by the answer is not believed', async () => {
    const one = scripted('tcp', (command) =>
      command.startsWith('06 25')
        ? [yes, status({ amount: 0, receipt: '42', trace: '42' }), done]
        : undefined,
    );
    one.remember({ amount: 2500, receipt: '40', trace: '40' });
    const { start, run } = tillAt(one, 'tcp');
    const heard = await run(
      (await start()).book(
        zvt.reversePreAuthorisation({ receiptNumber: '40', trace: '40' }, eur(2500)),
        { key: 'B1' },
      ),
    );
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'approved' });
  });
});
