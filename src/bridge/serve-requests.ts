import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { codeOf } from '../journal/failure.ts';
import type { Audit, Refusal } from './audit.ts';
import { type ProblemCode, problemBody } from './problem.ts';
import { type RawRefusal, rawRefusal } from './raw-request.ts';
import type { Running } from './running.ts';
import { answerHeaders } from './security-headers.ts';

export interface NodeEnv {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

export type Fetch = (request: Request, env: NodeEnv) => Response | Promise<Response>;

const problemType = 'application/problem+json';

/** Hands requests to `fetch`; what is none is answered here, and everything refused is in the audit. */
export function serveRequests(server: Server, fetch: Fetch, running: Running, audit: Audit): void {
  const respond = getRequestListener(
    async (request, { outgoing }) => {
      if (!(outgoing instanceof ServerResponse)) throw new TypeError('HTTP/2 is not served');
      const response = await fetch(request, { incoming: outgoing.req, outgoing });
      const type = response.headers.get('Content-Type');
      if (type?.startsWith('text/event-stream') === true) running.isStream(outgoing);
      return response;
    },
    { overrideGlobalObjects: false, errorHandler: failureOf },
  );

  const refuse = (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    refusal: RawRefusal,
  ): void => {
    audit.record({
      what: 'denied',
      ...refusal,
      address: incoming.socket.remoteAddress ?? '',
      ...(incoming.method !== undefined && { method: incoming.method }),
      path: (incoming.url ?? '').replace(/\?.*/s, ''),
    });
    const body = bodyOf(refusal);
    outgoing.writeHead(refusal.status, headersOf(body)).end(body);
  };

  server.on('request', (incoming, outgoing) => {
    running.begin(outgoing, incoming.socket);
    // Ended for a client that was removed, or gone: whoever still writes to it must not end the service.
    outgoing.on('error', () => {});
    const refusal = rawRefusal(incoming);
    if (refusal === undefined) void respond(incoming, outgoing);
    else refuse(incoming, outgoing, refusal);
  });
  server.on('checkExpectation', (incoming, outgoing) => {
    refuse(incoming, outgoing, { status: 417, why: 'malformed', detail: 'Expect: 100-continue.' });
  });

  /** Where there is no answer object: the words themselves. */
  const hangUp = (socket: Duplex, refusal: RawRefusal, method?: string): void => {
    const address = socket instanceof Socket ? (socket.remoteAddress ?? '') : '';
    audit.record({ what: 'denied', ...refusal, address, ...(method !== undefined && { method }) });
    socket.on('error', () => {});
    const isFree = socket instanceof Socket && !running.isAnswering(socket);
    if (!socket.writable || !isFree) {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(refusal), () => socket.destroy());
  };

  server.on('clientError', (error, socket) => {
    const refusal = parserRefusal(codeOf(error));
    // A browser opens connections in advance and may never use them; one that is gone is no attack.
    const isSilent = socket instanceof Socket && socket.bytesRead === 0;
    if (refusal === undefined || isSilent) socket.destroy();
    else hangUp(socket, refusal);
  });
  server.on('connect', (_request, socket) => {
    const detail = 'This is no proxy.';
    hangUp(socket, { status: 405, why: 'method-not-allowed', detail }, 'CONNECT');
  });
  const drop = (why: Refusal, address = ''): void => audit.record({ what: 'denied', why, address });
  server.on('drop', (from) => drop('too-many-connections', from?.remoteAddress));
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    if (codeOf(error) !== 'ECONNRESET') drop('no-tls', socket.remoteAddress);
  });
}

/** What Node's parser says (llhttp, and Node's own time limits); undefined when the other side hung up. */
function parserRefusal(code: string): RawRefusal | undefined {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return undefined;
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, why: 'too-large', detail: 'The headers are too long.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, why: 'too-slow', detail: 'The request took too long to arrive.' };
    default:
      return { status: 400, why: 'malformed', detail: `This is no request (${code}).` };
  }
}

const problemCodes: Readonly<Partial<Record<Refusal, ProblemCode>>> = {
  'too-large': 'too-large',
  'method-not-allowed': 'method-not-allowed',
};

const bodyOf = ({ status, why, detail }: RawRefusal): string =>
  JSON.stringify(problemBody(status, problemCodes[why] ?? 'bad-request', detail));

const headersOf = (body: string): Readonly<Record<string, string>> => ({
  ...answerHeaders,
  'Content-Type': problemType,
  'Content-Length': String(Buffer.byteLength(body)),
  Connection: 'close',
});

function rawAnswer(refusal: RawRefusal): string {
  const body = bodyOf(refusal);
  const lines = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`;
  return `${[status, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** What the app itself did not answer. Nothing from inside is said. */
function failureOf(error: unknown): Response {
  const isRequest = error instanceof RequestError;
  const status = isRequest ? 400 : 500;
  const code = isRequest ? 'bad-request' : 'internal';
  const detail = isRequest ? 'This is no request.' : 'The service has an error.';
  return new Response(JSON.stringify(problemBody(status, code, detail)), {
    status,
    headers: { ...answerHeaders, 'Content-Type': problemType },
  });
}
