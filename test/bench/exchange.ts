import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SerialPort } from 'serialport';
import { requestFrame, requests } from '../../src/protocols/transbank/requests.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { ms, say, spread, table, times } from './figures.ts';

const bin = join(import.meta.dirname, '../../dist/src/cli/main.js');

interface Client {
  readonly name: string;
  ask(): Promise<void>;
  close(): Promise<void>;
}

/** Bare serialport: request, wait for the whole answer by its known length, acknowledge. */
async function bare(path: string): Promise<Client> {
  const port = new SerialPort({ path, baudRate: 115200, lock: false, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((e) => (e ? reject(e) : resolve())));
  const request = requestFrame(requests.lastSale('integrado'));
  let received = Buffer.alloc(0);
  let whole = () => {};
  port.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const etx = received.indexOf(0x03);
    if (etx > 0 && received.length === etx + 2) whole();
  });
  return {
    name: 'bare serialport',
    ask: () =>
      new Promise<void>((resolve) => {
        received = Buffer.alloc(0);
        whole = () => {
          port.write(Uint8Array.of(0x06));
          resolve();
        };
        port.write(request);
      }),
    // The terminal has to hear the last acknowledgement, or it says NAK to the next client.
    close: () => new Promise((resolve) => port.drain(() => port.close(() => resolve()))),
  };
}

async function tillwire(path: string): Promise<Client> {
  const terminal = await openTerminal(`transbank+serial:${path}?lock=no`);
  await resultOf(terminal.status());
  return {
    name: 'Tillwire',
    ask: async () => {
      const last = await resultOf(terminal.lastTransaction());
      if (last.outcome !== 'found') throw new Error(last.message);
    },
    close: () => terminal.close(),
  };
}

interface OfficialSdk {
  connect(path: string): Promise<unknown>;
  disconnect(): Promise<unknown>;
  getLastSale(): Promise<{ successful: boolean }>;
}

async function official(path: string): Promise<Client> {
  const { POSIntegrado }: { POSIntegrado: new () => OfficialSdk } = createRequire(import.meta.url)(
    'transbank-pos-sdk',
  );
  const pos = new POSIntegrado();
  await pos.connect(path);
  return {
    name: 'transbank-pos-sdk 4.0.0',
    ask: async () => {
      const last = await pos.getLastSale();
      if (!last.successful) throw new Error('the SDK found no sale');
    },
    close: async () => {
      await pos.disconnect();
    },
  };
}

type Connect = (path: string) => Promise<Client>;

/** The same question by each client in turn, on the same pseudo-terminal and the same mock. */
async function compare(thinkMs: number, clients: readonly Connect[], rounds: number, each: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const path = join(folder, 'terminal');
  const args = [bin, 'mock', 'transbank', '--pty', path, '--sale', '1500', '--think', `${thinkMs}`];
  const mock = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => createInterface({ input: mock.stdout }).once('line', resolve));
  try {
    return await takeTurns(path, thinkMs, clients, rounds, each);
  } finally {
    mock.kill('SIGTERM');
    await new Promise((resolve) => mock.once('close', resolve));
    rmSync(folder, { recursive: true });
  }
}

async function takeTurns(
  path: string,
  thinkMs: number,
  clients: readonly Connect[],
  rounds: number,
  each: number,
) {
  const added = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++)
    for (const connect of clients) {
      const client = await connect(path);
      const figures = added.get(client.name) ?? [];
      added.set(client.name, figures);
      for (let i = 0; i < each + 2; i++) {
        const start = performance.now();
        await client.ask();
        // The first questions on a connection warm it up.
        if (i >= 2) figures.push(performance.now() - start - thinkMs);
      }
      await client.close();
    }
  return added;
}

function report(title: string, added: Map<string, number[]>): void {
  say(title);
  const bareP50 = spread(added.get('bare serialport') ?? []).p50;
  table([
    ['', 'p50', 'p99', 'p50 against bare'],
    ...[...added].map(([name, figures]) => {
      const { p50, p99 } = spread(figures);
      return [name, ms(p50), ms(p99), times(p50 / bareP50)];
    }),
  ]);
}

/** What a driver adds to the last-transaction query, above the wire and the terminal's thinking. */
export async function benchExchange(): Promise<void> {
  const alone = await compare(5, [bare, tillwire], 8, 100);
  report('Last transaction, added latency; terminal thinks 5 ms', alone);
  say();
  // The SDK tells a frame by the silence behind it, so the terminal has to pause longer than 100 ms.
  const all = await compare(120, [bare, tillwire, official], 4, 15);
  report('The same with the official SDK; terminal thinks 120 ms', all);
  const p50 = (name: string) => spread(all.get(name) ?? []).p50;
  say(
    `  The SDK adds ${times(p50('transbank-pos-sdk 4.0.0') / p50('Tillwire'))} what Tillwire adds.`,
  );
}
