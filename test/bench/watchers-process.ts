import { Agent, get } from 'node:http';

export type WatchersAsked =
  | { readonly do: 'open'; readonly url: string; readonly token: string; readonly count: number }
  /** Answers at once, and once more with a number when each of them has been told something since. */
  | { readonly do: 'expect' };

/** Milliseconds since the epoch, finer than `Date.now()`. */
const now = () => performance.timeOrigin + performance.now();

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
/** Of each watcher: whether it has been told something since it was asked to expect it. */
let told: boolean[] = [];
let waiting = 0;

function hears(n: number): void {
  if (told[n] !== false) return;
  told[n] = true;
  waiting -= 1;
  if (waiting === 0) process.send?.(now());
}

/** Watches everything; resolves when the snapshot has come. */
const watch = (n: number, url: string, token: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` };
    const request = get(`${url}/v1/events`, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
      answer.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('event: snapshot')) resolve();
        else if (text.includes('event: ')) hears(n);
      });
      answer.on('close', () => process.send?.({ failed: 'a stream has ended' }));
    });
    request.on('error', reject);
  });

async function open(url: string, token: string, count: number): Promise<void> {
  const began = now();
  for (let n = 0; n < count; n += 50)
    await Promise.all(
      Array.from({ length: Math.min(50, count - n) }, (_, m) => watch(n + m, url, token)),
    );
  process.send?.(now() - began);
}

process.on('message', (asked: WatchersAsked) => {
  if (asked.do === 'open') {
    told = new Array<boolean>(asked.count).fill(true);
    open(asked.url, asked.token, asked.count).catch((error: unknown) =>
      process.send?.({ failed: String(error) }),
    );
    return;
  }
  waiting = told.length;
  told.fill(false);
  process.send?.('ready');
});
process.once('disconnect', () => process.exit());
