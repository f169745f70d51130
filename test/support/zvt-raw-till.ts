import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { zvtSetup } from '../../mocks/zvt-setup.ts';
import { toHex } from '../../src/framing/bytes.ts';
import { createFakeClock } from './fake-clock.ts';

export const hex = (bytes: Uint8Array): string =>
  (toHex(bytes).toUpperCase().match(/../g) ?? []).join(' ');

export const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));

/** The APDUs at the beginning of a stream, and what is left of it. Written out here, past the codec. */
function splitStream(stream: readonly number[]): { apdus: Uint8Array[]; rest: number[] } {
  const apdus: Uint8Array[] = [];
  let rest = [...stream];
  for (;;) {
    const long = rest[2] === 0xff;
    const header = long ? 5 : 3;
    if (rest.length < header) return { apdus, rest };
    const length = long ? (rest[3] ?? 0) + 256 * (rest[4] ?? 0) : (rest[2] ?? 0);
    if (rest.length < header + length) return { apdus, rest };
    apdus.push(Uint8Array.from(rest.slice(0, header + length)));
    rest = rest.slice(header + length);
  }
}

const isAnswer = ([first]: Uint8Array): boolean => first === 0x80 || first === 0x84;

/** What a till says to a command of the terminal: `undefined` is silence. */
export type Manners = (apdu: string) => string | undefined;

/** 80 00 00 to everything. */
export const polite: Manners = () => '80 00 00';

/**
 * A till that knows no more of ZVT on TCP than how long an APDU is, and a mock terminal on a fake clock.
 * `log` is what it heard, each APDU in hexadecimal behind the milliseconds since the last `send`.
 */
export async function zvtRawTill(options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', transport: 'tcp', clock, ...options });
  const transport = mockTransport(mock);
  const log: string[] = [];
  let since = clock.now();
  let manners = polite;
  let stream: number[] = [];

  const note = (text: string) => log.push(`${clock.now() - since} ${text}`);

  async function connect() {
    stream = [];
    const opened = await transport.open({
      data(chunk) {
        const { apdus, rest } = splitStream([...stream, ...chunk]);
        stream = rest;
        for (const apdu of apdus) {
          note(hex(apdu));
          const reply = isAnswer(apdu) ? undefined : manners(hex(apdu));
          if (reply !== undefined) opened.write(bytes(reply));
        }
      },
      closed: (reason) => note(reason.type),
    });
    return opened;
  }
  let connection = await connect();

  function send(apdu: string): void {
    since = clock.now();
    log.length = 0;
    connection.write(bytes(apdu));
  }

  return {
    clock,
    mock,
    terminal: mock.terminal,
    setup: zvtSetup(mock.terminal),
    log,
    send,
    /** Sends without beginning a new log. */
    add: (apdu: string) => connection.write(bytes(apdu)),
    /** Sends a command and lets time pass; gives what was heard, without the times. */
    async ask(apdu: string, ms = 1_000): Promise<string[]> {
      send(apdu);
      await clock.advance(ms);
      return log.map((line) => line.slice(line.indexOf(' ') + 1));
    },
    /** From now on. */
    replies(newManners: Manners) {
      manners = newManners;
    },
    async reconnect() {
      await connection.close();
      connection = await connect();
    },
    close: () => connection.close(),
    /** What really happened, in few words. */
    ledger: () =>
      mock.terminal.ledger.map((entry) =>
        entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
      ),
  };
}
