import { type FaultName, faults } from '../../mocks/faults.ts';
import { fromLatin1 } from '../../src/framing/bytes.ts';
import { dleCrcDeframer, dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { ecr17Protocol } from '../../src/protocols/ecr17/protocol.ts';
import { paxPoslinkProtocol } from '../../src/protocols/pax-poslink/protocol.ts';
import { privatbankProtocol } from '../../src/protocols/privatbank/protocol.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { transbankProtocol } from '../../src/protocols/transbank/protocol.ts';
import { zvtProtocol } from '../../src/protocols/zvt/protocol.ts';
import {
  acknowledgedFaults,
  type Family,
  type MoneyRequest,
  serialFaults,
  tcpFaults,
} from './family.ts';
import type { LineFault } from './line.ts';
import { faultsOfOthers, namesOf } from './own-faults.ts';
import { profileFamilies } from './profile-families.ts';
import {
  apduStream,
  dleCrcWire,
  ecr17Stream,
  ecr17Wire,
  jsonStream,
  jsonWire,
  poslinkStream,
  stxEtxLrcWire,
} from './wires.ts';

/** Takes back another transaction than the one that was named: a till can only say so afterwards. */
const disloyal: readonly FaultName[] = ['voids-the-newest'];

/** What nothing but the check of a frame shows. */
const damages: readonly FaultName[] = ['flipped-bit', 'lost-byte', 'noise-inside'];

const garbling: readonly FaultName[] = [...damages, 'bad-lrc', 'noise-before', 'nul-break', 'echo'];

/**
 * What nothing on the line or in the answer shows. PrivatBank: a request that comes twice is refused the
 * second time, `deviceBusy`, and no answer says which of the two it belongs to. ZVT: what the till has
 * answered to its own echo comes back as the terminal's refusal.
 */
const unseen = {
  privatbank: ['repeat'],
  zvt: ['echo'],
} as const satisfies Readonly<Record<string, readonly LineFault[]>>;

const without = (list: readonly LineFault[], left: readonly LineFault[]): readonly LineFault[] =>
  list.filter((fault) => !left.includes(fault));

const transbankRequests: Readonly<Record<string, MoneyRequest>> = {
  '0200': 'purchase',
  '0270': 'purchase',
  '0500': 'settle',
  '1200': 'void',
};

const transbank = {
  transport: 'serial',
  wire: stxEtxLrcWire,
  moneyRequest: (bytes) =>
    bytes[0] === 0x02 ? transbankRequests[fromLatin1(bytes.subarray(1, 5))] : undefined,
  mostFrames: 3,
  identityOf: ({ ticket, operationNumber, authorisationCode }) => ({
    ticket,
    operationNumber,
    authorisationCode,
  }),
  amounts: { currency: 'CLP', least: 50, most: 999_999_999 },
  tellsVoidLast: false,
  forgetsSettled: true,
  unlistedCodes: ['99', '0A', 'ZZ', '50'],
  setUps: [],
  withoutFaults: faultsOfOthers(),
  lineFaults: acknowledgedFaults,
} as const satisfies Partial<Family>;

const ecr17Requests: Readonly<Record<string, MoneyRequest>> = {
  P: 'purchase',
  X: 'purchase',
  S: 'void',
  C: 'settle',
};

const ecr17 = {
  face: 'ecr17',
  blindVoid: false,
  amounts: { currency: 'EUR', least: 1, most: 99_999_999 },
  moneyRequest: (bytes) =>
    bytes[0] === 0x02 ? ecr17Requests[String.fromCharCode(bytes[10] ?? 0)] : undefined,
  mostFrames: 1,
  identityOf: ({ trace }) => ({ trace }),
  tellsVoidLast: true,
  forgetsSettled: false,
  unlistedCodes: ['99', '0A', 'ZZ', '50'],
  setUps: [
    'lrc-stx',
    'lrc-noext',
    'lrc-stx-noext',
    'silent-on-bad-lrc',
    'empty-naks',
    'receipts-not-supported',
    'closes-after-everything',
    'till-results-only',
    'never-closes',
  ],
  // Its number is learnt from its first word on a connection: a lie in it lasts as long as the connection.
  withoutFaults: [...faultsOfOthers('ecr17'), 'foreign-terminal'],
} as const satisfies Partial<Family>;

/** By class and instruction. */
const zvtRequests: Readonly<Record<number, MoneyRequest>> = {
  1537: 'purchase',
  1584: 'void',
  1616: 'settle',
};

const zvt = {
  face: 'zvt',
  blindVoid: false,
  amounts: { currency: 'EUR', least: 1, most: 999_999_999_999 },
  mostFrames: 1,
  identityOf: ({ trace }) => ({ trace, receiptNumber: trace.slice(-4) }),
  tellsVoidLast: true,
  forgetsSettled: true,
  unlistedCodes: ['99', '70'],
  setUps: [
    'keeps-unacknowledged',
    'repeats-settled',
    'repeats-failed',
    'raw-texts',
    'long-trace',
    'checks-password',
  ],
} as const satisfies Partial<Family>;

const zvtRequest = (bytes: Uint8Array): MoneyRequest | undefined =>
  zvtRequests[((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)];

/** The journal's digests are made without the password, which six digits would give away: EE in its place. */
function withoutPassword(apdu: Uint8Array): Uint8Array {
  if (zvtRequest(apdu) === 'purchase') return apdu;
  return apdu.map((byte, at) => (at >= 3 && at < 6 ? 0xee : byte));
}

const zvtSpoken = (transport: 'serial' | 'tcp'): Protocol =>
  zvtProtocol({
    options: new Map(),
    texts: new Map(),
    secrets: new Map([['password', '000000']]),
    transport,
  });

const privatbankRequests: Readonly<Record<string, MoneyRequest>> = {
  Purchase: 'purchase',
  Withdrawal: 'void',
  Verify: 'settle',
};

const privatbank = {
  face: 'privatbank',
  blindVoid: false,
  amounts: { currency: 'UAH', least: 1, most: 999_999_999_999 },
  protocol: () => privatbankProtocol(),
  moneyRequest(bytes) {
    const [, method = ''] = /"method":"(\w+)"/.exec(fromLatin1(bytes.subarray(0, 40))) ?? [];
    return Object.hasOwn(privatbankRequests, method) ? privatbankRequests[method] : undefined;
  },
  mostFrames: 1,
  identityOf: ({ trace }) => ({ receiptNumber: trace }),
  tellsVoidLast: true,
  forgetsSettled: true,
  unlistedCodes: ['9999'],
  setUps: ['misspelt-keys', 'blanks', 'decimal-comma', 'no-trn-status', 'void-keeps-number'],
} as const satisfies Partial<Family>;

/** By command and, for T00, the type in its first group. */
const poslinkRequests: Readonly<Record<string, MoneyRequest>> = {
  'T00 01': 'purchase',
  'T00 16': 'void',
  B00: 'settle',
};

const poslink = {
  face: 'pax-poslink',
  blindVoid: false,
  amounts: { currency: 'USD', least: 1, most: 99_999_999 },
  moneyRequest(bytes) {
    const [command = '', , type = ''] = fromLatin1(bytes.subarray(1, 20)).split('\x1c');
    return poslinkRequests[command === 'T00' ? `T00 ${type.slice(0, 2)}` : command];
  },
  mostFrames: 1,
  identityOf: ({ ticket, trace, authorisationCode }) => ({
    ticket,
    operationNumber: trace,
    authorisationCode,
  }),
  tellsVoidLast: true,
  forgetsSettled: true,
  unlistedCodes: ['99', '0A', 'ZZ', '50'],
  setUps: [],
} as const satisfies Partial<Family>;

const table = {
  transbank: {
    ...transbank,
    face: 'transbank',
    protocol: () => transbankProtocol('integrado'),
    weight: 4,
    blindVoid: false,
  },
  'transbank-autoservicio': {
    ...transbank,
    face: 'transbank-autoservicio',
    protocol: () => transbankProtocol('autoservicio'),
    weight: 3,
    blindVoid: true,
  },
  'zvt-serial': {
    ...zvt,
    transport: 'serial',
    wire: dleCrcWire,
    protocol: () => zvtSpoken('serial'),
    weight: 2,
    moneyRequest: (bytes) =>
      bytes[0] === 0x10 && bytes[1] === 0x02 ? zvtRequest(bytes.subarray(2)) : undefined,
    asMarked(bytes) {
      const [frame] = dleCrcDeframer().push(bytes);
      return frame?.kind === 'frame' ? dleCrcFrame(withoutPassword(frame.data)) : bytes;
    },
    withoutFaults: [...faultsOfOthers('zvt'), ...disloyal, 'echo'],
    lineFaults: without(acknowledgedFaults, unseen.zvt),
  },
  'zvt-tcp': {
    ...zvt,
    transport: 'tcp',
    wire: apduStream,
    protocol: () => zvtSpoken('tcp'),
    weight: 2,
    moneyRequest: zvtRequest,
    asMarked: withoutPassword,
    withoutFaults: [...faultsOfOthers('zvt'), ...disloyal, ...garbling],
    lineFaults: tcpFaults,
  },
  'ecr17-serial': {
    ...ecr17,
    transport: 'serial',
    wire: ecr17Wire,
    protocol: () => ecr17Protocol(),
    weight: 2,
    lineFaults: acknowledgedFaults,
  },
  'ecr17-tcp': {
    ...ecr17,
    transport: 'tcp',
    wire: ecr17Stream,
    protocol: () => ecr17Protocol({ connection: 'per-command' }),
    weight: 2,
    withoutFaults: [...ecr17.withoutFaults, ...garbling],
    lineFaults: tcpFaults,
  },
  'privatbank-serial': {
    ...privatbank,
    transport: 'serial',
    wire: jsonWire,
    weight: 1,
    withoutFaults: [...faultsOfOthers('privatbank'), ...damages],
    lineFaults: without(serialFaults, unseen.privatbank),
  },
  'privatbank-tcp': {
    ...privatbank,
    transport: 'tcp',
    wire: jsonStream,
    weight: 1,
    withoutFaults: [...faultsOfOthers('privatbank'), ...garbling],
    lineFaults: tcpFaults,
  },
  'pax-poslink-serial': {
    ...poslink,
    transport: 'serial',
    wire: { ...stxEtxLrcWire, deframer: () => paxPoslinkProtocol().deframer() },
    protocol: () => paxPoslinkProtocol(),
    weight: 1,
    withoutFaults: faultsOfOthers('pax-poslink'),
    lineFaults: acknowledgedFaults,
  },
  'pax-poslink-tcp': {
    ...poslink,
    transport: 'tcp',
    wire: poslinkStream,
    protocol: () => paxPoslinkProtocol({ connection: 'per-command' }),
    weight: 1,
    withoutFaults: [...faultsOfOthers('pax-poslink'), ...garbling],
    lineFaults: tcpFaults,
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof table | keyof typeof profileFamilies;

export const families: Readonly<Record<FamilyName, Family>> = { ...table, ...profileFamilies };

const isFamilyName = (name: string): name is FamilyName => Object.hasOwn(families, name);

export const familyNames: readonly FamilyName[] = Object.keys(families).filter(isFamilyName);

/** Each as often as its weight says. */
export const weightedFamilies: readonly FamilyName[] = familyNames.flatMap((name) =>
  Array.from({ length: families[name].weight }, () => name),
);

/** Every named fault that this family's terminals can have. */
export const faultsOf = (name: FamilyName): readonly FaultName[] => {
  const { withoutFaults, setUps } = families[name];
  return namesOf(faults).filter(
    (fault) => !withoutFaults.includes(fault) && !setUps.includes(fault),
  );
};

/** Every fault of a line of this family. */
export const lineFaultsOf = (name: FamilyName): readonly LineFault[] => families[name].lineFaults;
