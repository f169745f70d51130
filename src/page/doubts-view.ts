import type { CommandView, DecisionBody } from '../client/index.ts';
import { type Desk, moneyIn } from './desk.ts';
import { askPerson } from './dialog.ts';
import { button, field, fill, h, whenChanged } from './dom.ts';
import { evidenceOf } from './evidence.ts';
import { outcomeOf, receiptOf, toldOf } from './outcome.ts';
import { keepOperator, readOperator } from './session.ts';
import type { View } from './view.ts';

type Decision = DecisionBody['decision'];

const decisionsFor = ({ kind }: CommandView): readonly Decision[] =>
  kind === 'void' ? ['voided', 'not-voided'] : ['approved', 'not-approved'];

/**
 * What is in doubt: what was asked beside what the terminal says, and the ways to clear it. What has been
 * cleared while a person looks stays, and says how it has ended.
 */
export function doubtsView(desk: Desk): View {
  const { news, bridge, words } = desk;
  const element = h('div', { class: 'doubts' });
  const none = h('p', { class: 'hint' }, words('noDoubts'));
  const articles = new Map<string, Doubt>();
  const changed = whenChanged();

  async function show(ids: readonly string[]): Promise<void> {
    const commands = await Promise.all(ids.map((id) => bridge.command(id)));
    for (const command of commands) {
      let doubt = articles.get(command.id);
      if (doubt === undefined) {
        // It may have been cleared while it was read.
        if (command.state !== 'in-doubt') continue;
        doubt = createDoubt(desk, command);
        articles.set(command.id, doubt);
        element.append(doubt.element);
      }
      doubt.update(command);
    }
    if (articles.size === 0) element.append(none);
    else none.remove();
  }

  function update(): void {
    const open = [...news.terminals.values()].flatMap(({ inDoubt }) => inDoubt);
    const ids = [...new Set([...articles.keys(), ...open])];
    const standing = ids.map((id) => [id, open.includes(id), news.commands.get(id)?.changedAt]);
    changed([news.terminals.size > 0, standing], () => show(ids).catch(desk.tell));
    for (const doubt of articles.values()) doubt.follow();
  }

  update();
  return { element, leave: news.listen(update) };
}

interface Doubt {
  readonly element: HTMLElement;
  update(command: CommandView): void;
  /** How asking the terminal is going. */
  follow(): void;
}

function createDoubt(desk: Desk, command: CommandView): Doubt {
  const { words, bridge, news, me } = desk;
  const { id, terminal } = command;
  const body = h('div');
  const asking = h('div');
  const changed = { body: whenChanged(), asking: whenChanged() };
  const openedAt = Date.now();
  let asked: string | undefined;

  const findOut = button(
    words('findOut'),
    () =>
      bridge.recover(terminal).then((begun) => {
        asked = begun.id;
        news.command(begun);
      }, desk.tell),
    { class: 'main' },
  );
  const mayAsk = me.roles.includes('sell') || me.roles.includes('void');
  const mayDecide = me.roles.includes('admin');

  function update(now: CommandView): void {
    changed.body(now, () => {
      const open = now.state === 'in-doubt';
      const voucher = now.result?.voucher ?? toldOf(now)?.voucher;
      fill(
        body,
        outcomeOf(desk, now),
        !open && voucher && receiptOf(desk, voucher),
        open && h('p', {}, words('doubtLead')),
        open && evidenceOf(desk, now),
        open &&
          h(
            'div',
            { class: 'buttons' },
            mayAsk && findOut,
            mayDecide
              ? button(words('decide'), () => askToDecide(desk, now))
              : h('span', { class: 'hint' }, words('onlyAdmin')),
          ),
        h('a', { href: `#/commands/${encodeURIComponent(id)}` }, words('seeWire')),
      );
      if (!open) fill(asking);
    });
  }

  function follow(): void {
    // Whoever asks, and from wherever: it is this terminal that is being asked.
    const recovery =
      (asked === undefined ? undefined : news.commands.get(asked)) ??
      news.latestOf(terminal, (one) => one.kind === 'recovery' && one.createdAt >= openedAt);
    const stillOpen = news.terminals.get(terminal)?.inDoubt.includes(id) === true;
    changed.asking([recovery, stillOpen], () =>
      fill(
        asking,
        stillOpen &&
          recovery !== undefined &&
          h(
            'section',
            { class: 'asking' },
            h(
              'h3',
              {},
              words('kind:recovery'),
              ' ',
              h('small', {}, words(`command:${recovery.state}`)),
            ),
            outcomeOf(desk, recovery),
          ),
      ),
    );
  }

  return {
    element: h(
      'article',
      { class: 'card doubt', 'aria-label': id },
      h(
        'h2',
        { tabindex: -1 },
        `${terminal} · ${words(`kind:${command.kind}`)} · ${amountOf(desk, command)}`,
      ),
      h('p', { class: 'id' }, id),
      body,
      asking,
    ),
    update,
    follow,
  };
}

const amountOf = ({ language }: Desk, { requested }: CommandView): string =>
  moneyIn(language, requested['amount']);

function askToDecide(desk: Desk, command: CommandView): void {
  const { words, bridge, news } = desk;
  const choices = decisionsFor(command).map((decision) => {
    const input = h('input', { type: 'radio', name: 'decision', value: decision, required: true });
    return {
      decision,
      input,
      label: h('label', { class: 'choice' }, input, words(`decision:${decision}`)),
    };
  });
  const [operatorField, operator] = field(words('operator'), {
    required: true,
    maxlength: 64,
    value: readOperator(),
  });
  const [reasonField, reason] = field(words('howKnown'), { required: true, maxlength: 200 });
  askPerson({
    title: words('decideTitle'),
    body: [
      h('p', { class: 'what' }, `${command.terminal} · ${words(`kind:${command.kind}`)}`),
      h('p', { class: 'amount' }, amountOf(desk, command)),
      h('p', { class: 'warning' }, words('decideWarning')),
      h(
        'fieldset',
        {},
        h('legend', {}, words('decideTitle')),
        ...choices.map(({ label }) => label),
      ),
      operatorField,
      reasonField,
    ],
    yes: words('record'),
    no: words('back'),
    danger: true,
    explain: desk.explain,
    async act() {
      const chosen = choices.find(({ input }) => input.checked);
      if (chosen === undefined) return;
      keepOperator(operator.value.trim());
      news.command(
        await bridge.decide(command.terminal, {
          command: command.id,
          decision: chosen.decision,
          operator: operator.value.trim(),
          reason: reason.value.trim(),
        }),
      );
    },
  });
}
