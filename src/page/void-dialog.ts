import type { TerminalView, TransactionView, VoidBody } from '../client/index.ts';
import { type Desk, freshKey, moneyIn } from './desk.ts';
import { askPerson } from './dialog.ts';
import { field, h } from './dom.ts';
import { keepOperator, readOperator } from './session.ts';
import { transactionFacts } from './transaction-facts.ts';

/** Every name that the terminal gave the transaction: the service compares them all before it voids. */
const named = [
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'terminalId',
  'commerceCode',
] as const;

function identityOf(transaction: TransactionView): Partial<VoidBody> {
  return Object.fromEntries(
    named.flatMap((name) => (transaction[name] === undefined ? [] : [[name, transaction[name]]])),
  );
}

/** Shows what would be taken back, and takes it back when a person has said who and why. */
export function askToVoid(
  desk: Desk,
  { name: terminal, policy }: Pick<TerminalView, 'name' | 'policy'>,
  transaction: TransactionView,
): void {
  const { words, bridge, news, language } = desk;
  const isNeeded = policy.supervisor === true;
  const [operatorField, operator] = field(words('operator'), {
    required: true,
    maxlength: 64,
    value: readOperator(),
  });
  const [reasonField, reason] = field(words('reason'), { required: true, maxlength: 200 });
  const [supervisorField, supervisor] = field(words(isNeeded ? 'supervisorNeeded' : 'supervisor'), {
    required: isNeeded,
    maxlength: 64,
  });
  // One key for one wish: pressed twice, or again after a lost answer, it is the same void.
  const key = freshKey('V');
  askPerson({
    title: words('voidTitle', { terminal }),
    body: [
      transactionFacts(desk, transaction),
      h('p', { class: 'warning' }, words('voidWarning')),
      operatorField,
      reasonField,
      supervisorField,
    ],
    yes: words('voidNow', { amount: moneyIn(language, transaction.amount) }),
    no: words('keep'),
    danger: true,
    explain: desk.explain,
    async act() {
      keepOperator(operator.value.trim());
      const second = supervisor.value.trim();
      const body: VoidBody = {
        ...identityOf(transaction),
        amount: transaction.amount.amount,
        currency: transaction.amount.currency,
        operator: operator.value.trim(),
        reason: reason.value.trim(),
        ...(second !== '' && { supervisor: second }),
      };
      news.command(await bridge.void(terminal, body, key));
    },
  });
}
