import {
  createMockTerminal,
  type MockTerminal,
  type MockTerminalOptions,
  openPty,
  openTcp,
} from '../../mocks/index.ts';
import type { Sale } from '../../mocks/ledger.ts';
import type { Identity } from '../../src/model/transaction.ts';

/** A kind of terminal beside the till: how it is reached, and how its sales are known. */
export interface TerminalKind {
  readonly face: Extract<
    MockTerminalOptions['protocol'],
    'transbank' | 'zvt' | 'ecr17' | 'privatbank'
  >;
  readonly currency: string;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What a sale is named by, to the terminal and by it. */
  readonly number: 'operationNumber' | 'receiptNumber' | 'trace';
  numberOf(sale: Sale): string;
  /** It keeps the till's own reference of a sale; else the amount alone tells one from the other. */
  readonly keepsTicket: boolean;
  /** It shows that a sale was not taken back. */
  readonly tellsNotVoided: boolean;
  /** Manners that some of them have. */
  readonly manners: string;
  /** What the till says to acknowledge an answer begins so; nothing: this protocol acknowledges none. */
  readonly acknowledgement: number | undefined;
  /** About as many bytes as a sale has in each direction. */
  readonly bytes: { readonly till: number; readonly terminal: number };
}

/** A terminal that listens. `address`: the till's. */
export interface Plugged {
  readonly address: string;
  close(): Promise<void>;
}

const ACK = 0x06;

const table = {
  transbank: {
    face: 'transbank',
    currency: 'CLP',
    number: 'operationNumber',
    numberOf: ({ operationNumber }) => operationNumber,
    keepsTicket: true,
    tellsNotVoided: true,
    manners: 'new-request-wins',
    acknowledgement: ACK,
    bytes: { till: 80, terminal: 220 },
  },
  zvt: {
    face: 'zvt',
    currency: 'EUR',
    secrets: { password: '123456' },
    number: 'receiptNumber',
    numberOf: ({ trace }) => trace.slice(-4),
    keepsTicket: false,
    tellsNotVoided: true,
    manners: 'keeps-unacknowledged',
    // 80 00 00.
    acknowledgement: 0x80,
    bytes: { till: 120, terminal: 600 },
  },
  ecr17: {
    face: 'ecr17',
    currency: 'EUR',
    number: 'trace',
    numberOf: ({ trace }) => trace,
    keepsTicket: false,
    tellsNotVoided: false,
    manners: 'never-closes',
    acknowledgement: ACK,
    bytes: { till: 280, terminal: 500 },
  },
  privatbank: {
    face: 'privatbank',
    currency: 'UAH',
    number: 'receiptNumber',
    numberOf: ({ trace }) => trace,
    keepsTicket: false,
    tellsNotVoided: false,
    manners: 'misspelt-keys',
    acknowledgement: undefined,
    bytes: { till: 900, terminal: 2_500 },
  },
} as const satisfies Readonly<Record<string, TerminalKind>>;

export type TerminalName = keyof typeof table;

/** Transbank Integrado on a pseudo-terminal, the others on TCP. */
export const terminalKinds: Readonly<Record<TerminalName, TerminalKind>> = table;

export const isTerminalName = (name: string): name is TerminalName => Object.hasOwn(table, name);

export const terminalNames: readonly TerminalName[] = Object.keys(table).filter(isTerminalName);

export const mockOf = (
  { face }: TerminalKind,
  options: Omit<MockTerminalOptions, 'protocol'>,
): MockTerminal => createMockTerminal({ protocol: face, ...options });

/** Where the till finds it. */
export async function plug({ face }: TerminalKind, mock: MockTerminal): Promise<Plugged> {
  if (face === 'transbank') {
    const pty = await openPty(mock);
    return { address: `transbank+serial:${pty.path}`, close: () => pty.close() };
  }
  const tcp = await openTcp(mock);
  return { address: `${face}+tcp:${tcp.where}`, close: () => tcp.close() };
}

/** Terminals pad with zeros on the left. */
export const bare = (text: string): string => text.replace(/^0+/, '');

/** The number by which a transaction is told, bare. */
export function toldNumber(
  { number }: TerminalKind,
  transaction: Identity | undefined,
): string | undefined {
  const told = transaction?.[number];
  return told === undefined ? undefined : bare(told);
}
