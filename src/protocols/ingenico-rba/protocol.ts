import { stxEtxLrcDeframer } from '../../framing/stx-etx-lrc.ts';
import { idleAckNak } from '../ack-nak.ts';
import { mapAnswer } from '../exchange.ts';
import { noMoney } from '../no-money.ts';
import type { Described, Protocol, Timing } from '../protocol.ts';
import { messageNames } from './codes.ts';
import { readMessage, status } from './requests.ts';

export const name = 'ingenico-rba';

/** No public source has figures; these are ours. */
const timing: Timing = {
  acknowledgementMs: 3_000,
  answerMs: 10_000,
  interByteMs: 1_000,
  quietMs: 500,
  recoveryMs: 30_000,
};

/**
 * Ingenico pads with the Retail Base Application, as far as they go: status, health check, reset. The till
 * owns the authorisation: the pad has no last transaction to ask for and nothing to void.
 *
 * Sources: CORE-POS/IS4C SPH_IngenicoRBA_Common.cs and SPH_IngenicoRBA_RS232.cs (19200 8N1, RTS on).
 */
export const ingenicoRbaProtocol = (): Protocol => ({
  ...noMoney(name),
  name,
  line: { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
  timing,
  connection: 'kept',
  deframer: () => stxEtxLrcDeframer(),
  describe,
  idle: idleAckNak,
  synchronise: () =>
    mapAnswer(status(), ({ outcome, message }) => ({ idle: outcome === 'ready', message })),
  status,
});

/** What a message says is not shown: it may be a card's. */
function describe(data: Uint8Array): Described {
  const found = readMessage(data);
  if (found === undefined) return { code: '', name: 'unknown', fields: { malformed: 'code' } };
  const { code, text } = found;
  const length = { characters: text.length };
  return { code, name: messageNames.get(code) ?? 'unknown', fields: length };
}
