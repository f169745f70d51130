import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { codeOf, said } from '../journal/failure.ts';
import { TerminalError } from '../model/error.ts';
import type { Audit } from './audit.ts';
import { badListen, chooseBind, ownHosts, ownOrigins, ownUrl } from './bind.ts';
import type { Limits } from './guard.ts';
import { mostHeaders } from './raw-request.ts';
import { createRunning } from './running.ts';
import { type Fetch, serveRequests } from './serve-requests.ts';

/** Paths of PEM files. They are read at the start. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly tls?: TlsFiles;
  /** How many clients there are; none, and only loopback is served. */
  clients(): number;
  readonly audit: Audit;
  readonly limits: Limits;
  /** How long running requests may take at the end, milliseconds. Default 5 000. */
  readonly graceMs?: number;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Every Host under which it can be reached, the port with it. */
  readonly hosts: readonly string[];
  /** The Origins of its own page. */
  readonly origins: readonly string[];
  /** Takes no more requests, lets running ones end, ends event streams. */
  close(): Promise<void>;
}

const keepAliveMs = 10_000;
const defaultGraceMs = 5_000;

/** Bytes of all headers together. */
const headerBytes = 8_192;

/**
 * Serves `fetch` on a port.
 * @throws {TerminalError} `bad-settings`: the address is not allowed, is in use or is not this machine's; TLS files
 */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<Listening> {
  const { host, tls, limits, audit } = options;
  const scheme = tls === undefined ? 'http' : 'https';
  const bind = await chooseBind({ host, hasTls: tls !== undefined, clients: options.clients() });
  const server = tls === undefined ? createServer(serverOptions(limits)) : tlsServer(tls, limits);
  server.maxConnections = limits.connections;
  server.maxHeadersCount = mostHeaders;
  server.keepAliveTimeout = keepAliveMs;
  const running = createRunning(server);
  serveRequests(server, fetch, running, audit);
  const port = await bound(server, bind.address, options.port);
  const hosts = ownHosts(host, port, scheme);
  return {
    url: ownUrl(host, port, scheme),
    port,
    hosts,
    origins: ownOrigins(hosts, scheme),
    close: () => running.close(options.graceMs ?? defaultGraceMs),
  };
}

const serverOptions = ({ headersMs, requestMs }: Limits): ServerOptions => ({
  headersTimeout: Math.min(headersMs, requestMs),
  requestTimeout: requestMs,
  // Node looks for connections that are over their time this often, and its own 30 s are far beyond them.
  connectionsCheckingInterval: Math.max(50, Math.floor(Math.min(headersMs, requestMs, 4_000) / 4)),
  maxHeaderSize: headerBytes,
  insecureHTTPParser: false,
  requireHostHeader: false,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
});

function tlsServer({ cert, key }: TlsFiles, limits: Limits): Server {
  const files = { cert: readTls('cert', cert), key: readKey(key) };
  try {
    return createTlsServer({
      ...serverOptions(limits),
      ...files,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.headersMs,
    });
  } catch (cause) {
    throw badTls(
      'key',
      `${key} does not go with ${cert}, or one is no PEM (${said(cause)}).`,
      cause,
    );
  }
}

function readTls(field: 'cert' | 'key', path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw badTls(field, `${path} cannot be read (${said(cause)}).`, cause);
  }
}

function readKey(path: string): Buffer {
  const key = readTls('key', path);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0)
    throw badTls('key', `everybody may read ${path}; run: chmod o= ${path}`);
  return key;
}

const badTls = (field: 'cert' | 'key', why: string, cause?: unknown): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `bridge.tls.${field}: ${why}`,
    cause === undefined ? {} : { cause },
  );

function bound(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(badListen(bindFailure(cause, address, port), cause)));
    server.listen({ host: address, port }, () => {
      server.removeAllListeners('error');
      // A connection that cannot be taken (no more file descriptors) must not end the service.
      server.on('error', () => {});
      const at = server.address();
      resolve(typeof at === 'object' && at !== null ? at.port : port);
    });
  });
}

function bindFailure(cause: Error, address: string, port: number): string {
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return `another program listens on port ${port} of ${address}.`;
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine.`;
    case 'EACCES':
      return `this user may not listen on port ${port}.`;
    default:
      return `it is not possible to listen on port ${port} of ${address} (${said(cause)}).`;
  }
}
