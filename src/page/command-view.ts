import { type Desk, timeIn } from './desk.ts';
import { fill, h } from './dom.ts';
import { evidenceOf } from './evidence.ts';
import { outcomeOf, receiptOf, toldOf } from './outcome.ts';
import { createTimeline } from './timeline.ts';
import { transactionFacts } from './transaction-facts.ts';
import type { View } from './view.ts';
import { type WireFrame, wirePicture } from './wire-picture.ts';

/** One command: how it stands, its events, and what crossed the wire. */
export function commandView(desk: Desk, id: string): View {
  const { words, bridge, news } = desk;
  const head = h('div');
  const timeline = createTimeline(desk);
  const wire = h('section', { class: 'wire' });
  let shown = '';

  async function show(): Promise<void> {
    const command = await bridge.command(id);
    const told = toldOf(command);
    const voucher = command.result?.voucher ?? told?.voucher;
    fill(
      head,
      h('h2', { tabindex: -1 }, `${command.terminal} · ${words(`kind:${command.kind}`)}`),
      h('p', { class: 'id' }, `${id} · ${timeIn(command.createdAt)}`),
      outcomeOf(desk, command),
      command.state === 'in-doubt'
        ? evidenceOf(desk, command)
        : told && transactionFacts(desk, told),
      voucher && receiptOf(desk, voucher),
    );
    timeline.show(command);
    const { frames } = (await bridge.read(`/v1/commands/${encodeURIComponent(id)}/wire`)) as {
      frames: readonly WireFrame[];
    };
    fill(
      wire,
      h('h3', {}, words('wire')),
      frames.length === 0
        ? h('p', { class: 'hint' }, words('wireNone'))
        : wirePicture(desk, frames),
    );
  }

  function update(): void {
    const known = news.commands.get(id);
    const standing = `${known?.state} ${known?.changedAt}`;
    if (standing === shown) return;
    shown = standing;
    show().catch(desk.tell);
  }

  update();
  const unlisten = news.listen(update);
  return {
    element: h(
      'article',
      { class: 'card one-command' },
      h('a', { class: 'back', href: '#/' }, `← ${words('terminals')}`),
      head,
      timeline.element,
      wire,
    ),
    leave() {
      unlisten();
      timeline.show(undefined);
    },
  };
}
