import type { SerialPort } from 'serialport';
import { TerminalError } from '../model/error.ts';
import { inTime } from './serial-deadline.ts';
import type { CloseReason, Connection, ConnectionListener } from './transport.ts';

/** Some drivers never come back from opening a device that is there but dead. In milliseconds. */
export const OPENING_LIMIT_MS = 10_000;
/** How long a close waits for bytes that the device has not taken yet. In milliseconds. */
const LAST_WRITE_MS = 500;

export interface SerialConnection extends Connection {
  readonly ended: boolean;
  /** Resolves when the device is released, whoever ended the connection. Never rejects. */
  readonly released: Promise<void>;
}

/**
 * One SerialPort object for one connection. The object is never opened again: serialport keeps bytes
 * that were written to a closed port and sends them at the next opening, so an old command could reach
 * the terminal minutes later; and after a failed write the object opens again but stays dead.
 *
 * `prepare` runs on the open port before anybody can write.
 * @throws what serialport said, or a TerminalError `connection-failed`; the device is released then and
 *   the listener hears of no end.
 */
export async function connectSerialPort(
  port: SerialPort,
  listener: ConnectionListener,
  nextEpoch: () => number,
  prepare: () => Promise<void>,
): Promise<SerialConnection> {
  let state: 'opening' | 'open' | 'ended' = 'opening';
  let lastWrite: Promise<void> | undefined;
  let resolveReleased = () => {};
  const released = new Promise<void>((resolve) => {
    resolveReleased = resolve;
  });

  // The listeners stay for good: after a failed write serialport reports an error and two closings.
  port.on('data', (chunk: Buffer) => {
    // The chunk is a window on serialport's receive pool, each part of which is used only once. Answers
    // carry card data, so the pool is wiped here. (`chunk.slice()` would not copy: it is a Buffer.)
    const copy = new Uint8Array(chunk);
    chunk.fill(0);
    if (state !== 'ended') listener.data(copy);
  });
  for (const sign of ['error', 'close', 'end'] as const) port.on(sign, lost);

  function lost(cause?: unknown): void {
    release();
    end({
      type: 'lost',
      message: `The connection to ${port.path} was lost: the device was unplugged, or its other side closed it`,
      ...(cause ? { cause } : {}),
    });
  }

  function end(reason: CloseReason): void {
    const told = state === 'open';
    state = 'ended';
    if (told) listener.closed(reason);
  }

  /** Called at every sign of the end, until nothing is held any more. */
  function release(): void {
    if (port.isOpen) port.close(release);
    else if (!port.opening && !port.closing) {
      port.destroy();
      resolveReleased();
    }
  }

  async function giveUp(): Promise<void> {
    state = 'ended';
    // Bytes still waiting would otherwise keep the device for up to 30 s (Linux), and then leave late.
    if (lastWrite && !(await inTime(lastWrite, LAST_WRITE_MS)) && port.isOpen) {
      await new Promise((resolve) => port.flush(resolve));
    }
    release();
    await released;
  }

  const opening = new Promise<Error | null>((resolve) => port.open(resolve));
  if (!(await inTime(opening, OPENING_LIMIT_MS))) {
    state = 'ended';
    void opening.then(giveUp);
    throw failed(`${port.path} did not open within ${OPENING_LIMIT_MS / 1000} s`);
  }
  const refusal = await opening;
  if (refusal) {
    await giveUp();
    throw refusal;
  }
  try {
    await prepare();
  } catch (cause) {
    await giveUp();
    throw cause;
  }
  if (!port.isOpen) {
    await giveUp();
    throw failed(`${port.path} went away while it was being opened`);
  }
  state = 'open';

  return {
    epoch: nextEpoch(),
    released,
    get ended() {
      return state === 'ended';
    },
    write(bytes) {
      if (state !== 'open' || !port.isOpen) return false;
      lastWrite = new Promise((resolve) => port.write(Buffer.from(bytes), () => resolve()));
      return true;
    },
    async close() {
      if (state === 'open') {
        void giveUp();
        listener.closed({ type: 'closed' });
      }
      await released;
    },
  };
}

function failed(message: string): TerminalError {
  return new TerminalError('connection-failed', 'none', `${message}.`);
}
