import { BridgeError, type CommandEventView, type CommandView } from '../client/index.ts';
import type { Desk } from './desk.ts';
import { fill, h } from './dom.ts';
import { takingTurns } from './turns.ts';

/** A command's events, one below the other, as they come. */
export interface Timeline {
  readonly element: HTMLElement;
  /** Shows this command; nothing when it is shown already. */
  show(command: CommandView | undefined): void;
}

/**
 * A browser opens six connections to one place. Each open stream holds one, the news hold another, and one
 * has to be left for what a person does.
 */
const inTurn = takingTurns(3);

/**
 * Follows one command at a time; a page that was reloaded gets all of its events again. One that runs is
 * open, one that has ended is read when a person opens it.
 */
export function createTimeline(desk: Desk): Timeline {
  const { words } = desk;
  const now = h('p', { class: 'prompt', role: 'status' });
  const list = h('ol', { class: 'timeline', 'aria-live': 'polite' });
  const went = h('details', {}, h('summary', {}, words('timeline')), list);
  went.hidden = true;
  let shown: string | undefined;
  let begun = false;
  let watching = new AbortController();

  async function follow(id: string, signal: AbortSignal): Promise<void> {
    let first: number | undefined;
    for await (const event of desk.bridge.events(id, { signal })) {
      first ??= event.at;
      list.append(...entryOf(desk, event, event.at - first));
      if (event.type === 'prompt' || event.type === 'sent' || isLast(event))
        fill(now, event.type === 'prompt' && promptOf(desk, event));
      if (isLast(event)) desk.news.command(await desk.bridge.command(id));
    }
  }

  function begin(): void {
    const id = shown;
    if (begun || id === undefined) return;
    begun = true;
    const { signal } = watching;
    inTurn(() => follow(id, signal), signal).catch((error: unknown) => {
      // A question is forgotten when the service starts again: that it is gone is nobody's concern.
      const isGone = error instanceof BridgeError && error.code === 'unknown-command';
      if (!signal.aborted && !isGone) desk.tell(error);
    });
  }

  went.addEventListener('toggle', () => went.open && begin());
  return {
    element: h('div', { class: 'went' }, now, went),
    show(command) {
      if (command?.id === shown) return;
      shown = command?.id;
      begun = false;
      watching.abort();
      watching = new AbortController();
      fill(list);
      fill(now);
      went.hidden = command === undefined;
      went.open = command?.state === 'queued' || command?.state === 'running';
      if (went.open) begin();
    },
  };
}

const isLast = ({ type }: CommandEventView): boolean => type === 'result' || type === 'failed';

/** What the terminal shows, and whose turn it is. */
const promptOf = ({ words }: Desk, { who, operatorMessage, text }: CommandEventView): string => {
  const said = operatorMessage ?? text ?? '';
  return who === undefined || who === 'nobody' ? said : words(`who:${who}`, { said });
};

function entryOf(desk: Desk, event: CommandEventView, afterMs: number): HTMLElement[] {
  const text = textOf(desk, event);
  if (text === undefined) return [];
  return [
    h(
      'li',
      { class: `is-${event.type}` },
      h('span', { class: 'after' }, `${(afterMs / 1000).toFixed(1)} s`),
      h('span', {}, text),
    ),
  ];
}

function textOf(desk: Desk, event: CommandEventView): string | undefined {
  const { words } = desk;
  const { type, request = '', attempt = 1, asking = '', why = '', count = 0 } = event;
  switch (type) {
    case 'queued':
    case 'acknowledged':
      return words(`event:${type}`);
    case 'sent':
      return words(attempt > 1 ? 'event:sentAgain' : 'event:sent', { request });
    case 'recovering':
      return words('event:recovering', { asking, why });
    case 'prompt':
      return promptOf(desk, event);
    case 'dropped':
      return words('event:dropped', { count });
    case 'receipt':
      return words('event:receipt');
    // The outcome stands in large letters above.
    case 'result':
    case 'failed':
      return undefined;
  }
}
