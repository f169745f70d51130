import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bridge, BridgeError, type CommandEventView } from '../../src/client/index.ts';
import { openServedBridge, type ServedBridge } from './served-bridge.ts';

let served: ServedBridge;
let token: string;

beforeAll(async () => {
  served = await openServedBridge();
  token = served.tokenFor('till', 'query', 'sell', 'void', 'admin');
});

afterAll(() => served?.close());

const till = (given: Partial<ConstructorParameters<typeof Bridge>[0]> = {}) =>
  new Bridge({ url: served.url, token, ...given });

const front = 'front';
const ana = { operator: 'ana', reason: 'returned' };

/** The error that it ends with. */
const refusal = async (asked: Promise<unknown>): Promise<BridgeError> => {
  const error = await asked.then(
    () => undefined,
    (why: unknown) => why,
  );
  if (error instanceof BridgeError) return error;
  throw new Error(`It is not refused: ${String(error)}`);
};

/** Notes with which `Last-Event-ID` streams are opened. */
function notingFetch() {
  const opened: (string | null)[] = [];
  const noting: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (headers.get('Accept') === 'text/event-stream') opened.push(headers.get('Last-Event-ID'));
    return fetch(input, init);
  };
  return { opened, noting };
}

/** Those that the till has made. */
const salesMade = () =>
  served.mock.terminal.ledger.filter(({ kind, by }) => kind === 'sale' && by === 'till');

describe('a till that is paired', () => {
  it('gets a token of its own for the code, and with it what the code was made for', async () => {
    const code = served.pairingCode('query');
    const paired = await Bridge.pair({ url: served.url }, { code, name: 'kassa-2' });
    expect(paired).toMatchObject({ client: 'kassa-2', roles: ['query'] });
    expect(await till({ token: paired.token }).me()).toEqual({
      client: 'kassa-2',
      roles: ['query'],
    });
  });

  it('is told when the code is wrong, in a refusal that moved nothing', async () => {
    const wrong = Bridge.pair({ url: served.url }, { code: '000000', name: 'kassa-3' });
    expect(await refusal(wrong)).toMatchObject({
      code: 'pairing-failed',
      status: 403,
      effect: 'none',
    });
  });
});

describe('a command', () => {
  it('is begun, watched and read to its end', async () => {
    const bridge = till({ language: 'es' });
    const begun = await bridge.lastTransaction(front);
    expect(begun).toMatchObject({ terminal: front, kind: 'last-transaction' });
    const ended = await bridge.outcome(begun);
    expect(ended.result).toMatchObject({ outcome: 'found', transaction: { last4: '0461' } });
    expect(ended.result?.operatorMessage).toContain('tarjeta 0461');
  });

  it('is followed over lost connections, each event once, from where it was', async () => {
    const { opened, noting } = notingFetch();
    const bridge = till({ fetch: noting });
    const takeOff = served.mock.fault('late-answer-once@purchase=1500');
    const begun = await bridge.sell(front, { amount: 2000 }, 'S-1');
    const events: CommandEventView[] = [];
    for await (const event of bridge.events(begun.id)) {
      events.push(event);
      if (event.type === 'acknowledged') served.cut();
    }
    takeOff();
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, n) => n + 1));
    expect(events.at(-1)).toMatchObject({ type: 'result', result: { outcome: 'approved' } });
    expect(opened).toHaveLength(2);
    expect(ids.slice(0, -1).map(String)).toContain(opened[1]);
    expect(salesMade()).toHaveLength(1);
  });

  it('has its outcome waited for over a lost connection, and by two that wait', async () => {
    const bridge = till();
    const takeOff = served.mock.fault('late-answer-once@void=1200');
    const begun = await bridge.void(front, { amount: 2000, ...ana }, 'V-1');
    const waiting = [bridge.outcome(begun), till().outcome(begun.id)];
    setTimeout(served.cut, 300);
    for (const ended of await Promise.all(waiting))
      expect(ended).toMatchObject({ state: 'done', result: { outcome: 'voided' } });
    takeOff();
  });

  it('is the same one under the same key, whoever asks again', async () => {
    const again = await till().sell(front, { amount: 2000 }, 'S-1');
    expect(again).toMatchObject({ id: 'till.S-1', state: 'done' });
    expect(await refusal(till().sell(front, { amount: 2001 }, 'S-1'))).toMatchObject({
      code: 'key-reused',
      effect: 'none',
    });
    expect(salesMade()).toHaveLength(1);
  });

  it('goes on when nobody watches any more', async () => {
    const bridge = till();
    const takeOff = served.mock.fault('late-answer-once@purchase=800');
    const begun = await bridge.sell(front, { amount: 3000 }, 'S-2');
    const leaving = new AbortController();
    const watched = bridge.outcome(begun, { signal: leaving.signal });
    leaving.abort(new Error('the till was closed'));
    await expect(watched).rejects.toThrow('the till was closed');
    expect(await bridge.outcome('till.S-2')).toMatchObject({ result: { outcome: 'approved' } });
    takeOff();
  });

  it('is listed with others, the newest first', async () => {
    const listed = await till().commands({ limit: 2 });
    expect(listed.map(({ id }) => id)).toEqual(['till.S-2', 'till.V-1']);
    expect(await till().commands({ state: 'in-doubt' })).toEqual([]);
  });
});

