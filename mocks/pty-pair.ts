/** One end of a pseudo-terminal, as far as it is used here. */
export interface PtyStream {
  readonly writableLength: number;
  on(event: string, listener: (argument: unknown) => void): unknown;
  removeAllListeners(event: string): unknown;
  write(bytes: Uint8Array): unknown;
  pause(): unknown;
  destroy(): unknown;
}

export interface PtyPair {
  readonly path: string;
  readonly master: PtyStream;
  readonly slave: PtyStream;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isStream = (value: unknown): value is PtyStream =>
  isObject(value) && 'writableLength' in value && 'destroy' in value && 'pause' in value;

const missing =
  'Pseudo-terminals need the optional package @lydell/node-pty: npm install @lydell/node-pty';

async function openNative(): Promise<unknown> {
  const loaded: unknown = await import('@lydell/node-pty').catch((cause: unknown) => {
    throw new Error(missing, { cause });
  });
  // `open` makes a pair without a process in it; the package has it and does not declare it.
  if (!isObject(loaded) || !('open' in loaded) || typeof loaded.open !== 'function')
    throw new Error(missing);
  return loaded.open({ encoding: null });
}

/**
 * A fresh pair.
 *
 * The package's own object is for a pair with a process in it and is let go at once: its `destroy` and
 * `kill` would signal process -1, which is every process of the user.
 *
 * @throws {Error} on Windows, or when the optional package is not there.
 */
export async function makePty(): Promise<PtyPair> {
  if (process.platform === 'win32')
    throw new Error('There are no pseudo-terminals on Windows; use the mock in process instead.');
  const pair = await openNative();
  if (!isObject(pair) || !('master' in pair) || !('slave' in pair) || !('ptsName' in pair))
    throw new Error(missing);
  const { master, slave, ptsName } = pair;
  if (!isStream(master) || !isStream(slave) || typeof ptsName !== 'string')
    throw new Error(missing);
  // A reading slave would take the client's bytes.
  slave.pause();
  for (const stream of [master, slave]) {
    stream.removeAllListeners('error');
    // EIO is how the end of a pseudo-terminal looks; `close` follows.
    stream.on('error', () => undefined);
  }
  return { path: ptsName, master, slave };
}
