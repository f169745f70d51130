import { toLatin1 } from '../../src/framing/bytes.ts';
import { dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { vectors as ecr17 } from '../protocols/ecr17/vectors.ts';
import { recordedAnswers, requestVectors } from '../protocols/transbank/vectors.ts';
import { apdus, flows, serialFrames } from '../protocols/zvt/vectors.ts';

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

/** What each protocol says: the golden vectors of its own tests, by the names of the targets. */
export const corpora: Readonly<Record<string, readonly Uint8Array[]>> = {
  transbank,
  'transbank-autoservicio': transbank,
  'zvt serial': [...serialFrames.map(({ hex }) => fromHex(hex)), ...zvt.map(dleCrcFrame)],
  'zvt tcp': zvt,
  ecr17: Object.values(ecr17).map(fromHex),
};
