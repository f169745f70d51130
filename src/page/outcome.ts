import type { CommandView, TransactionView } from '../client/index.ts';
import type { Desk } from './desk.ts';
import { button, h } from './dom.ts';

/** What the command told of a transaction, if it did. */
export const toldOf = ({ result }: CommandView): TransactionView | undefined =>
  result?.transaction ?? result?.found;

/** Ended as it was meant to. */
const good: ReadonlySet<string> = new Set([
  'ready',
  'found',
  'approved',
  'voided',
  'already-voided',
  'settled',
  'decided',
  'nothing-open',
]);

/** Green only for what is certain and as it was meant to be; red for what nobody knows. */
export function toneOf({ state, result }: CommandView): 'good' | 'plain' | 'bad' | 'doubt' {
  switch (state) {
    case 'queued':
    case 'running':
      return 'plain';
    case 'in-doubt':
      return 'doubt';
    case 'failed':
      return 'bad';
    case 'done':
      return good.has(result?.outcome ?? '') ? 'good' : 'bad';
  }
}

/** How a command stands, in the words for the person at the till. */
export function outcomeOf({ words }: Desk, command: CommandView): HTMLElement {
  const { state, result, error } = command;
  const said = result?.operatorMessage ?? error?.operatorMessage ?? words(`command:${state}`);
  const about = result?.message ?? error?.message;
  return h(
    'div',
    { class: `outcome ${toneOf(command)}`, role: 'status' },
    h('p', { class: 'said' }, said),
    about !== undefined &&
      about !== said &&
      h('details', {}, h('summary', {}, words('details')), h('p', {}, about)),
  );
}

/** The lines of a receipt, as the printer would have them, folded away. */
export function paperOf({ words }: Desk, lines: readonly string[]): HTMLDetailsElement {
  const paper = h('pre', { class: 'paper', tabindex: 0 }, lines.join('\n'));
  return h('details', {}, h('summary', {}, words('receipt')), paper);
}

/** A receipt to hand over. */
export function receiptOf(desk: Desk, lines: readonly string[]): HTMLElement {
  const folded = paperOf(desk, lines);
  const print = button(desk.words('print'), () => {
    const { open } = folded;
    folded.open = true;
    document.body.classList.add('printing');
    folded.classList.add('printed');
    window.print();
    folded.classList.remove('printed');
    document.body.classList.remove('printing');
    folded.open = open;
  });
  return h('div', { class: 'receipt' }, folded, print);
}
