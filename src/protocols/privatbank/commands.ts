import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined, LastTransactionResult, Refused } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { Protocol, ProtocolCommand } from '../protocol.ts';
import { receiptLines } from './answers.ts';
import { responseCode, responseCodeOf } from './codes.ts';
import { type Ask, answer, conversation, type Next } from './conversation.ts';
import type { Message } from './envelope.ts';
import { notTaken, plainQuestion, service } from './kinds.ts';
import { isPrivatbank } from './protocol.ts';
import { receipt as receiptOfNumber } from './queries.ts';
import { checkInvoiceNumber, lastReceipt, requests } from './requests.ts';
import type { Setup } from './setup.ts';

/** Done, with nothing more to tell. */
export interface DoneResult {
  readonly outcome: 'done';
  readonly message: string;
}

/** A text of the terminal, lines to print. */
export interface TextResult extends DoneResult {
  readonly lines: readonly string[];
}

export interface TerminalInfoResult extends DoneResult {
  /** Software, merchant and serial number in one text, as the terminal writes them. */
  readonly version: string;
}

export interface IdentifyResult extends DoneResult {
  readonly vendor?: string;
  readonly model?: string;
}

export interface MerchantListResult extends DoneResult {
  /** What the option `merchant-id` takes, and what the bank calls it. */
  readonly merchants: readonly { readonly merchantId: string; readonly name: string }[];
}

/** A command of this protocol, for `terminal.run`. On any other terminal it is refused. */
const only = <R>(
  name: string,
  make: (setup: Setup) => Exchange<R> | Refused,
): ProtocolCommand<R> => ({
  name,
  exchange: (protocol) => (isPrivatbank(protocol) ? make(protocol.setup) : notHere(protocol, name)),
});

const notHere = (protocol: Protocol, command: string): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  value: command,
  message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
});

/** A refusal in the terminal's own words, or nothing when the answer is none. */
function refused(message: Message): Declined | undefined {
  const code = responseCodeOf(message.param('responseCode') ?? message.param('code'));
  if (message.error !== true && (code === undefined || code === '0000')) return undefined;
  const words = maskCardNumbers(message.errorDescription);
  return {
    outcome: 'declined',
    responseCode: code ?? '',
    message: `The terminal refused: ${words || responseCode(code ?? '').text}${code === undefined ? '' : ` (code ${code})`}.`,
  };
}

const read =
  <R>(of: (message: Message) => R) =>
  (message: Message): Next<R | Declined> =>
    answer<R | Declined>(refused(message) ?? of(message));

/** A question whose refusal is a result. */
const asking = <R>(
  name: string,
  method: string,
  request: (setup: Setup) => Uint8Array,
  of: (message: Message) => R,
  wait: Ask<R>['wait'] = 'acknowledgement',
): ProtocolCommand<R | Declined> =>
  only<R | Declined>(name, (setup) =>
    conversation(name, plainQuestion<R>(method, request(setup), read(of), wait)),
  );

const asText = (message: Message): TextResult => ({
  outcome: 'done',
  message: 'The terminal told its text.',
  lines: receiptLines(message) ?? [],
});

/**
 * Tests the connection to the host. Somebody has to choose a merchant at the terminal, so this waits as long
 * as a sale does.
 */
export const checkConnection = (): ProtocolCommand<DoneResult | Declined> =>
  asking(
    'connection test',
    'CheckConnection',
    requests.checkConnection,
    () => ({ outcome: 'done', message: 'The host can be reached.' }),
    'answer',
  );

/** Software version, merchant and serial number. */
export const terminalInfo = (): ProtocolCommand<TerminalInfoResult | Declined> =>
  asking('terminal information', 'GetTerminalInfo', requests.terminalInfo, (message) => ({
    outcome: 'done',
    message: 'The terminal told its software.',
    version: maskCardNumbers(message.param('version') ?? ''),
  }));

/** Who made the terminal, and which model it is. */
export const identify = (): ProtocolCommand<IdentifyResult | Declined> =>
  only<IdentifyResult | Declined>('identification', () =>
    conversation(
      'identification',
      service<IdentifyResult | Declined>(
        'identify',
        read<IdentifyResult>((message) => {
          const vendor = message.param('vendor');
          const model = message.param('model');
          return {
            outcome: 'done',
            message: 'The terminal told its maker and model.',
            ...(vendor && { vendor: maskCardNumbers(vendor) }),
            ...(model && { model: maskCardNumbers(model) }),
          };
        }),
        answer<IdentifyResult | Declined>(notTaken('methodNotImplemented')),
      ),
    ),
  );

/** The terminal's merchants by their indices. */
export const merchantList = (): ProtocolCommand<MerchantListResult | Declined> =>
  only<MerchantListResult | Declined>('merchant list', () =>
    conversation(
      'merchant list',
      service<MerchantListResult | Declined>(
        'getMerchantList',
        read<MerchantListResult>(({ params }) => ({
          outcome: 'done',
          message: 'The terminal told its merchants.',
          merchants: [...params]
            .filter(([key]) => /^\d{1,4}$/.test(key))
            .map(([merchantId, name]) => ({ merchantId, name: maskCardNumbers(name) })),
        })),
        answer<MerchantListResult | Declined>(notTaken('methodNotImplemented')),
      ),
    ),
  );

/** X report: the sums so far, as a text. The protocol has no other totals. */
export const audit = (): ProtocolCommand<TextResult | Declined> =>
  asking('X report', 'Audit', requests.audit, asText, 'answer');

/** The last settlement's report once more; the terminal prints it as well. */
export const verifyCopy = (): ProtocolCommand<TextResult | Declined> =>
  asking('copy of the settlement', 'VerifyCopy', requests.verifyCopy, asText, 'answer');

/** Every transaction of the batch, as a text. `onPaper`: the terminal prints it as well. */
export const batchJournal = (onPaper = false): ProtocolCommand<TextResult | Declined> =>
  asking(
    'batch journal',
    'PrintBatchJournal',
    (setup) => requests.batchJournal(setup, onPaper),
    asText,
    'answer',
  );

/** A copy of a receipt, the last one without a number. `onPaper`: the terminal prints it as well. */
export const printReceipt = (
  receiptNumber?: string,
  onPaper = false,
): ProtocolCommand<TextResult | Declined> =>
  only<TextResult | Declined>('copy of a receipt', () => {
    const wrong = receiptNumber === undefined ? undefined : checkInvoiceNumber(receiptNumber);
    return (
      wrong ??
      conversation(
        'copy of a receipt',
        plainQuestion<TextResult>(
          'PrintReceiptNum',
          requests.printReceipt(receiptNumber ?? lastReceipt, onPaper),
          read(asText),
          'answer',
        ),
      )
    );
  });

/** The receipt of this number in the open batch, as data. Nothing is printed. */
export const receipt = (receiptNumber: string): ProtocolCommand<LastTransactionResult> =>
  only<LastTransactionResult>(
    'receipt',
    () => checkInvoiceNumber(receiptNumber) ?? receiptOfNumber(receiptNumber, 'receipt'),
  );
