import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ackFaults } from '../../mocks/ack-faults.ts';
import { answerFaults } from '../../mocks/answer-faults.ts';
import { garblingFaults } from '../../mocks/garbling-faults.ts';
import { lineFaults } from '../../mocks/line-faults.ts';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { openPty } from '../../mocks/pty.ts';
import { terminalFaults } from '../../mocks/terminal-faults.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import type { Money } from '../../src/model/money.ts';
import type { Target } from '../../src/model/transaction.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

/** Every fault that is not of one protocol alone. */
export const commonFaults: readonly string[] = Object.keys({
  ...ackFaults,
  ...garblingFaults,
  ...lineFaults,
  ...terminalFaults,
  ...answerFaults,
});

export const ana = { operator: 'ana', reason: 'out of stock' };

/** A till and a terminal of a profile on one fake clock. */
export async function profileTill(
  currency: string,
  options: Partial<MockTerminalOptions> & Pick<MockTerminalOptions, 'protocol'>,
  query = '',
) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ clock, ...options });
  let drawn = 0;
  const journal = memoryJournal();
  const lock = memoryLock();
  /** Another program, or the same one after a restart; it may speak in another way. */
  const open = (other = query, more: TerminalOptions = {}) =>
    openTerminal(`${options.protocol}${other}`, {
      transport: mockTransport(mock),
      journal,
      lock,
      world: {
        clock,
        random: (length) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
      },
      ...more,
    });
  const terminal = await open();
  const money = (amount: number) => ({ amount, currency });

  /** Runs a command to its end. */
  async function run<R>(command: Parameters<typeof listen<R>>[0]) {
    const watched = listen(command);
    await untilDone(clock, watched.heard);
    return { events: watched.events, ...watched.heard };
  }

  return {
    clock,
    mock,
    journal,
    terminal,
    money,
    open,
    run,
    sell: (amount: number) => run(terminal.purchase({ amount: money(amount) })),
    takeBack: (amount: number, named: object = {}, how: object = {}) =>
      run(terminal.voidTransaction({ amount: money(amount), ...named }, { ...ana, ...how })),
    last: () => run(terminal.lastTransaction()),
    /** What the terminal has booked. */
    booked: () =>
      mock.terminal.ledger.map((entry) =>
        'sale' in entry ? `${entry.kind} ${entry.sale.amount}` : entry.kind,
      ),
    /** The names of the requests that it could read. */
    asked: () => mock.received.map(({ code }) => code),
  };
}

const pick = ({ ticket }: Partial<Target>) => (ticket === undefined ? {} : { ticket });

/** An error stands in a list of outcomes by its code. */
const codeOf = (error: unknown) => ({ outcome: String(Reflect.get(Object(error), 'code')) });

/** Short time-outs, for where time runs. */
const timing = {
  acknowledgementMs: 400,
  answerMs: 1_500,
  interByteMs: 200,
  quietMs: 50,
  recoveryMs: 20_000,
};

/** Sale, query, void, second void, settlement, through the real serial stack and a real pseudo-terminal. */
export async function onSerialPort(
  protocol: MockTerminalOptions['protocol'],
  query: string,
  amount: Money,
  named: Partial<Target>,
) {
  const mock = createMockTerminal({ protocol, thinkMs: 5 });
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-'));
  const pty = await openPty(mock, { link: join(folder, 'terminal') });
  const address = `${protocol}+serial:${pty.path}${query}`;
  const terminal = await openTerminal(address, { timing, journal: memoryJournal() });
  const target = { ...named, amount };
  try {
    const results = [
      await resultOf(terminal.purchase({ amount, ...pick(named) })),
      await resultOf(terminal.lastTransaction()),
      await resultOf(terminal.voidTransaction(target, ana)),
      await resultOf(terminal.voidTransaction(target, ana)).catch(codeOf),
      await resultOf(terminal.settle()),
    ];
    return {
      outcomes: results.map(({ outcome }) => outcome),
      kinds: mock.terminal.ledger.map(({ kind }) => kind),
    };
  } finally {
    await terminal.close();
    await pty.close();
    await rm(folder, { recursive: true });
  }
}
