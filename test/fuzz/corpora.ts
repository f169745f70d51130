import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toLatin1 } from '../../src/framing/bytes.ts';
import { dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { builtinProfiles, builtinText } from '../../src/profiles/builtin.ts';
import { explain } from '../../src/profiles/explain.ts';
import { readProfile } from '../../src/profiles/read.ts';
import { readVectors } from '../../src/profiles/vectors.ts';
import { message } from '../../src/protocols/idtech-neo2/message.ts';
import { vectors as ecr17 } from '../protocols/ecr17/vectors.ts';
import {
  recordedAnswers as poslinkAnswers,
  requestVectors as poslinkRequests,
} from '../protocols/pax-poslink/vectors.ts';
import {
  printedAnswers,
  answerVectors as privatbankAnswers,
  requestVectors as privatbankRequests,
} from '../protocols/privatbank/vectors.ts';
import { recordedAnswers, requestVectors } from '../protocols/transbank/vectors.ts';
import { apdus, flows, serialFrames } from '../protocols/zvt/vectors.ts';

const root = join(import.meta.dirname, '../..');

/** An example profile: a file of one's own. */
export const hypercom = join(root, 'docs/profiles/hypercom-bdo.yaml');

/** The example request of each command of a profile, and its vectors. */
function ofProfile(name: string, text: string): Uint8Array[] {
  const read = readProfile(text);
  const vectors = readFileSync(join(root, `test/profiles/vectors/${name}.yaml`), 'utf8');
  const requests = read.type === 'profile' ? explain(read.profile) : [];
  return [...requests, ...readVectors(vectors)].flatMap(({ hex }) =>
    hex === '' ? [] : fromHex(hex),
  );
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** `< 800000`: the bytes without who says them. */
const said = flows.flatMap((flow) => flow.said.map((line) => line.slice(2).replaceAll(' ', '')));
const zvt = [...apdus.map(({ hex }) => hex), ...said].map(fromHex);

const transbank = [
  ...requestVectors.map(({ hex }) => fromHex(hex)),
  ...Object.values(recordedAnswers).map(({ data }) => stxFrame(toLatin1(data))),
  ...Object.values(recordedAnswers).map(({ data }) =>
    stxFrame(toLatin1(data.replace(/^0260/, '0210'))),
  ),
  Uint8Array.of(0x06),
  Uint8Array.of(0x15),
];

/** Requests and the answers to them; a padded report ends with zeros. */
const neo2 = [
  message('till', 0x18, 0x01),
  message('terminal', 0x18, 0x00),
  message('till', 0x29, 0x00),
  message('terminal', 0x29, 0x00, toLatin1('NEO v1.00.000')),
  message('terminal', 0x05, 0x00),
  message('terminal', 0x18, 0x0b),
  new Uint8Array(40),
];

const rba = ['08.0', '11.', '10.', '11.00 Slide card', '11.10', '24.0', '08.INGENICO\x1c12']
  .map((text) => stxFrame(toLatin1(text)))
  .concat([Uint8Array.of(0x06), Uint8Array.of(0x15)]);

/** Requests, recorded answers, and the three words between them. */
const poslink = [
  ...Object.values(poslinkRequests).map(({ hex }) => fromHex(hex)),
  ...Object.values(poslinkAnswers).map(({ data }) =>
    stxFrame(toLatin1(data.replaceAll('|', '\x1c').replaceAll('~', '\x1f'))),
  ),
  ...['A01|1.35|000000|OK|75001637', 'R03|1.35|100023|NOT FOUND', 'B01|1.35|000000|OK||1|100'].map(
    (text) => stxFrame(toLatin1(`0|${text}`.replaceAll('|', '\x1c'))),
  ),
  Uint8Array.of(0x06),
  Uint8Array.of(0x15),
  Uint8Array.of(0x04),
];

/** What each protocol says: the golden vectors of its own tests, by the names of the targets. */
export const corpora: Readonly<Record<string, readonly Uint8Array[]>> = {
  transbank,
  'transbank-autoservicio': transbank,
  'zvt serial': [...serialFrames.map(({ hex }) => fromHex(hex)), ...zvt.map(dleCrcFrame)],
  'zvt tcp': zvt,
  ecr17: Object.values(ecr17).map(fromHex),
  'idtech-neo2': neo2,
  'ingenico-rba': rba,
  'pax-poslink': poslink,
  privatbank: [
    ...Object.values(privatbankRequests),
    ...Object.values(privatbankAnswers),
    ...Object.values(printedAnswers).map((json) => new TextEncoder().encode(`${json}\0`)),
  ],
  ...Object.fromEntries(
    builtinProfiles.map((name) => [name, ofProfile(name, builtinText(name))] as const),
  ),
  profile: ofProfile('hypercom-bdo', readFileSync(hypercom, 'utf8')),
};
