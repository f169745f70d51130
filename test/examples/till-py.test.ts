import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Counter, type CounterOptions, openCounter } from './counter.ts';

const program = join(import.meta.dirname, '../../docs/examples/till.py');

const { status: python } = spawnSync('python3', ['--version']);
if (python !== 0)
  process.stderr.write(
    '\n*** NOT TESTED: docs/examples/till.py. There is no python3 on this machine. ***\n\n',
  );

interface Run {
  readonly status: number | null;
  readonly said: string;
  readonly told: string;
}

interface Going {
  readonly ended: Promise<Run>;
  /** Resolves when it has told the cashier something with these words in it. */
  hears(words: string): Promise<void>;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function counter(options: CounterOptions = {}): Promise<Counter> {
  const opened = await openCounter(options);
  closing.push(() => opened.close());
  return opened;
}

const token = (at: Counter, roles = 'query,sell,void') =>
  at.word('clients', 'add', 'kassa-1', '--roles', roles);

/** Starts the example; `said` is its standard output, `told` its standard error. */
function start(place: string, bearer: string, ...args: readonly string[]): Going {
  const child = spawn('python3', [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TILLWIRE_BRIDGE: place,
      TILLWIRE_TOKEN: bearer,
      TILLWIRE_PATIENCE: '60',
    },
  });
  closing.push(() => child.kill('SIGKILL'));
  let said = '';
  let told = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    told += text.toString();
  });
  const closed = once(child, 'close');
  return {
    ended: closed.then(([status]) => ({ status, said, told })),
    async hears(words) {
      while (!told.includes(words)) {
        if (child.exitCode !== null) throw new Error(`It ended without "${words}": ${said}${told}`);
        await once(child.stderr, 'data');
      }
    },
  };
}

const till = (place: string, bearer: string, ...args: readonly string[]): Promise<Run> =>
  start(place, bearer, ...args).ended;

