import type { Behaviour } from './behaviours.ts';
import { type Fault, plain, type Strike } from './fault.ts';
import { writeService } from './privatbank-answers.ts';

/** What terminals of this protocol do that its text does not say, or says only by its misprints. */

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Changes the JSON of what goes out; what is no JSON goes out as it is. */
function rewritten(bytes: Uint8Array, change: (message: Json, params: Json) => object): Uint8Array {
  try {
    const message: unknown = JSON.parse(new TextDecoder().decode(bytes).replaceAll('\0', ''));
    if (!isJson(message)) return bytes;
    const params = isJson(message['params']) ? message['params'] : {};
    return new TextEncoder().encode(`${JSON.stringify(change(message, params))}\0`);
  } catch {
    return bytes;
  }
}

const changing = (
  strike: Strike,
  change: (message: Json, params: Json) => object,
  kinds: readonly string[] = ['answer'],
): Behaviour => ({
  transmit: (piece, next) =>
    kinds.includes(piece.kind) && strike()
      ? next({ ...piece, bytes: rewritten(piece.bytes, change) })
      : next(),
});

const mapValues = (params: Json, change: (value: string, name: string) => string): object =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, change(String(value), name)]),
  );

const without = (params: Json, ...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));

const bookingMethods = ['Purchase', 'Refund', 'Withdrawal'];

export const privatbankFaults = {
  'misspelt-keys': plain(
    { description: 'The key errorDescription comes misspelt, as in the vendor’s own samples.' },
    (strike) =>
      changing(
        strike,
        ({ errorDescription, ...message }) => ({ ...message, errorDescritption: errorDescription }),
        ['answer', 'status'],
      ),
  ),
  blanks: plain(
    { description: 'Values come with blanks around them, as in the vendor’s own samples.' },
    (strike) =>
      changing(
        strike,
        (message, params) => ({
          ...message,
          method: ` ${String(message['method'])} `,
          params: mapValues(params, (value) => ` ${value} `),
        }),
        ['answer', 'status'],
      ),
  ),
  'decimal-comma': plain({ description: 'Amounts come as 0,60 instead of 0.60.' }, (strike) =>
    changing(strike, (message, params) => ({
      ...message,
      params: mapValues(params, (value, name) =>
        name === 'amount' ? value.replace('.', ',') : value,
      ),
    })),
  ),
  'joined-frames': plain(
    { description: 'A message that nobody asked for comes in one chunk with the answer.' },
    (strike) => ({
      transmit(piece, next) {
        if (piece.kind !== 'answer' || !strike()) return next();
        const unasked = writeService('getLastStatMsgDescription', {
          LastStatMsgDescription: 'printing receipt',
        });
        return next({ ...piece, bytes: Uint8Array.of(...unasked, 0, ...piece.bytes) });
      },
    }),
  ),
  'code-only': plain(
    {
      description: 'Sales, voids and refunds are answered by a response code and nothing else.',
      on: ['purchase', 'refund', 'void'],
    },
    (strike) =>
      changing(strike, (message, { responseCode }) => ({ ...message, params: { responseCode } })),
  ),
  'no-trn-status': plain(
    { description: 'Receipts do not tell what has become of their transaction.' },
    (strike) =>
      changing(strike, (message, params) => ({ ...message, params: without(params, 'trnStatus') })),
  ),
  'void-keeps-number': plain(
    { description: 'The answer to a void has the invoice number of the sale.', on: ['void'] },
    (strike) => ({
      transmit(piece, next) {
        const number = piece.request?.receiptNumber;
        if (piece.kind !== 'answer' || number === undefined || !strike()) return next();
        const bytes = rewritten(piece.bytes, (message, params) =>
          bookingMethods.includes(String(message['method'])) && 'invoiceNumber' in params
            ? { ...message, params: { ...params, invoiceNumber: number } }
            : message,
        );
        return next({ ...piece, bytes });
      },
    }),
  ),
  'no-receipt-data': plain(
    { description: 'The terminal is too old for GetReceiptInfo: methodNotImplemented.' },
    (strike) => ({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.code === 'GetReceiptInfo' && strike()
          ? next({ ...piece, bytes: writeService(' methodNotImplemented') })
          : next(),
    }),
  ),
  'no-status': plain(
    { description: 'The terminal never tells what it is at: status 0 all the time.' },
    (strike) =>
      changing(
        strike,
        (message, params) => ({
          ...message,
          params: mapValues(params, (value, name) => (name === 'LastStatMsgCode' ? '0' : value)),
        }),
        ['status'],
      ),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
