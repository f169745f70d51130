import { toLatin1 } from '../src/framing/bytes.ts';
import { stxEtxLrcDeframer, stxFrame } from '../src/framing/stx-etx-lrc.ts';
import type { Family } from '../src/protocols/transbank/layouts.ts';
import { ackNakFace } from './ack-nak-face.ts';
import type { Face, Setting } from './face.ts';
import type { Command } from './messages.ts';
import { writeAnswer } from './transbank-answers.ts';
import { checkRequest, readRequest } from './transbank-requests.ts';

/** The 0900 messages of a sale by card and PIN, in order. */
const statuses: Readonly<Record<Family, readonly string[]>> = {
  // Waiting for the card, operate the card, PIN, sending to the host.
  integrado: ['78', '84', '81', '82'],
  // Waiting for the card, confirm the amount, PIN, sending to the host.
  autoservicio: ['78', '80', '81', '82'],
};

const acknowledgedOnly: readonly Command[] = ['poll', 'normal-mode', 'initialise'];

const frame = (text: string): Uint8Array => stxFrame(toLatin1(text));

/** A Transbank terminal: POS Integrado or POS Autoservicio. */
export function transbankFace(family: Family, setting: Setting): Face {
  return ackNakFace(
    {
      deframer: () => stxEtxLrcDeframer(),
      read: (data, at) => readRequest(family, data, at),
      // A sales detail that is printed at the terminal is not sent to the till.
      answered: ({ command, prints }) =>
        !acknowledgedOnly.includes(command) && !(command === 'sales-detail' && prints === true),
      check: (request) => checkRequest(family, request),
      statuses: (request) =>
        request.command === 'purchase' && request.withStatus === true
          ? statuses[family].map((code) => frame(`0900|${code}`))
          : [],
      write: (answer, request) => frame(writeAnswer(family, setting.terminal, answer, request)),
    },
    setting,
  );
}