describe('what happens on the service', () => {
  it('begins with everything, and goes on with what changes, over a lost connection too', async () => {
    const { opened, noting } = notingFetch();
    const bridge = till({ fetch: noting });
    const types: string[] = [];
    for await (const event of bridge.watch()) {
      types.push(event.type);
      if (types.length === 1) {
        served.cut();
        // What was open for the next request is gone as well, and fetch has to notice first.
        setTimeout(() => void bridge.status(front), 100);
      }
      if (event.type === 'command' && event.command.state === 'done') break;
    }
    expect(types[0]).toBe('snapshot');
    expect(types.filter((type) => type === 'snapshot')).toHaveLength(1);
    expect(opened).toHaveLength(2);
    expect(opened[1]).not.toBeNull();
  });

  it('is not told to a client without the role for it, and does not ask again and again', async () => {
    const bridge = till({ token: served.tokenFor('blind', 'sell') });
    expect(await refusal(bridge.watch().next())).toMatchObject({ code: 'forbidden' });
  });
});

describe('a refusal of the service', () => {
  it.each<[string, (bridge: Bridge) => Promise<unknown>]>([
    ['unknown-terminal', (bridge) => bridge.status('nowhere')],
    ['unknown-command', (bridge) => bridge.command('till.never')],
    ['unknown-command', (bridge) => bridge.outcome('till.never')],
    ['unknown-command', (bridge) => bridge.cancel('till.never')],
    ['bad-request', (bridge) => bridge.sell(front, { amount: 15.5 }, 'S-9')],
    ['bad-request', (bridge) => bridge.sell(front, { amount: 1500 }, 'a key with blanks')],
    [
      'not-in-doubt',
      (bridge) => bridge.decide(front, { command: 'till.S-1', decision: 'approved', ...ana }),
    ],
    ['not-found', (bridge) => bridge.read('/v1/nothing')],
    ['not-authenticated', () => till({ token: 'tw_nobody' }).me()],
    ['not-authenticated', () => new Bridge({ url: served.url }).terminals()],
    ['forbidden', () => till({ token: served.tokenFor('asker', 'query') }).settle(front)],
  ])('is a BridgeError with its code: %s', async (code, ask) => {
    const error = await refusal(ask(till()));
    expect(error).toMatchObject({ name: 'BridgeError', code, effect: 'none' });
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.message).not.toBe('');
  });

  it('names what is wrong with a body, path by path', async () => {
    const error = await refusal(till().sell(front, { amount: 0 }, 'S-9'));
    expect(error.errors).toMatchObject([{ path: 'amount' }]);
  });

  it('says how long to wait where there were too many requests', async () => {
    const slow = await openServedBridge({ requestsPerSecond: 1, burst: 1 });
    const bridge = new Bridge({ url: slow.url, token: slow.tokenFor('till', 'query') });
    await bridge.me();
    const error = await refusal(bridge.me());
    expect(error).toMatchObject({ code: 'too-many-requests', status: 429, effect: 'none' });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    await slow.close();
  });
});

describe('a service that is not there', () => {
  const nowhere = new Bridge({ url: 'http://127.0.0.1:9', token: 'tw_x' });

  it.each<[string, Promise<unknown>]>(
    [
      ['a sale', nowhere.sell(front, { amount: 1 }, 'k')],
      ['a refund', nowhere.refund(front, { amount: 1 }, 'k')],
      ['a void', nowhere.void(front, { amount: 1, ...ana }, 'k')],
      ['a settlement', nowhere.settle(front)],
    ].map(([name, asked]) => [name as string, refusal(asked as Promise<unknown>)]),
  )('leaves it open whether %s was taken', async (_, refused) => {
    expect(await refused).toMatchObject({ code: 'unreachable', effect: 'unknown' });
    expect(((await refused) as BridgeError).message).toContain('ask again with the same key');
  });

  it.each<[string, Promise<unknown>]>([
    ['status', refusal(nowhere.status(front))],
    ['last transaction', refusal(nowhere.lastTransaction(front))],
    ['totals', refusal(nowhere.totals(front))],
    ['recovery', refusal(nowhere.recover(front))],
    ['greeting', refusal(nowhere.greeting())],
    ['command', refusal(nowhere.command('till.S-1'))],
  ])('has certainly moved nothing by being asked: %s', async (_, refused) => {
    expect(await refused).toMatchObject({ code: 'unreachable', effect: 'none' });
  });

  it('is told from something else that answers in its place', async () => {
    const other = createServer((_, answer) => answer.end('<html>a printer</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const bridge = new Bridge({ url: `http://127.0.0.1:${port}`, token: 'tw_x' });
    expect(await refusal(bridge.me())).toMatchObject({ code: 'unreadable', effect: 'none' });
    expect(await refusal(bridge.sell(front, { amount: 1 }, 'k'))).toMatchObject({
      code: 'unreadable',
      effect: 'unknown',
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
