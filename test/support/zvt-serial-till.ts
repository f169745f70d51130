import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { dleCrcDeframer } from '../../src/framing/dle-crc.ts';
import { createFakeClock } from './fake-clock.ts';
import { bytes, hex } from './zvt-raw-till.ts';

/** 80 00 00 as it goes on the line. */
const positive = '10 02 80 00 00 10 03 F5 1F';

/** What a till does with what it hears: ACK and NAK of the link, and its answer to a command. */
export interface SerialManners {
  /** The byte, or nothing, for a frame; `n` counts the frames from 1. */
  link(apdu: string, n: number): '06' | '15' | undefined;
  /** Answers the terminal's commands with 80 00 00. */
  answers(apdu: string): boolean;
}

export const politeOnSerial: SerialManners = { link: () => '06', answers: () => true };

/**
 * A till at a serial line that answers each frame with a byte and each command with 80 00 00, and a mock
 * terminal on a fake clock. `log` is what it heard, as it came, behind the milliseconds since `send`; an
 * APDU stands there without its framing when `apdus` is asked.
 */
export async function zvtSerialTill(options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', transport: 'serial', clock, ...options });
  const log: string[] = [];
  const apdus: string[] = [];
  let since = clock.now();
  let manners = politeOnSerial;
  let frames = 0;

  const transport = mockTransport(mock);

  async function connect() {
    const deframer = dleCrcDeframer();
    const opened = await transport.open({
      data(chunk) {
        log.push(`${clock.now() - since} ${hex(chunk)}`);
        for (const frame of deframer.push(chunk)) {
          if (frame.kind !== 'frame') continue;
          const apdu = hex(frame.data);
          apdus.push(frame.check === 'ok' ? apdu : `bad ${apdu}`);
          const byte = frame.check === 'bad' ? '15' : manners.link(apdu, ++frames);
          if (byte !== undefined) opened.write(bytes(byte));
          const isCommand = !/^8[04]/.test(apdu);
          if (byte === '06' && isCommand && manners.answers(apdu)) opened.write(bytes(positive));
        }
      },
      closed: (reason) => log.push(`${clock.now() - since} ${reason.type}`),
    });
    return opened;
  }
  let connection = await connect();

  return {
    clock,
    mock,
    log,
    apdus,
    /** Bytes as they are; begins a new log. */
    send(frame: string): void {
      since = clock.now();
      log.length = 0;
      apdus.length = 0;
      connection.write(bytes(frame));
    },
    add: (frame: string) => connection.write(bytes(frame)),
    /** Sends them, lets time pass, and gives what was heard, as it came and without the times. */
    async ask(frame: string, ms = 1_000): Promise<string[]> {
      this.send(frame);
      await clock.advance(ms);
      return log.map((line) => line.slice(line.indexOf(' ') + 1));
    },
    replies(newManners: Partial<SerialManners>) {
      manners = { ...politeOnSerial, ...newManners };
    },
    async reconnect() {
      await connection.close();
      connection = await connect();
    },
    ledger: () =>
      mock.terminal.ledger.map((entry) =>
        entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
      ),
  };
}