/** Passes requests on, but for what `spoil` says is a request whose answer gets lost or becomes another. */
async function between(
  place: string,
  spoil: (asked: IncomingMessage, nth: number) => 'lost' | 401 | undefined,
): Promise<string> {
  let posts = 0;
  const server = createServer((asked, answer) => {
    const what = asked.method === 'POST' ? spoil(asked, ++posts) : undefined;
    if (what === 401) {
      answer.writeHead(401, { 'Content-Type': 'application/problem+json' });
      const detail = 'This token is not valid.';
      answer.end(JSON.stringify({ code: 'not-authenticated', effect: 'none', detail }));
      return;
    }
    const [host, port] = place.split(':');
    const { method = 'GET', url = '/', headers } = asked;
    const on = request({ host, port, method, path: url, headers: { ...headers, host: place } });
    on.on('response', (heard) => {
      if (what === 'lost') {
        asked.socket.destroy();
        return;
      }
      answer.writeHead(heard.statusCode ?? 500, heard.headers);
      heard.pipe(answer);
    });
    on.on('error', () => asked.socket.destroy());
    asked.pipe(on);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

const isSale = ({ url = '' }: IncomingMessage): boolean => url.endsWith('/sales');
const sold = { kind: 'sale', amount: 1500 };

it('the example in Python is short enough to be read whole', () => {
  expect(readFileSync(program, 'utf8').trimEnd().split('\n').length).toBeLessThan(150);
});

describe.skipIf(python !== 0)('the till in Python (skipped where there is no python3)', () => {
  it('pairs, sells, asks what was last, and takes it back once', async () => {
    const at = await counter();
    const code = await at.word('pair');
    const paired = await till(at.place, 'of nobody', 'pair', code, 'kassa-1');
    expect(paired).toMatchObject({ status: 0, told: '' });
    const bearer = paired.said.trim();

    const sale = await till(at.place, bearer, 'sell', 'S-1', '1500', 'A17');
    expect(sale.told).toContain('Waiting for the customer: PIN entry.');
    expect(sale.said).toContain('Paid: CLP 1,500, card 0461, operation 000001.');
    expect(sale.status).toBe(0);

    const last = await till(at.place, bearer, 'last');
    expect(last).toMatchObject({ status: 0, told: '' });
    expect(last.said).toContain('Last transaction: sale CLP 1,500');

    const voided = await till(at.place, bearer, 'void', 'V-1', '1500', 'ana', 'returned', 'A17');
    expect(voided.status).toBe(0);
    expect(voided.said).toContain('Voided by:     ana');
    expect(voided.said).toContain('The money goes back to the customer');

    const again = await till(at.place, bearer, 'void', 'V-1', '1500', 'ana', 'returned', 'A17');
    expect(again).toMatchObject({ status: 0 });
    const other = await till(at.place, bearer, 'void', 'V-2', '1500', 'ana', 'again');
    expect(other).toMatchObject({ status: 1 });
    expect(await at.terminal.ledger()).toEqual([sold, { kind: 'void', amount: 1500 }]);
  });

  it('says what is wrong, and that nothing moved', async () => {
    const at = await counter();
    const wrong = await till(at.place, 'of nobody', 'sell', 'S-1', '1500');
    expect(wrong).toMatchObject({ status: 4, said: '' });
    expect(wrong.told).toContain('not-authenticated');
    const nothing = await till(at.place, await token(at), 'sell', 'S-1', '0');
    expect(nothing).toMatchObject({ status: 4, said: '' });
    expect(nothing.told).toContain('amount');
    expect(await till(at.place, '', 'sing')).toMatchObject({ status: 2 });
    expect(await at.terminal.ledger()).toEqual([]);
  });

  it('waits for a service that is not there yet', async () => {
    const at = await counter();
    const bearer = await token(at);
    await at.kill();
    const sale = start(at.place, bearer, 'sell', 'S-1', '1500');
    await sale.hears('asking again');
    await at.startAgain();
    expect(await sale.ended).toMatchObject({ status: 0 });
    expect(await at.terminal.ledger()).toEqual([sold]);
  });

  it('sells once although the answer to its request gets lost', async () => {
    const at = await counter();
    const lossy = await between(at.place, (asked, nth) =>
      isSale(asked) && nth <= 2 ? 'lost' : undefined,
    );
    const sale = await till(lossy, await token(at), 'sell', 'S-1', '1500');
    expect(sale.told).toContain('asking again');
    expect(sale).toMatchObject({ status: 0 });
    expect(await at.terminal.ledger()).toEqual([sold]);
  });

  it('takes no refusal for a certain no after a request that nobody answered', async () => {
    const at = await counter();
    const lossy = await between(at.place, (_, nth) => (nth === 1 ? 'lost' : 401));
    const sale = await till(lossy, await token(at), 'sell', 'S-1', '1500');
    expect(sale).toMatchObject({ status: 3, said: '' });
    expect(sale.told).toContain('not-authenticated');
  });

  it('survives that the service is killed while the customer pays', async () => {
    const at = await counter({ mock: { thinkMs: 500 } });
    const sale = start(at.place, await token(at), 'sell', 'S-1', '1500');
    await sale.hears('PIN entry');
    await at.kill();
    await sale.hears('asking again');
    await at.startAgain();
    const { status, said, told } = await sale.ended;
    expect(told).toContain('It is not known if money moved');
    expect(said).toContain('Paid: CLP 1,500');
    expect(status).toBe(0);
    expect(await at.terminal.ledger()).toEqual([sold]);
  });

  it('finds out how a void ended whose answer was lost', async () => {
    const at = await counter({
      mock: { faults: ['no-answer@void'], sales: [{ amount: 1500 }] },
      timing: { answerMs: 1_500 },
    });
    const voided = await till(at.place, await token(at), 'void', 'V-1', '1500', 'ana', 'returned');
    expect(voided.told).toContain('It is not known if money moved');
    expect(voided.said).toContain('The money goes back to the customer');
    expect(voided.status).toBe(0);
  });

  it('leaves in doubt what this client may not find out', async () => {
    const at = await counter({
      mock: { faults: ['no-answer@purchase', 'empty-memory'] },
      timing: { answerMs: 1_500 },
    });
    const sale = await till(at.place, await token(at), 'sell', 'S-1', '1500');
    expect(sale.status).toBe(3);
    expect(sale.said).toContain('It is not known if money moved');
  });
});
