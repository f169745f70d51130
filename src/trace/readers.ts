import { stxFrame } from '../framing/stx-etx-lrc.ts';
import { neo2Deframer } from '../protocols/idtech-neo2/deframer.ts';
import { message, readContent } from '../protocols/idtech-neo2/message.ts';
import type { Masking } from './masking.ts';
import { allReplaced, cardsReplaced } from './replaced.ts';

/** Command, status and length are shown, the data is not: it may be a card's. */
export const neo2Masking: Masking = {
  data: (data) => Uint8Array.of(...data.subarray(0, 4), ...allReplaced(data.subarray(4))),
  frame(data, _like, from) {
    const { command, second, data: inside } = readContent(data);
    return message(from, command, second, inside);
  },
  check: 2,
  deframer: neo2Deframer,
};

/** What a pad says of itself; everything else may be a card's, or what a customer typed. */
const ofItself: ReadonlySet<string> = new Set(['health check', 'status']);
const codeLength = 3;

/** `NN.` and a text. */
export const rbaMasking: Masking = {
  data: (data, _from, { name }) =>
    ofItself.has(name)
      ? cardsReplaced(data)
      : Uint8Array.of(...data.subarray(0, codeLength), ...allReplaced(data.subarray(codeLength))),
  frame: stxFrame,
  check: 1,
};
