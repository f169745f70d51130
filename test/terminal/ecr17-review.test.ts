import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { openTcp } from '../../mocks/tcp.ts';
import { ecr17Control, ecr17Frame } from '../../src/framing/ecr17-frame.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { type Fields, write } from '../../src/protocols/ecr17/fixed-width.ts';
import { answerTables } from '../../src/protocols/ecr17/layouts.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const ana = { operator: 'ana', reason: 'out of stock' };

type Medium = 'serial' | 'tcp';

/** A till and an ECR17 terminal on one fake clock, on a line that stays open or as on TCP. */
async function createTill(medium: Medium = 'tcp', options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'ecr17', clock, transport: medium, ...options });
  const connection = medium === 'tcp' ? 'per-command' : 'kept';
  let drawn = 0;
  const journal = memoryJournal();
  const lock = memoryLock();
  const terminal = await openTerminal(`ecr17?connection=${connection}`, {
    transport: mockTransport(mock),
    journal,
    lock,
    world: {
      clock,
      random: (length) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
    },
  });

  /** Runs a command to its end. */
  async function run<R>(command: Parameters<typeof listen<R>>[0]) {
    const watched = listen(command);
    await untilDone(clock, watched.heard);
    return watched;
  }

  return {
    clock,
    mock,
    journal,
    terminal,
    run,
    sell: (amount: number) => run(terminal.purchase({ amount: eur(amount) })),
    takeBack: (amount: number) => run(terminal.voidTransaction({ amount: eur(amount) }, ana)),
    /** What the terminal has booked. */
    booked: () =>
      mock.terminal.ledger.map((entry) =>
        'sale' in entry ? `${entry.kind} ${entry.sale.amount}` : entry.kind,
      ),
  };
}

type Till = Awaited<ReturnType<typeof createTill>>;

const common = { terminalId: '75001637', code: 'E', cardType: '2', acquirerId: '00000000003' };

const refusal = (name: 'E84' | 'E92', fields: Fields): Uint8Array =>
  ecr17Frame(
    write(answerTables[name].ko, { ...common, result: '01', text: 'NON AUTORIZZATA', ...fields }),
    'std',
  );

const approval = (fields: Fields): Uint8Array =>
  ecr17Frame(
    write(answerTables.E92.ok, {
      ...common,
      result: '00',
      last4: '0461',
      cardReading: 'CLI',
      authorisationCode: '252985',
      time: '0020304',
      ...fields,
    }),
    'std',
  );

/** A frame comes while the customer is asked for the card: an old answer, late. */
function comesLate({ mock }: Till, command: 'purchase' | 'void', bytes: Uint8Array): void {
  let come = false;
  mock.use({
    transmit(piece, next, bench) {
      if (piece.kind === 'status' && piece.request?.command === command && !come) {
        come = true;
        bench.put(bytes);
      }
      return next();
    },
  });
}

/** The answers to `s` and `G` are ready at any time, also while a payment is under way. */
function tellsAtWork({ mock }: Till): void {
  const last = new Map<string, Uint8Array>();
  const ack = ecr17Control('ACK', 'std');
  let put: (bytes: Uint8Array) => void = () => {};
  mock.use({
    install(bench) {
      put = bench.put;
      return () => {};
    },
    transmit(piece, next) {
      if (piece.kind === 'answer' && piece.request !== undefined)
        last.set(piece.request.code, piece.bytes);
      return next();
    },
    receive({ bytes, request }, next) {
      const told = last.get(String.fromCharCode(bytes[10] ?? 0));
      if (request?.command !== 'purchase' || told === undefined) return next();
      put(ack);
      put(told);
      return new Uint8Array();
    },
  });
}

