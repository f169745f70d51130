import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { control, stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { createFakeClock } from './fake-clock.ts';

/** What a bare till does with a frame whose check agrees. */
type Manners = 'ack' | 'nak' | 'silence';

const word = (frame: Frame): string => {
  switch (frame.kind) {
    case 'frame':
      return `${frame.check === 'ok' ? '' : 'bad '}${fromLatin1(frame.data)}`;
    case 'control':
      return frame.name;
    case 'noise':
      return `${frame.reason} ${toHex(frame.bytes)}`;
  }
};

/**
 * A till that knows nothing but ACK, NAK and frames, and a mock terminal on a fake clock. `log` is what
 * it heard, each line with the milliseconds since the last `ask` or `send`.
 */
export async function bareTill(options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'transbank', clock, ...options });
  const transport = mockTransport(mock);
  const log: string[] = [];
  const chunks: string[] = [];
  let since = clock.now();
  let manners: Manners = 'ack';

  const note = (text: string) => log.push(`${clock.now() - since} ${text}`);

  async function connect() {
    const deframer = stxEtxLrcDeframer();
    const connection = await transport.open({
      data(chunk) {
        chunks.push(toHex(chunk));
        for (const frame of deframer.push(chunk)) {
          note(word(frame));
          if (frame.kind !== 'frame') continue;
          const reply = frame.check === 'bad' ? 'nak' : manners;
          if (reply === 'ack') connection.write(Uint8Array.of(control.ACK));
          if (reply === 'nak') connection.write(Uint8Array.of(control.NAK));
        }
      },
      closed: (reason) => note(reason.type),
    });
    return connection;
  }
  let connection = await connect();

  function write(bytes: Uint8Array): void {
    since = clock.now();
    log.length = 0;
    chunks.length = 0;
    connection.write(bytes);
  }

  return {
    clock,
    mock,
    terminal: mock.terminal,
    log,
    /** The same, as it was cut on the way, in hexadecimal. */
    chunks,
    write,
    /** Sends a request and does not wait. */
    send: (data: string) => write(stxFrame(toLatin1(data))),
    /** Sends a request and lets time pass; gives what was heard. */
    async ask(data: string, ms = 1_000): Promise<readonly string[]> {
      write(stxFrame(toLatin1(data)));
      await clock.advance(ms);
      return [...log];
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
  };
}
