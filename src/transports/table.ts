import type { LineSettings } from '../model/line-settings.ts';
import type { Transport } from './transport.ts';

/** What a terminal's address says to its transport. */
export interface TransportAddress {
  readonly protocol: string;
  /** The protocol's own line settings, where the address says nothing else. */
  readonly line: LineSettings;
  readonly where: string;
  readonly options: ReadonlyMap<string, string>;
  /** Told what does not work and does not matter enough to fail for. */
  readonly onWarning?: (message: string) => void;
}

type Load = (address: TransportAddress) => Promise<Transport>;

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
  ['mock', async (address) => (await import('./mock.ts')).inProcessMock(address)],
]);
