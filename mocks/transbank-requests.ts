import { fromLatin1 } from '../src/framing/bytes.ts';
import { splitData } from '../src/protocols/transbank/fields.ts';
import { type Family, type FieldName, requestLayouts } from '../src/protocols/transbank/layouts.ts';
import type { Answer, Command, Refusal, Request } from './messages.ts';

/** The vendor's matrix: which family knows which request. */
const both = {
  '0100': 'poll',
  '0200': 'purchase',
  '0250': 'last-transaction',
  '0270': 'purchase',
  '0500': 'settle',
  '0800': 'load-keys',
  '1200': 'void',
} as const;

const matrix: Readonly<Record<Family, Readonly<Record<string, Command>>>> = {
  integrado: {
    ...both,
    '0260': 'sales-detail',
    '0280': 'last-transaction',
    '0290': 'sales-detail',
    '0300': 'normal-mode',
    '0700': 'totals',
  },
  autoservicio: { ...both, '0070': 'initialise', '0080': 'initialisation-result' },
};

const isTrue = (flag: string | undefined): boolean => flag === '1';

/**
 * A request of the till. Amounts come padded or not, a trailing separator may stand or be missing: the
 * official SDKs differ and terminals take them all. Nothing: the terminal cannot read it.
 */
export function readRequest(family: Family, data: Uint8Array, at: number): Request | undefined {
  const text = fromLatin1(data);
  const { code, values } = splitData(text);
  const command = Object.hasOwn(matrix[family], code) ? matrix[family][code] : undefined;
  if (command === undefined) return undefined;

  const layout = requestLayouts[family][code] ?? [];
  const field = (name: FieldName): string | undefined => values[layout.indexOf(name)]?.trim();

  const heading = { command, code, text, at };
  switch (command) {
    case 'purchase': {
      const [amount, ticket] = [field('amount'), field('ticket')];
      if (amount === undefined || ticket === undefined) return undefined;
      const childCommerceCode = field('commerceCode');
      return {
        ...heading,
        ticket,
        withStatus: isTrue(field('withStatus')),
        withVoucher: isTrue(field('withVoucher')),
        ...(/^\d{1,9}$/.test(amount) && { amount: Number(amount) }),
        ...(childCommerceCode && { childCommerceCode }),
      };
    }
    case 'void': {
      const operationNumber = field('operationNumber');
      // Autoservicio names no operation: it voids whatever was last.
      return family === 'integrado'
        ? { ...heading, operationNumber: operationNumber ?? '' }
        : heading;
    }
    case 'sales-detail':
      if (field('print') !== '0' && field('print') !== '1') return undefined;
      return { ...heading, prints: field('print') === '0' };
    case 'last-transaction':
      // Integrado prints the voucher again on its own paper each time it is asked.
      return {
        ...heading,
        prints: family === 'integrado',
        withVoucher: isTrue(field('withVoucher')),
      };
    case 'settle':
      return { ...heading, withVoucher: isTrue(field('withVoucher')) };
    default:
      return heading;
  }
}

const minimum = 50;

/** Up to 6 characters on Integrado; 20 on Autoservicio since manual 4.9. */
const ticket: Readonly<Record<Family, RegExp>> = {
  integrado: /^[0-9A-Za-z]{1,6}$/,
  autoservicio: /^[0-9A-Za-z]{1,20}$/,
};

function objection(family: Family, request: Request): Refusal | undefined {
  const { amount } = request;
  if (amount === undefined) return 'amount-malformed';
  if (amount === 0) return 'amount-zero';
  if (amount < minimum) return 'amount-below-minimum';
  return ticket[family].test(request.ticket ?? '') ? undefined : 'ticket-malformed';
}

/** What the terminal refuses before it asks for a card. */
export function checkRequest(family: Family, request: Request): Answer | undefined {
  if (request.command !== 'purchase') return undefined;
  const outcome = objection(family, request);
  return outcome && { to: 'purchase', outcome };
}
