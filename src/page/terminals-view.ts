import type { Desk } from './desk.ts';
import { fill, h } from './dom.ts';
import { createTerminalCard, type TerminalCard } from './terminal-card.ts';
import type { View } from './view.ts';

/** All terminals, each kept up to date in its place. */
export function terminalsView(desk: Desk): View {
  const element = h('div', { class: 'terminals' });
  const cards = new Map<string, TerminalCard>();

  function update(): void {
    const { terminals, isKnown } = desk.news;
    if (terminals.size === 0)
      fill(element, h('p', { class: 'hint' }, desk.words(isKnown ? 'noTerminals' : 'connecting')));
    else if (cards.size === 0) fill(element);
    for (const [name, terminal] of terminals) {
      let card = cards.get(name);
      if (card === undefined) {
        card = createTerminalCard(desk, name);
        cards.set(name, card);
        element.append(card.element);
      }
      card.update(terminal);
    }
  }

  update();
  const unlisten = desk.news.listen(update);
  return {
    element,
    leave() {
      unlisten();
      for (const card of cards.values()) card.leave();
    },
  };
}
