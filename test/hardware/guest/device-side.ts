import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** How often to look for bytes, in milliseconds. */
const pollMs = 3;
/** How long a write may find no room before its bytes are dropped, in milliseconds. */
const writeLimitMs = 3_000;

const isAgain = (error: unknown): boolean => Reflect.get(Object(error), 'code') === 'EAGAIN';

/**
 * The device's side of a gadget's function. Opened non-blocking and polled: a blocking read in the thread
 * pool would keep the process from ever ending, because neither closing nor unplugging wakes it.
 */
export class DeviceSide {
  readonly #onData: (bytes: Uint8Array) => void;
  readonly #buffer = Buffer.alloc(4096);
  readonly #outgoing: { readonly bytes: Uint8Array; readonly until: number }[] = [];
  readonly #timer: NodeJS.Timeout;
  #fd: number | undefined;

  constructor(path: string, onData: (bytes: Uint8Array) => void) {
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    this.#fd = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    this.#onData = onData;
    this.#timer = setInterval(() => this.#turn(), pollMs);
  }

  /** One write: for HID one report. In order; waits while the other side takes nothing. */
  send(bytes: Uint8Array): void {
    this.#outgoing.push({ bytes, until: performance.now() + writeLimitMs });
    this.#write();
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #turn(): void {
    try {
      while (this.#fd !== undefined) {
        const count = readSync(this.#fd, this.#buffer);
        if (count === 0) break;
        this.#onData(new Uint8Array(this.#buffer.subarray(0, count)));
      }
    } catch (error) {
      // Anything else: it was unplugged, and who pulled the plug knows.
      if (!isAgain(error)) this.close();
    }
    this.#write();
  }

  #write(): void {
    for (let next = this.#outgoing[0]; next !== undefined; next = this.#outgoing[0]) {
      if (this.#fd === undefined) return;
      try {
        const count = writeSync(this.#fd, next.bytes);
        this.#outgoing.shift();
        if (count < next.bytes.length)
          this.#outgoing.unshift({ ...next, bytes: next.bytes.subarray(count) });
      } catch (error) {
        if (isAgain(error) && performance.now() < next.until) return;
        this.#outgoing.shift();
      }
    }
  }
}
