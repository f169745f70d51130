import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number;
  readonly event?: string;
  readonly data?: { readonly device?: string };
  readonly error?: { readonly desc: string };
}

/** QEMU's own control line: devices come and go by it. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #removed = new Map<string, () => void>();
  #last = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    createInterface({ input: socket }).on('line', (line) => {
      const message: Message = JSON.parse(line);
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
      if (message.event === 'DEVICE_DELETED') this.#removed.get(message.data?.device ?? '')?.();
    });
  }

  static async open(path: string): Promise<Qmp> {
    const socket = connect(path);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const qmp = new Qmp(socket);
    await qmp.#call('qmp_capabilities', {});
    return qmp;
  }

  plug(id: string, driver: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#call('device_add', { driver, id, ...properties });
  }

  /** Resolves when the guest has let go of it. */
  async unplug(id: string): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      this.#removed.set(id, resolve);
    });
    await this.#call('device_del', { id });
    await gone;
  }

  close(): void {
    this.#socket.destroy();
  }

  #call(execute: string, args: object): Promise<void> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve();
        else reject(new Error(`QEMU: ${error.desc}`));
      });
      this.#socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
    });
  }
}
