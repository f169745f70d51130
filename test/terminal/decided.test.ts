import { describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const protocols = [
  ['transbank', 'CLP'],
  ['transbank-autoservicio', 'CLP'],
  ['pax-poslink', 'USD'],
  ['allinpay-mis', 'CNY'],
  ['paycloud-ecrhub', 'USD'],
] as const;

const eva = { operator: 'eva', reason: 'seen on the voucher' };

/** A till that numbers its sales by tables: one reference comes again and again. */
async function tillOf(protocol: (typeof protocols)[number][0], currency: string) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ clock, protocol });
  let drawn = 0;
  const [journal, lock] = [memoryJournal(), memoryLock()];
  const query = protocol === 'paycloud-ecrhub' ? '?app-id=x' : '';
  const open = () =>
    openTerminal(`${protocol}${query}`, {
      transport: mockTransport(mock),
      journal,
      lock,
      world: { clock, random: (length) => String(++drawn).padStart(length, 'K') },
    });
  let terminal = await open();
  async function run<R>(command: Parameters<typeof listen<R>>[0]) {
    const watched = listen(command);
    await untilDone(clock, watched.heard);
    return watched.heard;
  }
  return {
    mock,
    run,
    terminal: () => terminal,
    sell: (ticket = '12', amount = 650) =>
      run(terminal.purchase({ amount: { amount, currency }, ticket })),
    sales: () => mock.terminal.ledger.filter(({ kind }) => kind === 'sale').length,
    async restart() {
      await terminal.close();
      terminal = await open();
    },
  };
}

type Till = Awaited<ReturnType<typeof tillOf>>;

/** Keeps the answer to the first sale from now on, and says it in front of or behind the ACK of the next. */
function answerLate({ mock }: Till, where: 'before-ack' | 'after-ack', also: boolean) {
  let late: Uint8Array | undefined;
  let first: unknown;
  let said = false;
  mock.use({
    transmit(piece, next) {
      if (piece.request?.command !== 'purchase') return next();
      first ??= piece.request;
      if (piece.request === first) {
        if (piece.kind !== 'answer') return next();
        late ??= piece.bytes.slice();
        return also ? next() : [];
      }
      const isPlace = piece.kind === 'ack' || piece.kind === 'answer';
      if (!isPlace || said || late === undefined) return next();
      said = true;
      const behind = where === 'after-ack' && piece.kind === 'ack';
      return behind ? [...next(), { bytes: late }] : [{ bytes: late }, ...next()];
    },
  });
}

describe.each(protocols)('on %s, a sale that a person has decided about', (protocol, currency) => {
  it.each([
    ['in front of the ACK', 'before-ack', false],
    ['behind the ACK', 'after-ack', false],
    ['in front of the ACK after a restart', 'before-ack', true],
    ['behind the ACK after a restart', 'after-ack', true],
  ] as const)(
    'and that is answered late, %s, is not the next one of its reference',
    async (_, where, restarted) => {
      const till = await tillOf(protocol, currency);
      await till.sell('7', 100);
      answerLate(till, where, false);
      expect((await till.sell()).error).toMatchObject({ effect: 'unknown' });
      await till.run(till.terminal().decide('approved', eva));
      if (restarted) await till.restart();
      till.mock.fault('declined-once@purchase');
      const second = await till.sell();
      expect(second.result?.outcome).not.toBe('approved');
      expect(till.sales()).toBe(2);
    },
  );

  it.each([false, true])(
    'does not keep its reference from being sold again (restart: %s)',
    async (restarted) => {
      const till = await tillOf(protocol, currency);
      await till.sell('7', 100);
      till.mock.fault('silent-once@purchase');
      expect((await till.sell()).error).toMatchObject({ effect: 'unknown' });
      await till.run(till.terminal().decide('not-approved', eva));
      if (restarted) await till.restart();
      expect((await till.sell()).result).toMatchObject({ outcome: 'approved' });
      expect((await till.sell()).result).toMatchObject({ outcome: 'approved' });
      expect(till.sales()).toBe(3);
    },
  );
});

// The order hub lists no code as a certain refusal.
const refusing = protocols.filter(([protocol]) => protocol !== 'paycloud-ecrhub');

describe.each(refusing)('on %s, a refusal', (protocol, currency) => {
  it('that is said once more behind the ACK of the next sale is not the answer to that', async () => {
    const till = await tillOf(protocol, currency);
    await till.sell('7', 100);
    answerLate(till, 'after-ack', true);
    till.mock.fault('declined-once@purchase');
    expect((await till.sell()).result).toMatchObject({ outcome: 'declined' });
    expect((await till.sell()).result?.outcome).not.toBe('declined');
    expect(till.sales()).toBe(2);
  });

  it('may come twice', async () => {
    const till = await tillOf(protocol, currency);
    await till.sell('7', 100);
    till.mock.fault('declined@purchase');
    expect((await till.sell()).result).toMatchObject({ outcome: 'declined' });
    expect((await till.sell()).result).toMatchObject({ outcome: 'declined' });
  });
});
