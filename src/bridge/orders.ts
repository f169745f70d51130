import { withoutCardNumbers } from '../journal/card-data.ts';
import type { Intent } from '../journal/journal.ts';
import type { ResultLike } from '../messages/messages.ts';
import { identities } from '../model/identity.ts';
import type { Money } from '../model/money.ts';
import type { Identity } from '../model/transaction.ts';
import type { Command } from '../terminal/command.ts';
import type { CommandOptions, MoneyOptions, Terminal } from '../terminal/terminal.ts';
import { kindOf, requestedOf } from './command-status.ts';
import type {
  CommandKind,
  DecisionBody,
  QuestionBody,
  RefundBody,
  SaleBody,
  VoidBody,
} from './schemas.ts';

/** What a client has asked for, and how it is put to a terminal. */
export interface Order {
  readonly kind: CommandKind;
  readonly requested: Readonly<Record<string, unknown>>;
  /** Of a command that has a key: what it is known by in the journal. */
  readonly intent?: MoneyIntent;
  /** Nothing happens before the command is subscribed to. */
  start(terminal: Terminal, options: MoneyOptions): Command<ResultLike>;
}

export type MoneyIntent = Pick<
  Intent,
  'kind' | 'amount' | 'asked' | 'operator' | 'reason' | 'supervisor'
>;

type Timed = Pick<QuestionBody, 'timeoutMs'>;

const timed = ({ timeoutMs }: Timed): Pick<CommandOptions, 'timeoutMs'> => ({
  ...(timeoutMs !== undefined && { timeoutMs }),
});

const question =
  (kind: CommandKind, ask: (terminal: Terminal, options: CommandOptions) => Command<ResultLike>) =>
  (body: QuestionBody): Order => ({
    kind,
    requested: {},
    start: (terminal, { signal }) =>
      ask(terminal, { ...timed(body), ...(signal !== undefined && { signal }) }),
  });

export const statusOrder = question('status', (terminal, options) => terminal.status(options));
export const lastOrder = question('last-transaction', (terminal, options) =>
  terminal.lastTransaction(options),
);
export const totalsOrder = question('totals', (terminal, options) => terminal.totals(options));
export const settlementOrder = question('settlement', (terminal, options) =>
  terminal.settle(options),
);
export const recoveryOrder = question('recovery', (terminal, options) => terminal.recover(options));

type Priced = Pick<SaleBody, 'amount' | 'currency'>;

const moneyOf = ({ amount, currency }: Priced, { currency: own }: Pick<Terminal, 'currency'>) => ({
  amount,
  currency: currency ?? own,
});

const money = (
  intent: MoneyIntent,
  body: Timed,
  start: (terminal: Terminal, options: MoneyOptions) => Command<ResultLike>,
): Order => ({
  kind: kindOf(intent),
  requested: requestedOf(intent),
  intent,
  start: (terminal, options) => start(terminal, { ...options, ...timed(body) }),
});

export function saleOrder(body: SaleBody, terminal: Terminal): Order {
  const { ticket, commerceCode, payCode } = body;
  const asked = {
    ...(ticket !== undefined && { ticket }),
    ...(commerceCode !== undefined && { commerceCode }),
  };
  const amount = moneyOf(body, terminal);
  return money({ kind: 'purchase', amount, asked }, body, (on, options) =>
    on.purchase({ amount, ...asked, ...(payCode !== undefined && { payCode }) }, options),
  );
}

export function refundOrder(body: RefundBody, terminal: Terminal): Order {
  const { ticket, rrn } = body;
  const asked = { ...(ticket !== undefined && { ticket }), ...(rrn !== undefined && { rrn }) };
  const amount = moneyOf(body, terminal);
  return money({ kind: 'refund', amount, asked }, body, (on, options) =>
    on.refund({ amount, ...asked }, options),
  );
}

export function voidOrder(body: VoidBody, terminal: Terminal): Order {
  const amount: Money = moneyOf(body, terminal);
  const asked: Identity = Object.fromEntries(
    identities.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  );
  const { operator, reason, supervisor } = body;
  const persons = { operator, reason, ...(supervisor !== undefined && { supervisor }) };
  return money({ kind: 'void', amount, asked, ...persons }, body, (on, options) =>
    on.voidTransaction({ amount, ...asked }, { ...options, ...persons }),
  );
}

export const decisionOrder = ({ command, decision, operator, reason }: DecisionBody): Order => ({
  kind: 'decision',
  requested: { command, decision, ...Object(withoutCardNumbers({ operator, reason })) },
  start: (terminal) => terminal.decide(decision, { operator, reason, key: command }),
});

const words = (value: string | undefined) => withoutCardNumbers(value);

/**
 * Asks the same. `known` is what the journal recalls: what was asked is compared as it was given where it
 * can be, and persons and reasons as they are written down, without card numbers.
 */
export const sameIntent = (order: MoneyIntent, known: MoneyIntent): boolean =>
  JSON.stringify(parts(order)) === JSON.stringify(parts(known));

const parts = ({ kind, amount, asked, operator, reason, supervisor }: MoneyIntent) => [
  kind,
  amount.amount,
  amount.currency,
  Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)),
  words(operator),
  words(reason),
  words(supervisor),
];
