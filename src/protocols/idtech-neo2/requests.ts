import { fromLatin1 } from '../../framing/bytes.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined, StatusResult } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import { hex, OK, statusInWords } from './codes.ts';
import { neo2Exchange } from './exchange.ts';
import type { Content } from './message.ts';

/** 18-01: is the reader there? Changes nothing. */
export const ping = (): Exchange<StatusResult> =>
  neo2Exchange('ping', [0x18, 0x01], ({ second }) =>
    second === OK
      ? { outcome: 'ready', message: 'The reader is there.' }
      : {
          outcome: 'not-ready',
          message: `The reader answered with ${statusInWords(second)}.`,
          terminalCode: hex(second),
        },
  );

export interface FirmwareResult {
  readonly outcome: 'found';
  /** As the reader words it, such as `VP5300 FW v1.00.S`. */
  readonly version: string;
  readonly message: string;
}

/** 29-00: the version of the firmware, as text. */
export const firmwareVersion = (): Exchange<FirmwareResult | Declined> =>
  neo2Exchange('firmware version', [0x29, 0x00], (content) => {
    if (content.second !== OK) return declined(content);
    const version = printable(content.data);
    return { outcome: 'found', version, message: `The reader's firmware is ${version}.` };
  });

export interface CancelResult {
  readonly outcome: 'done';
  readonly message: string;
}

/**
 * 05-01: stop reading a card. The guide: nothing may be sent until its answer has come, which the line of
 * one exchange at a time sees to.
 */
export const cancel = (): Exchange<CancelResult | Declined> =>
  neo2Exchange('cancel transaction', [0x05, 0x01], (content) =>
    content.second === OK
      ? { outcome: 'done', message: 'The reader has stopped reading a card.' }
      : declined(content),
  );

const declined = ({ second }: Content): Declined => ({
  outcome: 'declined',
  responseCode: hex(second),
  message: `The reader answered with ${statusInWords(second)}.`,
});

/** A text that ends up on somebody's screen: no control characters, and no card number. */
const printable = (data: Uint8Array): string =>
  maskCardNumbers(fromLatin1(data).replaceAll(/\p{C}/gu, ' ').trim());
