import {
  createMockTerminal,
  type MockTerminal,
  mockTransport,
  openPty,
} from '../../mocks/index.ts';
import {
  type Command,
  type CommandEvent,
  clp,
  formatMoney,
  openTerminal,
  resultOf,
  type Terminal,
} from '../index.ts';

/**
 * The main job on the mock terminal: a sale, the question what the terminal did last, the void with its
 * checks and its voucher, and a second void that is told it is done already.
 */
const say = (text = '') => process.stdout.write(`${text}\n`);

const mock = createMockTerminal({ protocol: 'transbank', thinkMs: 250 });
const { wire, open, close } = await connect(mock);

say('Tillwire: a till and a payment terminal, without hardware.');
say(`The terminal is simulated; ${wire}.`);
await using terminal = await open();

say();
say('1. The till sells for CLP 1,500.');
const sale = await follow(terminal.purchase({ amount: clp(1500), ticket: '000042' }));
say(`   ${sale.message}`);
if (sale.outcome !== 'approved') throw new Error(sale.message);

say();
say('2. The customer brings it back. What did the terminal do last?');
const last = await follow(terminal.lastTransaction());
if (last.outcome !== 'found') throw new Error(last.message);
const { amount, last4 = '', operationNumber = '', ticket = '' } = last.transaction;
say(
  `   ${formatMoney(amount)}, card ending in ${last4}, operation ${operationNumber}, ticket ${ticket}.`,
);

say();
say('3. Somebody asks for the wrong amount. Nothing may happen.');
const who = { operator: 'ana', reason: 'customer returned it' };
const wrong = await follow(terminal.voidTransaction({ amount: clp(15000) }, who));
say(`   ${wrong.message}`);

say();
say('4. The right one: checked, voided, and checked again.');
const target = { amount, operationNumber };
const taken = await follow(terminal.voidTransaction(target, { ...who, confirm: agree }));
say(`   ${taken.message}`);

say();
say('5. Once more, by mistake.');
const again = await follow(terminal.voidTransaction(target, who));
say(`   ${again.message}`);

say();
const voids = mock.terminal.ledger.filter((entry) => entry.kind === 'void').length;
say(`The terminal's own ledger: ${voids} void. Once, never twice, never the wrong one.`);
await terminal.close();
await close();

/** Shows what a command says on its way to its result. */
async function follow<R>(command: Command<R>): Promise<R> {
  command.subscribe({ next: (event) => show(event), error: () => {} });
  return resultOf(command);
}

function show(event: CommandEvent<unknown>): void {
  if (event.type === 'prompt') say(`   ... ${event.text}`);
  if (event.type === 'receipt') for (const line of event.lines) say(`   | ${line.padEnd(40)} |`);
}

async function agree(): Promise<boolean> {
  say('   ... the cashier confirms');
  return true;
}

/** Over a real serial port where the system has pseudo-terminals, in this process otherwise. */
async function connect(mock: MockTerminal): Promise<{
  wire: string;
  open(): Promise<Terminal>;
  close(): Promise<void>;
}> {
  try {
    const pty = await openPty(mock);
    return {
      wire: `a real serial port leads to it, ${pty.path}`,
      open: () => openTerminal(`transbank+serial:${pty.path}`),
      close: () => pty.close(),
    };
  } catch {
    return {
      wire: 'it runs in this process, since this system has no pseudo-terminals',
      open: () => openTerminal('transbank', { transport: mockTransport(mock) }),
      close: async () => mock.close(),
    };
  }
}
