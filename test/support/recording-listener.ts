import type { CloseReason, ConnectionListener } from '../../src/transports/transport.ts';

/** A connection's owner that writes down what it is told. */
export interface RecordingListener extends ConnectionListener {
  readonly closings: readonly CloseReason[];
  /** Resolves at the first end. */
  readonly ended: Promise<CloseReason>;
  bytes(): Uint8Array;
  /** Resolves with everything received, once that is `count` bytes. */
  receive(count: number): Promise<Uint8Array>;
}

export function recordingListener(): RecordingListener {
  const chunks: Uint8Array[] = [];
  const closings: CloseReason[] = [];
  const checks = new Set<() => void>();
  let tellEnd: (reason: CloseReason) => void = () => {};
  const ended = new Promise<CloseReason>((resolve) => {
    tellEnd = resolve;
  });

  function bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(chunks));
  }

  return {
    closings,
    ended,
    bytes,
    data(chunk) {
      chunks.push(chunk);
      for (const check of checks) check();
    },
    closed(reason) {
      closings.push(reason);
      tellEnd(reason);
    },
    receive(count) {
      return new Promise((resolve) => {
        function check() {
          if (bytes().length < count) return;
          checks.delete(check);
          resolve(bytes());
        }
        checks.add(check);
        check();
      });
    },
  };
}