describe('a terminal that ends its TCP connection after everything', () => {
  const createClosing = (...faults: string[]) =>
    createTill('tcp', { faults: ['closes-after-everything', ...faults] });

  it('sells, takes back, tells', async () => {
    const till = await createClosing();
    expect((await till.sell(650)).heard.result).toMatchObject({ outcome: 'approved' });
    expect((await till.takeBack(650)).heard.result).toMatchObject({ outcome: 'voided' });
    for (const command of [till.terminal.status(), till.terminal.totals()])
      expect((await till.run<unknown>(command)).heard.error).toBeUndefined();
  });

  it('settles', async () => {
    const till = await createClosing();
    await till.sell(650);
    const { heard } = await till.run(till.terminal.settle());
    expect(heard).toMatchObject({ result: { outcome: 'settled' } });
  });

  it.each([
    ['no-answer-once@purchase', 'approved'],
    ['power-loss-before-booking-once@purchase', 'not-approved'],
  ])('is asked after a sale under %s: %s', async (fault, outcome) => {
    const till = await createClosing();
    await till.sell(1_000);
    till.mock.fault(fault);
    expect((await till.sell(650)).heard.error).toMatchObject({ effect: 'unknown' });
    const { heard } = await till.run(till.terminal.recover());
    expect(heard).toMatchObject({ result: { outcome } });
  });

  it('is asked after a void that was lost', async () => {
    const till = await createClosing();
    await till.sell(1_000);
    till.mock.fault('no-answer-once@void');
    expect((await till.takeBack(1_000)).heard.error).toMatchObject({ effect: 'unknown' });
    const { heard } = await till.run(till.terminal.recover());
    expect(heard).toMatchObject({ result: { outcome: 'voided' } });
  });

  it('is sold at again after a NAK that its last result has proved', async () => {
    const till = await createClosing();
    await till.sell(1_000);
    till.mock.fault('nak-once@purchase');
    expect((await till.sell(650)).heard).toMatchObject({ result: { outcome: 'approved' } });
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
  });
});

describe('over real sockets', () => {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function plugged(faults: readonly string[] = []) {
    const mock = createMockTerminal({ protocol: 'ecr17', thinkMs: 1, faults });
    const tcp = await openTcp(mock);
    endings.push(async () => {
      await tcp.close();
      mock.close();
    });
    const journal = memoryJournal();
    async function open(place: string) {
      const terminal = await openTerminal(`ecr17+tcp:${place}`, {
        journal,
        timing: { answerMs: 300, acknowledgementMs: 300, recoveryMs: 1, quietMs: 20 },
      });
      endings.push(() => terminal.close());
      return terminal;
    }
    return { mock, tcp, open };
  }

  it.each([[[]], [['closes-after-everything']], [['never-closes']]])(
    'with %j sells and takes back, ten times',
    async (faults) => {
      const { tcp, open } = await plugged(faults);
      const terminal = await open(tcp.where);
      for (let amount = 100; amount < 110; amount++) {
        const sold = await resultOf(terminal.purchase({ amount: eur(amount) }));
        expect(sold).toMatchObject({ outcome: 'approved' });
        const taken = await resultOf(terminal.voidTransaction({ amount: eur(amount) }, ana));
        expect(taken).toMatchObject({ outcome: 'voided' });
      }
    },
  );

  it('a port with zeros before it is the same place: a sale in doubt there blocks the next', async () => {
    const { mock, tcp, open } = await plugged(['never-closes']);
    const first = await open(`//127.0.0.1:${tcp.port}`);
    mock.fault('no-answer@purchase');
    await expect(
      resultOf(first.purchase({ amount: eur(650) }, { key: 'A' })),
    ).rejects.toMatchObject({ effect: 'unknown' });
    await first.close();
    const second = await open(`//127.0.0.1:0${tcp.port}`);
    await expect(resultOf(second.purchase({ amount: eur(700) }))).rejects.toMatchObject({
      code: 'unresolved-transaction',
    });
  });
});

