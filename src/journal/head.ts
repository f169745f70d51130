import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** The end of the chain: the number of the last record and its hash, hex. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** What the first record follows. */
export const genesis: Head = {
  seq: 0,
  hash: createHash('sha256').update('tillwire journal').digest('hex'),
};

/** Binds a head to the key, so that nobody can write down an earlier or another one. */
export const headMac = (key: Uint8Array, { seq, hash }: Head): string =>
  createHmac('sha256', key)
    .update(`tillwire head\n${canonicalJson({ hash, seq })}`)
    .digest('hex');

/** 64 bits of a keyed hash: short enough for a voucher, too long to be met by chance. */
const printedDigits = 16;

/** A head for a voucher: `120-9f3c2a7be1d05546`. Paper cannot be cut off at the end. */
export const formatHead = ({ seq, hash }: Head): string => `${seq}-${hash.slice(0, printedDigits)}`;

/** A printed head, or undefined when the text is none. Its hash may be shortened. */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^(\d{1,15})-([0-9a-f]{16,64})$/.exec(text.trim().toLowerCase()) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
