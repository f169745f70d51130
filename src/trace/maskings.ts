import { isProfileProtocol } from '../profiles/compile.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { ecr17Masking } from './ecr17.ts';
import type { Masking } from './masking.ts';
import { paxPoslinkMasking } from './pax-poslink.ts';
import { privatbankMasking } from './privatbank.ts';
import { profileMasking } from './profile.ts';
import { neo2Masking, rbaMasking } from './readers.ts';
import { transbankMasking } from './transbank.ts';
import { zvtMasking } from './zvt.ts';

/** One line per protocol; the frames of one that is not here are shown without their bytes. */
const maskings: ReadonlyMap<string, Masking> = new Map([
  ['transbank', transbankMasking('integrado')],
  ['transbank-autoservicio', transbankMasking('autoservicio')],
  ['ecr17', ecr17Masking],
  ['zvt', zvtMasking],
  ['privatbank', privatbankMasking],
  ['pax-poslink', paxPoslinkMasking],
  ['idtech-neo2', neo2Masking],
  ['ingenico-rba', rbaMasking],
]);

/** Nothing: nobody knows what the frames of this protocol must not show. */
export const maskingOf = (protocol: Protocol): Masking | undefined =>
  isProfileProtocol(protocol) ? profileMasking(protocol) : maskings.get(protocol.name);
