import type { Frame } from '../../framing/frame.ts';
import { mapAnswer } from '../exchange.ts';
import { noMoney } from '../no-money.ts';
import type { Described, Protocol, Timing } from '../protocol.ts';
import { commandNames, hex, statusInWords } from './codes.ts';
import { neo2Deframer } from './deframer.ts';
import { readContent } from './message.ts';
import { ping } from './requests.ts';

export const name = 'idtech-neo2';

/** The guide gives no time for the answers of commands that touch no card; these are ours. */
const timing: Timing = {
  acknowledgementMs: 5_000,
  answerMs: 5_000,
  interByteMs: 1_000,
  quietMs: 500,
  recoveryMs: 30_000,
};

/**
 * ID TECH ViVOpay NEO 2 readers, as far as they go: ping, firmware version, cancel. They read cards for
 * somebody else's payment application; there is no last transaction to ask for and nothing to void.
 */
export const idtechNeo2Protocol = (): Protocol => ({
  ...noMoney(name),
  name,
  line: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  timing,
  connection: 'kept',
  deframer: () => neo2Deframer(),
  describe,
  idle: (frame: Frame) =>
    frame.kind === 'frame' && frame.check === 'ok'
      ? [{ type: 'stray', frame, reason: 'stale' }]
      : [],
  synchronise: () => mapAnswer(ping(), ({ message }) => ({ idle: true, message })),
  status: ping,
});

/** Data is not shown: it may be a card's. */
function describe(data: Uint8Array, from: 'till' | 'terminal' | undefined): Described {
  const { command, second, data: inside } = readContent(data);
  const code = `${hex(command)}-${hex(second)}`;
  const length = { dataBytes: inside.length };
  return {
    code,
    name: commandNames.get(command) ?? 'unknown',
    fields: from === 'till' ? length : { status: statusInWords(second), ...length },
  };
}
