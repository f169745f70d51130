import type { Protocol } from './protocol.ts';

/** How a terminal is set up, as far as its protocol has to know. */
export interface ProtocolSetup {
  /** Yes-or-no options of the address. */
  readonly options: ReadonlyMap<string, boolean>;
  /** Options of the address that have a value. */
  readonly texts: ReadonlyMap<string, string>;
  /** From the configuration or the environment, never from an address. */
  readonly secrets: ReadonlyMap<string, string>;
  /** `serial`, `tcp`, `hid`, `mock`, or nothing for a transport of the caller's own: frames may depend on it. */
  readonly transport: string;
}

/** A terminal about which nothing special is known. */
export const plainSetup: ProtocolSetup = {
  options: new Map(),
  texts: new Map(),
  secrets: new Map(),
  transport: 'serial',
};

/** One protocol that a terminal's address can name. */
export interface ProtocolEntry {
  /** Yes-or-no options that the address may give to this protocol. */
  readonly options: readonly string[];
  /** Options with a value. */
  readonly texts?: readonly string[];
  /** What may not stand in an address: `password`. */
  readonly secrets?: readonly string[];
  /** @throws {TerminalError} `bad-address` or `bad-settings` for values that make no sense */
  load(setup: ProtocolSetup): Promise<Protocol>;
}

/** One line per protocol. Each is loaded when a terminal of it is opened, and not before. */
export const protocols: ReadonlyMap<string, ProtocolEntry> = new Map<string, ProtocolEntry>([
  [
    'transbank',
    {
      options: ['multicode', 'trailing-separator', 'plain-detail'],
      load: async ({ options }) =>
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
  [
    'ecr17',
    {
      options: ['receipts'],
      texts: ['terminal-id', 'till-id', 'payment', 'connection'],
      load: async (setup) => {
        const { ecr17Options, ecr17Protocol } = await import('./ecr17/protocol.ts');
        return ecr17Protocol(ecr17Options(setup));
      },
    },
  ],
  [
    'zvt',
    {
      options: ['register', 'print', 'text-blocks', 'sequence-ids'],
      texts: ['currency', 'config', 'service', 'charset', 'text', 'framing'],
      secrets: ['password'],
      load: async (setup) => (await import('./zvt/protocol.ts')).zvtProtocol(setup),
    },
  ],
  [
    'privatbank',
    {
      options: ['facepay'],
      texts: ['merchant-id', 'sub-merchant'],
      load: async (setup) => (await import('./privatbank/load.ts')).load(setup),
    },
  ],
  [
    'pax-poslink',
    {
      options: [],
      texts: ['version', 'currency', 'connection'],
      load: async (setup) => {
        const [{ paxPoslinkProtocol }, { setupOf }] = await Promise.all([
          import('./pax-poslink/protocol.ts'),
          import('./pax-poslink/setup.ts'),
        ]);
        return paxPoslinkProtocol(setupOf(setup));
      },
    },
  ],
  [
    'idtech-neo2',
    {
      options: [],
      load: async () => (await import('./idtech-neo2/protocol.ts')).idtechNeo2Protocol(),
    },
  ],
  [
    'ingenico-rba',
    {
      options: [],
      load: async () => (await import('./ingenico-rba/protocol.ts')).ingenicoRbaProtocol(),
    },
  ],
  [
    'allinpay-mis',
    {
      options: [],
      texts: ['app-name', 'operator', 'store', 'register'],
      load: async (setup) =>
        (await import('../profiles/builtin.ts')).loadBuiltin('allinpay-mis', setup),
    },
  ],
  [
    'bank-mis-ingenico',
    {
      options: [],
      texts: ['register', 'operator', 'last-type'],
      load: async (setup) =>
        (await import('../profiles/builtin.ts')).loadBuiltin('bank-mis-ingenico', setup),
    },
  ],
  [
    'smartro-tl3500',
    {
      options: [],
      texts: ['terminal-id', 'variant'],
      load: async (setup) =>
        (await import('../profiles/builtin.ts')).loadBuiltin('smartro-tl3500', setup),
    },
  ],
  [
    'paycloud-ecrhub',
    {
      options: [],
      texts: ['app-id', 'scenario'],
      load: async (setup) =>
        (await import('../profiles/builtin.ts')).loadBuiltin('paycloud-ecrhub', setup),
    },
  ],
  [
    'profile',
    {
      options: [],
      texts: ['file', 'settings', 'variant'],
      load: async (setup) => (await import('../profiles/load.ts')).loadFile(setup),
    },
  ],
]);
