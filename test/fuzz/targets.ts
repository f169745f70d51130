import type { Frame } from '../../src/framing/frame.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { type ProtocolSetup, plainSetup, protocols } from '../../src/protocols/table.ts';
import { corpora, hypercom } from './corpora.ts';

export interface Target {
  readonly name: string;
  load(): Promise<Protocol>;
  /** Messages of the protocol, whole, as they go over the wire. */
  readonly corpus: readonly Uint8Array[];
  /** The check of a frame that was said to be sound, computed in another way than the deframer does. */
  sound(frame: Frame & { kind: 'frame' }): boolean;
}

const xor = (bytes: Uint8Array, seed = 0): number => bytes.reduce((sum, byte) => sum ^ byte, seed);

const stx = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
  bytes[0] === 0x02 && bytes.at(-2) === 0x03 && xor(bytes.subarray(1)) === 0;

/** CRC-16/KERMIT bit by bit: 2189 for "123456789". */
function kermit(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  }
  return crc;
}

const dle = ({ data, bytes }: Frame & { kind: 'frame' }): boolean =>
  kermit([...data, 0x03]) === (bytes.at(-2) ?? 0) + (bytes.at(-1) ?? 0) * 256;

/** The four ways to count differ by 0 to 3; a progress frame has no check. */
const ecr17 = ({ bytes }: Frame & { kind: 'frame' }): boolean =>
  bytes[0] === 0x01 || (xor(bytes.subarray(1, -2), 0x7f) ^ (bytes.at(-1) ?? 0)) <= 3;

/** CRC-16/IBM-3740 bit by bit, as ID TECH writes it: 29B1 for "123456789". The terminal sends the high byte first. */
function ibm3740(bytes: Iterable<number>): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

const neo2 = ({ bytes }: Frame & { kind: 'frame' }): boolean => {
  const [a, b] = [bytes.at(-2) ?? 0, bytes.at(-1) ?? 0];
  return [a * 256 + b, b * 256 + a].includes(ibm3740(bytes.subarray(0, -2)));
};

/** Bare APDUs on TCP, and JSON, have no check. */
const unchecked = (): boolean => true;

/** PrivatBank has no check at all; a frame is what stands before a 00, and never empty. */
const nul = ({ data, bytes }: Frame & { kind: 'frame' }): boolean =>
  data.length > 0 && !data.includes(0) && bytes.length === data.length + 1 && bytes.at(-1) === 0;

const smartro = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
  bytes[0] === 0x02 && bytes.at(-2) === 0x03 && xor(bytes) === 0;

const ecrhub = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
  bytes[0] === 0x55 && bytes.at(-1) === 0x33 && xor(bytes.subarray(2, -2)) === 0;

const checks: Readonly<Record<string, Target['sound']>> = {
  transbank: stx,
  'transbank-autoservicio': stx,
  'zvt serial': dle,
  ecr17,
  'ingenico-rba': stx,
  'idtech-neo2': neo2,
  privatbank: nul,
  'pax-poslink': stx,
  'allinpay-mis': stx,
  'bank-mis-ingenico': stx,
  'smartro-tl3500': smartro,
  'paycloud-ecrhub': ecrhub,
  profile: stx,
};

const setups: Readonly<Record<string, readonly [string, Partial<ProtocolSetup>][]>> = {
  zvt: [
    ['zvt serial', { transport: 'serial', secrets: new Map([['password', '000000']]) }],
    ['zvt tcp', { transport: 'tcp', secrets: new Map([['password', '000000']]) }],
  ],
  'bank-mis-ingenico': [['bank-mis-ingenico', { texts: new Map([['last-type', '99']]) }]],
  'paycloud-ecrhub': [['paycloud-ecrhub', { texts: new Map([['app-id', 'till1']]) }]],
  profile: [['profile', { texts: new Map([['file', hypercom]]) }]],
};

/** Every protocol of the table, in each of its framings. */
export const targets: readonly Target[] = [...protocols].flatMap(([protocol, entry]) =>
  (setups[protocol] ?? [[protocol, {}] as const]).map(([name, setup]) => ({
    name,
    load: () => entry.load({ ...plainSetup, ...setup }),
    corpus: corpora[name] ?? [],
    sound: checks[name] ?? unchecked,
  })),
);
