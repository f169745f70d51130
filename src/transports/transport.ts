/** What a connection tells its owner. Given at opening, so that no byte and no end is ever missed. */
export interface ConnectionListener {
  /** Bytes from the terminal, cut as the system happened to cut them. */
  data(chunk: Uint8Array): void;
  /** Called once, at the first sign of the end; nothing is delivered after it. */
  closed(reason: CloseReason): void;
}

export type CloseReason =
  /** We closed it. */
  | { readonly type: 'closed' }
  /** The device or the other side went away. */
  | { readonly type: 'lost'; readonly message: string; readonly cause?: unknown };

/**
 * One opening of a device. It is never reused: after its end, a new one is opened with a new epoch, so
 * that no byte meant for the old one can come out of the new one.
 */
export interface Connection {
  /** Counts the openings of this transport, from 1. */
  readonly epoch: number;
  /**
   * Hands bytes to the device. True: they were accepted while the connection was open in this same
   * tick. False: the connection had ended and not one byte left.
   */
  write(bytes: Uint8Array): boolean;
  /** Ends the connection; resolves when the device is released. May be called at any time. */
  close(): Promise<void>;
}

/** How bytes travel. The only layer that touches a device. */
export interface Transport {
  /** For messages: `serial:/dev/ttyACM0`. */
  readonly name: string;
  /**
   * Opens the device.
   * @throws {TerminalError} `no-such-device`, `no-permission`, `device-busy`, `bad-settings` or
   *   `connection-failed`, all with effect `none`.
   */
  open(listener: ConnectionListener): Promise<Connection>;
}
