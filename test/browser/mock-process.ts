import type { MockTerminalOptions } from '../../mocks/index.ts';
import { createMockTerminal, openPty } from '../../mocks/index.ts';

/** What the test asks of a terminal that runs beside it, and what it is answered. */
export type Asked =
  | { readonly do: 'open'; readonly path: string; readonly options: MockTerminalOptions }
  | { readonly do: 'unplug' | 'replug' | 'ledger' | 'close' }
  | { readonly do: 'sells'; readonly amount: number }
  | { readonly do: 'fault'; readonly fault: string }
  | { readonly do: 'well' };

export interface Booked {
  readonly kind: string;
  readonly amount: number;
}

type Mock = ReturnType<typeof createMockTerminal>;
let mock: Mock | undefined;
let pty: Awaited<ReturnType<typeof openPty>> | undefined;
let takeOff: (() => void)[] = [];

async function answer(asked: Asked): Promise<unknown> {
  if (asked.do === 'open') {
    mock = createMockTerminal({ ...asked.options, transport: 'serial', faults: [] });
    takeOff = (asked.options.faults ?? []).map((fault) => (mock as Mock).fault(fault));
    pty = await openPty(mock, { link: asked.path });
    return pty.path;
  }
  if (mock === undefined || pty === undefined) throw new Error('The terminal is not open.');
  switch (asked.do) {
    case 'unplug':
      return pty.unplug();
    case 'replug':
      return pty.replug();
    case 'sells':
      return mock.terminal.clerkSells(asked.amount).outcome;
    case 'fault':
      takeOff.push(mock.fault(asked.fault));
      return undefined;
    case 'well':
      for (const off of takeOff.splice(0)) off();
      return undefined;
    case 'ledger':
      return mock.terminal.ledger.map(
        (entry): Booked => ({
          kind: entry.kind,
          amount: entry.kind === 'settlement' ? entry.total : entry.sale.amount,
        }),
      );
    case 'close':
      mock.close();
      await pty.close();
      return undefined;
  }
}

process.on('message', (asked: Asked) => {
  answer(asked).then(
    (answered) => process.send?.({ answered }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
