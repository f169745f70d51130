import { connect } from 'node:net';
import { SerialPort } from 'serialport';
import type { FaceName } from '../../mocks/faces.ts';
import { createMockTerminal, type TranscriptEntry } from '../../mocks/mock-terminal.ts';
import { openPty } from '../../mocks/pty.ts';
import { openTcp } from '../../mocks/tcp.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { ms, say, spread, table, times } from './figures.ts';

const thinkMs = 5;
const rounds = 150;
const warmUp = 10;

const cases = [
  ['transbank', 'serial'],
  ['ecr17', 'serial'],
  ['zvt', 'serial'],
  ['zvt', 'tcp'],
  ['privatbank', 'serial'],
  ['privatbank', 'tcp'],
] as const satisfies readonly (readonly [FaceName, 'serial' | 'tcp'])[];

const secrets = { zvt: { password: '000000' } } as const;

/** What the till says, and how many bytes the terminal answers before the till says more. */
interface Turn {
  readonly said: Uint8Array;
  readonly answered: number;
}

function turnsOf(transcript: readonly TranscriptEntry[]): Turn[] {
  const turns: { said: Uint8Array; answered: number }[] = [];
  for (const { from, bytes } of transcript) {
    const last = turns.at(-1);
    if (from === 'terminal' && last !== undefined) last.answered += bytes.length;
    else if (from === 'till') turns.push({ said: bytes, answered: 0 });
  }
  return turns;
}

/** The same bytes, without looking at them: as fast as this wire and this terminal can be. */
interface Wire {
  write(bytes: Uint8Array): void;
  end(): Promise<void>;
}

async function open(
  where: string,
  kind: 'serial' | 'tcp',
  heard: (bytes: number) => void,
): Promise<Wire> {
  if (kind === 'tcp') {
    const { hostname, port } = new URL(`tcp:${where}`);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('data', (chunk) => heard(chunk.length));
    return {
      write: (bytes) => void socket.write(bytes),
      end: () => new Promise((resolve) => socket.once('close', () => resolve()).destroy()),
    };
  }
  const port = new SerialPort({ path: where, baudRate: 115_200, lock: false, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((e) => (e ? reject(e) : resolve())));
  port.on('data', (chunk: Buffer) => heard(chunk.length));
  return {
    write: (bytes) => void port.write(bytes),
    end: () => new Promise((resolve) => port.drain(() => port.close(() => resolve()))),
  };
}

async function replay(where: string, kind: 'serial' | 'tcp', turns: readonly Turn[]) {
  let received = 0;
  let due = Number.POSITIVE_INFINITY;
  let whole = () => {};
  const wire = await open(where, kind, (bytes) => {
    received += bytes;
    if (received >= due) whole();
  });
  const figures = await measure(async () => {
    for (const { said, answered } of turns) {
      received = 0;
      due = answered;
      const done = new Promise<void>((resolve) => {
        whole = resolve;
      });
      wire.write(said);
      if (answered > 0) await done;
    }
  });
  await wire.end();
  return figures;
}

async function measure(ask: () => Promise<void>): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < rounds + warmUp; round++) {
    const start = performance.now();
    await ask();
    if (round >= warmUp) figures.push(performance.now() - start);
    // The terminal has to hear the last word before the next question.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return figures;
}

async function compare(protocol: FaceName, kind: 'serial' | 'tcp'): Promise<string[]> {
  const mock = createMockTerminal({
    protocol,
    transport: kind,
    thinkMs,
    sales: [{ amount: 1_500 }],
  });
  const place = kind === 'tcp' ? await openTcp(mock) : await openPty(mock);
  const where = 'where' in place ? place.where : place.path;
  const address = `${protocol}+${kind}:${where}${kind === 'serial' ? '?lock=no' : ''}`;
  const terminal = await openTerminal(address, protocol === 'zvt' ? { secrets: secrets.zvt } : {});
  const ask = async () => {
    const last = await resultOf(terminal.lastTransaction());
    if (last.outcome !== 'found') throw new Error(last.message);
  };
  await ask();
  const from = mock.transcript.length;
  await ask();
  const turns = turnsOf(mock.transcript.slice(from));
  const ours = await measure(ask);
  await terminal.close();
  const bare = await replay(where, kind, turns);
  await place.close();
  mock.close();
  const [mine, wire] = [spread(ours), spread(bare)];
  return [
    `${protocol}, ${kind}`,
    ms(wire.p50),
    ms(mine.p50),
    ms(mine.p50 - wire.p50),
    times(mine.p50 / wire.p50),
  ];
}

/** The last-transaction query of each protocol, beside the same bytes without anybody who reads them. */
export async function benchProtocols(): Promise<void> {
  say(`Last transaction of each protocol; the terminal thinks ${thinkMs} ms before each word, p50`);
  const rows: string[][] = [];
  for (const [protocol, kind] of cases) rows.push(await compare(protocol, kind));
  table([['', 'wire and thinking', 'Tillwire', 'added', 'times'], ...rows]);
}
