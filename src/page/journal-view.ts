import type { JournalView } from '../client/index.ts';
import { type Desk, moneyIn, timeIn } from './desk.ts';
import { button, fill, h } from './dom.ts';
import type { View } from './view.ts';

interface Found {
  readonly intents: readonly JournalView[];
  readonly next?: string | number;
}

const page = 50;

/** The record of every money command, the newest first, searchable. */
export function journalView(desk: Desk): View {
  const { words, bridge, me } = desk;
  if (!me.roles.includes('admin'))
    return { element: h('p', { class: 'hint' }, words('onlyAdminJournal')), leave: () => {} };
  const rows = h('tbody');
  const more = h('div', { class: 'buttons' });
  const input = h('input', {
    type: 'search',
    placeholder: words('searchHint'),
    'aria-label': words('search'),
  });
  let asked = 0;

  async function load(before?: string | number): Promise<void> {
    const turn = ++asked;
    const query = new URLSearchParams({ limit: String(page) });
    if (input.value.trim() !== '') query.set('q', input.value.trim());
    if (before !== undefined) query.set('before', String(before));
    const { intents, next } = (await bridge.read(`/v1/journal?${query}`)) as Found;
    // Somebody has typed on.
    if (turn !== asked) return;
    if (before === undefined) fill(rows);
    rows.append(...intents.map((intent) => rowOf(desk, intent)));
    if (rows.childElementCount === 0)
      fill(rows, h('tr', {}, h('td', { colspan: 6, class: 'hint' }, words('noRecords'))));
    fill(more, next !== undefined && button(words('more'), () => load(next).catch(desk.tell)));
  }

  const find = () => load().catch(desk.tell);
  input.addEventListener('input', find);
  find();
  const heads = ['when', 'what', 'amount', 'terminal', 'who', 'how'] as const;
  return {
    element: h(
      'section',
      { class: 'card journal' },
      h(
        'form',
        { role: 'search', class: 'buttons', on: { submit: (event) => event.preventDefault() } },
        input,
        button(words('exportCsv'), () => save(desk, 'csv')),
        button(words('exportJson'), () => save(desk, 'jsonl')),
      ),
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, words(name))))),
        rows,
      ),
      more,
    ),
    leave: () => {
      asked++;
    },
  };
}

function rowOf({ words, language }: Desk, intent: JournalView): HTMLElement {
  const { id, kind, terminal, amount, operator = '', reason, standing, outcome, openedAt } = intent;
  const how =
    standing === 'ended' && outcome !== undefined
      ? words(`outcome:${outcome}`)
      : words(`standing:${standing}`);
  const cell = (label: string, ...content: (Node | string)[]) =>
    h('td', { 'data-label': label }, h('div', {}, ...content));
  const place = `#/commands/${encodeURIComponent(id)}`;
  return h(
    'tr',
    { class: standing },
    cell(words('when'), timeIn(openedAt)),
    cell(
      words('what'),
      h('a', { href: place }, words(`kind:${kind}`)),
      h('div', { class: 'id' }, id),
    ),
    cell(words('amount'), moneyIn(language, amount)),
    cell(words('terminal'), terminal),
    cell(words('who'), operator, h('div', { class: 'hint' }, reason ?? '')),
    cell(words('how'), how),
  );
}

/** The token goes in a header, so a plain link would not do. */
async function save({ bridge, tell }: Desk, format: 'csv' | 'jsonl'): Promise<void> {
  try {
    const blob = await bridge.download(`/v1/journal/export?format=${format}`);
    const link = h('a', {
      href: URL.createObjectURL(blob),
      download: `tillwire-journal.${format}`,
    });
    link.click();
    // Firefox reads it a moment later.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    tell(error);
  }
}
