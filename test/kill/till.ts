/** A till in a process of its own: orders come on stdin, one JSON object a line; what they say goes to stdout. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openTerminal, TerminalError } from '../../src/index.ts';
import type { ResultLike } from '../../src/messages/messages.ts';
import type { Command } from '../../src/terminal/command.ts';
import type { Terminal } from '../../src/terminal/terminal.ts';
import { type Order, timing } from './order.ts';

const [address = '', path = '', key = '', secrets = '{}'] = process.argv.slice(2);

// Straight to the descriptor: what was said is said before the process can be killed.
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

function command(terminal: Terminal, order: Order): Command<ResultLike> {
  const ana = { operator: 'ana', reason: 'out of stock' };
  switch (order.do) {
    case 'purchase': {
      const { amount, ticket } = order;
      const request = { amount, ...(ticket !== undefined && { ticket }) };
      return terminal.purchase(request, { key: order.key });
    }
    case 'void': {
      const target = { amount: order.amount, ...order.sale };
      return terminal.voidTransaction(target, { ...ana, key: order.key });
    }
    case 'recover':
      return terminal.recover();
    case 'settle':
      return terminal.settle();
    case 'decide':
      return terminal.decide(order.decision, ana);
  }
}

const carryOut = (terminal: Terminal, order: Order): Promise<void> =>
  new Promise((resolve) => {
    command(terminal, order).subscribe({
      next(event) {
        say(event.type === 'result' ? { type: 'result', ...event.result } : event);
      },
      error(error: unknown) {
        const { code, effect, intent } = error instanceof TerminalError ? error : {};
        const message = error instanceof Error ? error.message : String(error);
        say({ type: 'error', code, effect, intent, message });
        resolve();
      },
      complete: resolve,
    });
  });

const terminal = await openTerminal(address, {
  journal: { path, key },
  timing,
  secrets: JSON.parse(secrets),
});
for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line);
  await carryOut(terminal, order);
}
await terminal.close();
