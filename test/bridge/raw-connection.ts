import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What no HTTP client would send: `bytes` as they are. Everything that comes back until the other side hangs up. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const said = readAll(socket);
  socket.write(bytes, 'latin1');
  return said;
}

export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  // A reset is an answer, too.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}

/** One request on a connection of its own. */
export async function raw(
  port: number,
  requestLine: string,
  headers: readonly string[],
  body = '',
): Promise<RawAnswer> {
  const lines = [requestLine, 'Connection: close', ...headers];
  return parseAnswer(await sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${body}`));
}
