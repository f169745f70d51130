import type { CommandView } from '../client/index.ts';
import { type Desk, moneyIn, timeIn } from './desk.ts';
import { facts, h } from './dom.ts';
import { paperOf } from './outcome.ts';

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMoney = (value: unknown): boolean =>
  isRecord(value) && 'amount' in value && 'currency' in value && Object.keys(value).length === 2;

/** One side of the comparison: who says it, and what. */
interface Column {
  readonly title: string;
  readonly fields: Fields;
}

/** In this order a person compares them with the voucher; what is not named here comes after. */
const order = [
  'amount',
  'state',
  'kind',
  'last4',
  'cardBrand',
  'cardType',
  'time',
  'ticket',
  'receiptNumber',
  'operationNumber',
  'trace',
  'authorisationCode',
  'rrn',
  'terminalId',
  'commerceCode',
];

/** Told apart: who asked and why, and the lines of a voucher. */
const elsewhere: ReadonlySet<string> = new Set(['operator', 'reason', 'supervisor', 'voucher']);

/** What was asked, and each thing that the terminal has said, as columns beside each other. */
function columnsOf({ words }: Desk, { requested, error }: CommandView): Column[] {
  const { found, answer, told, late } = error?.evidence ?? {};
  const columns: Column[] = [{ title: words('asked'), fields: requested }];
  const add = (title: string, said: unknown) => {
    if (isRecord(said) && Object.keys(said).length > 0) columns.push({ title, fields: said });
  };
  add(words('saidBefore'), found);
  add(words('saidAnswer'), answer);
  for (const one of listOf(told)) add(words('saidSince'), one);
  for (const one of listOf(late)) add(words('saidLate'), isRecord(one) ? one['fields'] : one);
  return columns;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function rowsOf(columns: readonly Column[]): string[] {
  const names = new Set(columns.flatMap(({ fields }) => Object.keys(fields)));
  const rest = [...names].filter((name) => !order.includes(name) && !elsewhere.has(name)).sort();
  return [...order.filter((name) => names.has(name)), ...rest];
}

/** What was asked beside what the terminal says; what differs from what was asked is marked. */
export function evidenceOf(desk: Desk, command: CommandView): HTMLElement {
  const { words } = desk;
  const columns = columnsOf(desk, command);
  const [asked, ...others] = columns;
  const { operator, reason, supervisor } = command.requested;
  const voucher = columns.map(({ fields }) => fields['voucher']).find(isLines);
  const table = h(
    'table',
    { class: 'sides' },
    h(
      'thead',
      {},
      h('tr', {}, h('td'), ...columns.map(({ title }) => h('th', { scope: 'col' }, title))),
    ),
    h(
      'tbody',
      {},
      ...rowsOf(columns).map((name) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, words(name)),
          ...columns.map(({ fields }) => cellOf(desk, name, fields[name], asked?.fields[name])),
        ),
      ),
    ),
  );
  table.style.setProperty('--columns', String(columns.length));
  return h(
    'div',
    { class: 'evidence' },
    facts([
      [words('when'), timeIn(command.createdAt)],
      [words('who'), textOf(operator)],
      [words('reason'), textOf(reason)],
      [words('supervisor'), textOf(supervisor)],
    ]),
    table,
    others.length === 0 && h('p', { class: 'hint' }, words('saidNothing')),
    voucher && paperOf(desk, voucher),
  );
}

const isLines = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((line) => typeof line === 'string');

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function cellOf(desk: Desk, name: string, value: unknown, asked: unknown): HTMLElement {
  if (value === undefined) return h('td', { class: 'hint' }, '–');
  const text = shown(desk, name, value);
  const differs = asked !== undefined && JSON.stringify(asked) !== JSON.stringify(value);
  return h(
    'td',
    { class: differs ? 'differs' : 'agrees' },
    text,
    differs && h('small', {}, desk.words('differs')),
  );
}

function shown({ language, words }: Desk, name: string, value: unknown): string {
  if (isMoney(value)) return moneyIn(language, value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (name === 'state') return words(`tx:${value}`);
  if (name === 'kind') return words(value === 'purchase' ? 'kind:sale' : `kind:${value}`);
  if (name === 'cardType') return words(`card:${value}`);
  return name === 'time' ? value.replace('T', ' ') : value;
}
