import type { CommandView, TerminalView } from '../client/index.ts';
import type { Desk } from './desk.ts';
import { askPerson } from './dialog.ts';
import { button, fill, h, whenChanged } from './dom.ts';
import { outcomeOf, receiptOf, toldOf } from './outcome.ts';
import { createTimeline } from './timeline.ts';
import { transactionFacts } from './transaction-facts.ts';
import { askToVoid } from './void-dialog.ts';

/** One terminal: its state, what it is doing or did last, and its last transaction. */
export interface TerminalCard {
  readonly element: HTMLElement;
  update(terminal: TerminalView): void;
  /** Stops watching its command. */
  leave(): void;
}

/** Commands after which an answer about the last transaction is old. */
const movesMoney = ({ kind }: CommandView): boolean =>
  kind === 'sale' || kind === 'void' || kind === 'refund' || kind === 'settlement';

const isUnderWay = ({ state }: CommandView): boolean => state === 'queued' || state === 'running';

/** The answer about the last transaction has a place of its own, with what can be done about it. */
const tellsLast = ({ kind, result }: CommandView): boolean =>
  kind === 'last-transaction' && result?.outcome === 'found';

export function createTerminalCard(desk: Desk, name: string): TerminalCard {
  const { words, bridge, news, me } = desk;
  const may = (role: (typeof me.roles)[number]) => me.roles.includes(role);
  const state = h('div', { class: 'state', role: 'status' });
  const doubt = h('div');
  const command = h('section', { class: 'command' });
  const body = h('div');
  const timeline = createTimeline(desk);
  const wire = h('p', { class: 'to-wire' });
  const last = h('section', { class: 'last' });
  const changed = { state: whenChanged(), command: whenChanged(), last: whenChanged() };
  let terminal: TerminalView | undefined;

  const begin = (start: () => Promise<CommandView>): Promise<void> =>
    start().then((begun) => news.command(begun), desk.tell);

  const askLast = button(
    words('askLast'),
    () =>
      askPerson({
        title: words('askLastTitle', { terminal: name }),
        body: [
          h('p', {}, words(terminal?.capabilities.queryPrints ? 'askLastPrints' : 'askLastPlain')),
        ],
        yes: words('ask'),
        no: words('back'),
        explain: desk.explain,
        act: async () => news.command(await bridge.lastTransaction(name)),
      }),
    { class: 'main' },
  );
  const status = button(words('status'), () => begin(() => bridge.status(name)));
  const buttons = h('div', { class: 'buttons' }, may('query') && askLast, may('query') && status);

  function showState({ state: now, running, queued, inDoubt }: TerminalView): void {
    const why = now.type === 'disconnected' ? now.reason : undefined;
    // Some are spoken to for each command anew, and nothing is wrong with them in between.
    const type = now.type === 'disconnected' && why === undefined ? 'resting' : now.type;
    state.className = `state ${type}`;
    const doing = running === undefined ? '' : ` · ${words(`kind:${running.kind}`)}`;
    const waiting = queued === 0 ? '' : ` · ${words('waiting', { count: queued })}`;
    fill(
      state,
      h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', {}, `${words(`state:${type}`)}${doing}${waiting}`),
      why !== undefined && h('small', {}, why),
    );
    fill(
      doubt,
      inDoubt.length > 0 &&
        h(
          'a',
          { class: 'open-doubt', href: '#/doubts' },
          words('clearUp', { count: inDoubt.length }),
        ),
    );
  }

  function showCommand(shown: CommandView | undefined): void {
    timeline.show(shown);
    if (shown === undefined) {
      fill(body, h('p', { class: 'hint' }, words('nothingYet')));
      return;
    }
    const voucher = tellsLast(shown)
      ? undefined
      : (shown.result?.voucher ?? toldOf(shown)?.voucher);
    fill(
      body,
      h('h3', {}, words(`kind:${shown.kind}`)),
      !tellsLast(shown) && outcomeOf(desk, shown),
      isUnderWay(shown) &&
        h(
          'div',
          { class: 'buttons' },
          button(words('cancelCommand'), () => begin(() => bridge.cancel(shown.id))),
        ),
      voucher && receiptOf(desk, voucher),
    );
    fill(wire, h('a', { href: `#/commands/${encodeURIComponent(shown.id)}` }, words('seeWire')));
  }

  function showLast(shown: TerminalView): void {
    const { capabilities, inDoubt } = shown;
    const asked = news.latestOf(name, (one) => one.kind === 'last-transaction');
    const found = asked && tellsLast(asked) ? toldOf(asked) : undefined;
    const moved = news.latestOf(name, movesMoney);
    const current = (moved?.createdAt ?? 0) < (asked?.createdAt ?? 0) ? found : undefined;
    changed.last([current, inDoubt], () => {
      if (current === undefined) {
        fill(last);
        return;
      }
      const canVoid =
        capabilities.voidBy !== 'none' && capabilities.commands.includes('voidTransaction');
      const voidable = current.kind === 'purchase' && current.state === 'approved';
      fill(
        last,
        transactionFacts(desk, current),
        !canVoid && h('p', { class: 'hint' }, words('noVoid')),
        canVoid &&
          voidable &&
          may('void') &&
          inDoubt.length === 0 &&
          button(words('voidIt'), () => askToVoid(desk, shown, current), { class: 'danger' }),
        current.voucher && receiptOf(desk, current.voucher),
      );
    });
  }

  command.append(body, last, timeline.element, wire);
  return {
    element: h(
      'article',
      { class: 'card terminal', 'aria-label': name },
      h('header', {}, h('h2', { tabindex: -1 }, name), state),
      doubt,
      buttons,
      command,
    ),
    update(view) {
      terminal = view;
      changed.state(view, () => showState(view));
      const latest = news.latest(name);
      changed.command(latest, () => showCommand(latest));
      showLast(view);
    },
    leave: () => timeline.show(undefined),
  };
}
