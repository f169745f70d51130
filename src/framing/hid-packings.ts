import { mmsPacking } from './hid-mms.ts';
import { neo2Packing } from './hid-neo2.ts';
import type { Packing, PackingName } from './hid-packing.ts';
import { lengthPacking, plainPacking } from './hid-plain.ts';
import { rbaPacking } from './hid-rba.ts';
import { signAndPayPacking } from './hid-sign-and-pay.ts';

/** One line per packing, by the name that an address gives it. */
export const packings: Readonly<Record<PackingName, Packing>> = {
  rba: rbaPacking,
  neo2: neo2Packing,
  'sign-and-pay': signAndPayPacking,
  mms: mmsPacking,
  length: lengthPacking,
  plain: plainPacking,
};
