import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server and what is running on each of them. */
export interface Running {
  begin(outgoing: ServerResponse, socket: Socket): void;
  /** This answer goes on until somebody ends it. */
  isStream(outgoing: ServerResponse): void;
  /** Something of an answer has left on this connection, and nothing else can be said there. */
  isAnswering(socket: Socket): boolean;
  /**
   * Ends idle connections at once, streams a moment later, the others when they have answered or after
   * `graceMs`.
   */
  close(graceMs: number): Promise<void>;
}

/** How long an event stream may go on when the service ends, milliseconds. */
const lastWordMs = 250;

export function createRunning(server: Server): Running {
  /** With TLS, a connection is two sockets of which the outer one is never asked anything. */
  const sockets = new Set<Socket>();
  const answers = new Map<Socket, Set<ServerResponse>>();
  const streams = new Set<ServerResponse>();
  let isClosing = false;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', keep);
  server.on('secureConnection', keep);

  const ended = (outgoing: ServerResponse, socket: Socket): void => {
    streams.delete(outgoing);
    const all = answers.get(socket);
    all?.delete(outgoing);
    if (all !== undefined && all.size > 0) return;
    answers.delete(socket);
    if (isClosing) socket.destroySoon();
  };

  return {
    begin(outgoing, socket) {
      const all = answers.get(socket) ?? new Set();
      answers.set(socket, all.add(outgoing));
      outgoing.once('close', () => ended(outgoing, socket));
    },
    isStream(outgoing) {
      streams.add(outgoing);
    },
    isAnswering: (socket) =>
      [...(answers.get(socket) ?? [])].some(({ headersSent }) => headersSent),
    close: (graceMs) =>
      new Promise((resolve) => {
        isClosing = true;
        const force = setTimeout(() => {
          server.closeAllConnections();
          for (const socket of sockets) socket.destroy();
        }, graceMs);
        // Whoever writes to a stream is told to end as well, and may have a last word.
        const endStreams = setTimeout(
          () => {
            for (const stream of streams) stream.end();
          },
          Math.min(lastWordMs, graceMs / 2),
        );
        server.close(() => {
          clearTimeout(force);
          clearTimeout(endStreams);
          resolve();
        });
        // One that never said anything counts as busy with Node, and as idle here.
        const busy = new Set(Array.from(answers.keys(), farEnd));
        for (const socket of sockets) if (!busy.has(farEnd(socket))) socket.destroy();
      }),
  };
}

const farEnd = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