describe.each<Medium>(['serial', 'tcp'])('on %s', (medium) => {
  it('a late "no" to an earlier sale does not end the one under way', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    comesLate(till, 'purchase', refusal('E92', { stan: '000001', amount: '1000' }));
    const { heard } = await till.sell(650);
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
    expect(heard.result).not.toMatchObject({ outcome: 'declined' });
  });

  it('a late "no" to an earlier void does not end the one under way', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    comesLate(till, 'void', refusal('E84', { stan: '000000' }));
    const { heard } = await till.takeBack(1_000);
    expect(till.booked()).toEqual(['sale 1000', 'void 1000']);
    expect(heard.result).not.toMatchObject({ outcome: 'declined' });
  });

  it('the result of an earlier sale of the same amount approves no other', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    await till.sell(1_000);
    till.mock.fault('declined@purchase');
    comesLate(till, 'purchase', approval({ stan: '000001', amount: '650' }));
    const { heard } = await till.sell(650);
    expect(till.booked()).toEqual(['sale 650', 'sale 1000']);
    expect(heard.result).not.toMatchObject({ outcome: 'approved' });
  });

  it('a void that was lost and not made is not taken for the one a clerk made of another sale', async () => {
    const till = await createTill(medium);
    till.mock.terminal.nextCard({ last4: '1111' });
    await till.sell(100);
    await till.sell(650);
    till.mock.fault('power-loss-before-booking-once@void');
    await till.takeBack(650);
    till.mock.terminal.clerkVoids(({ trace }) => trace === '000001');
    const { heard } = await till.run(till.terminal.recover());
    expect(till.booked()).toEqual(['sale 100', 'sale 650', 'void 100']);
    expect(heard.result).not.toMatchObject({ outcome: 'voided' });
  });

  it('a void is not denied by a terminal that keeps no reversals', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    let kept: Uint8Array | undefined;
    till.mock.use({
      transmit(piece, next) {
        if (piece.kind !== 'answer' || piece.request?.code !== 'G') return next();
        kept ??= piece.bytes;
        return next({ ...piece, bytes: kept });
      },
    });
    till.mock.fault('no-answer-once@void');
    await till.takeBack(650);
    const { heard } = await till.run(till.terminal.recover());
    expect(till.booked()).toEqual(['sale 650', 'void 650']);
    expect(heard.result).not.toMatchObject({ outcome: 'not-voided' });
  });

  it('a sale that the host declined, its answer lost, is found out to be none', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    till.mock.fault('declined@purchase');
    till.mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.command === 'purchase' ? [] : next(),
    });
    await till.sell(650);
    const { heard } = await till.run(till.terminal.recover());
    expect(heard).toMatchObject({ result: { outcome: 'not-approved' } });
  });

  it('late frames do not fill the journal without end', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    let put: (bytes: Uint8Array) => void = () => {};
    till.mock.use({
      install(bench) {
        put = bench.put;
        return () => {};
      },
    });
    till.mock.fault('silent@purchase');
    await till.sell(650);
    const watched = listen(till.terminal.status());
    await till.clock.advance(0);
    for (let n = 0; n < 2_000; n++) put(refusal('E92', { stan: String(n % 900).padStart(6, '0') }));
    await untilDone(till.clock, watched.heard);
    const [open] = await till.journal.open('ecr17');
    expect(open?.entries.length).toBeLessThan(1_000);
  });
});

describe('a terminal that tells its last result while it is at work', () => {
  const slow = async () => {
    const till = await createTill('serial', { thinkMs: 1_000 });
    await till.sell(1_000);
    tellsAtWork(till);
    return till;
  };

  it('is given its own time, not that of the one who asks', async () => {
    const till = await slow();
    till.mock.terminal.host.latencyMs = 100_000;
    const lost = listen(till.terminal.purchase({ amount: eur(650) }));
    await till.clock.advance(6_000);
    till.mock.unplug();
    await untilDone(till.clock, lost.heard);
    till.mock.replug();
    const { heard } = await till.run(till.terminal.recover({ timeoutMs: 5_000 }));
    await till.clock.advance(200_000);
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
    expect(heard.result).not.toMatchObject({ outcome: 'not-approved' });
  });

  it('is given its own time from the last that was heard of it', async () => {
    const till = await slow();
    till.mock.terminal.host.latencyMs = 140_000;
    // The customer takes a minute each for card and PIN; each prompt is a sign of life.
    till.mock.use({
      transmit: (piece, next) =>
        piece.kind === 'status' && piece.request?.command === 'purchase'
          ? [{ afterMs: 60_000 }, ...next()]
          : next(),
    });
    const lost = listen(till.terminal.purchase({ amount: eur(650) }));
    await till.clock.advance(200_000);
    till.mock.unplug();
    await untilDone(till.clock, lost.heard);
    till.mock.replug();
    const { heard } = await till.run(till.terminal.recover());
    await till.clock.advance(300_000);
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
    expect(heard.result).not.toMatchObject({ outcome: 'not-approved' });
  });
});
