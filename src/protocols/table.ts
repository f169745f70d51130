import type { Protocol } from './protocol.ts';

/** One protocol that a terminal's address can name. */
export interface ProtocolEntry {
  /** Yes-or-no options that the address may give to this protocol. */
  readonly options: readonly string[];
  load(options: ReadonlyMap<string, boolean>): Promise<Protocol>;
}

/** One line per protocol. Each is loaded when a terminal of it is opened, and not before. */
export const protocols: ReadonlyMap<string, ProtocolEntry> = new Map<string, ProtocolEntry>([
  [
    'transbank',
    {
      options: ['multicode', 'trailing-separator', 'plain-detail'],
      load: async (options) =>
        (await import('./transbank/protocol.ts')).transbankProtocol('integrado', {
          multicode: options.get('multicode') ?? false,
          trailingSeparator: options.get('trailing-separator') ?? false,
          plainDetail: options.get('plain-detail') ?? false,
        }),
    },
  ],
  [
    'transbank-autoservicio',
    {
      options: [],
      load: async () => (await import('./transbank/protocol.ts')).transbankProtocol('autoservicio'),
    },
  ],
]);
