import type { LineSettings } from '../model/line-settings.ts';
import type { Transport } from './transport.ts';

/** What a terminal's address says to its transport. */
export interface TransportAddress {
  readonly protocol: string;
  /** The protocol's own line settings, where the address says nothing else. */
  readonly line: LineSettings;
  readonly where: string;
  /** Where the protocol's terminals listen on TCP, when the address does not say. */
  readonly defaultPort?: number;
  readonly options: ReadonlyMap<string, string>;
  /** Told what does not work and does not matter enough to fail for. */
  readonly onWarning?: (message: string) => void;
}

type Load = (address: TransportAddress) => Promise<Transport>;

/**
 * The options that say which device is meant; all others say how to talk to it. They belong to the name by
 * which the journal and the lock know a terminal.
 */
export const deviceOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['hid', ['interface', 'path', 'serial']],
]);

/** One line per transport. Each is loaded when a terminal on it is opened, and not before. */
export const transports: ReadonlyMap<string, Load> = new Map<string, Load>([
  [
    'serial',
    async ({ where, options, line, onWarning }) => {
      const [{ serialTransport }, { parseSerialOptions }] = await Promise.all([
        import('./serial.ts'),
        import('./serial-settings.ts'),
      ]);
      return serialTransport({
        path: where,
        ...parseSerialOptions(options, line),
        ...(onWarning && { onWarning }),
      });
    },
  ],
  [
    'tcp',
    async ({ where, options, defaultPort }) => {
      const [{ tcpTransport }, { parseTcpAddress }] = await Promise.all([
        import('./tcp.ts'),
        import('./tcp-settings.ts'),
      ]);
      return tcpTransport(parseTcpAddress(where, options, defaultPort));
    },
  ],
  [
    'hid',
    async ({ protocol, where, options, onWarning }) => {
      const [{ hidTransport }, { parseHidAddress }] = await Promise.all([
        import('./hid.ts'),
        import('./hid-settings.ts'),
      ]);
      return hidTransport({
        ...parseHidAddress(where, options, protocol),
        ...(onWarning && { onWarning }),
      });
    },
  ],
  ['mock', async (address) => (await import('./mock.ts')).inProcessMock(address)],
]);
