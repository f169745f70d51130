import { ecr17Face } from './ecr17.ts';
import type { Face, Setting } from './face.ts';
import { paxPoslinkFace } from './pax-poslink.ts';
import { privatbankFace } from './privatbank.ts';
import { builtinProfileFace, ownProfileFace } from './profile-faces.ts';
import { transbankFace } from './transbank.ts';
import { zvtFace } from './zvt.ts';

/** The protocols a mock terminal can speak, by the names of the terminals' protocols. */
export const faces = {
  transbank: (setting) => transbankFace('integrado', setting),
  'transbank-autoservicio': (setting) => transbankFace('autoservicio', setting),
  ecr17: ecr17Face,
  zvt: zvtFace,
  privatbank: privatbankFace,
  'pax-poslink': paxPoslinkFace,
  'allinpay-mis': builtinProfileFace('allinpay-mis'),
  'bank-mis-ingenico': builtinProfileFace('bank-mis-ingenico'),
  'smartro-tl3500': builtinProfileFace('smartro-tl3500'),
  'paycloud-ecrhub': builtinProfileFace('paycloud-ecrhub'),
  profile: ownProfileFace,
} as const satisfies Readonly<Record<string, (setting: Setting) => Face>>;

export type FaceName = keyof typeof faces;

/** What `tillwire mock` can be. */
export const faceNames: readonly string[] = Object.keys(faces);

export const isFaceName = (name: string): name is FaceName => Object.hasOwn(faces, name);
