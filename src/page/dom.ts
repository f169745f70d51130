type Child = Node | string | undefined | false;

interface Props {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [attribute: string]: unknown;
}

/**
 * An element. Text goes in as text and never as markup: what a terminal sends may hold anything.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, on = {}, ...attributes }: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== undefined) element.className = className;
  for (const [name, value] of Object.entries(attributes))
    if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string' || typeof value === 'number')
      element.setAttribute(name, String(value));
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  element.append(...shown(children));
  return element;
}

/** Puts these in the place of what is there. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...shown(children));
}

const shown = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child) => child !== undefined && child !== false);

/** A button that does one thing at a time: it is off until that has ended. */
export function button(
  text: string,
  act: () => void | Promise<void>,
  props: Props = {},
): HTMLButtonElement {
  const click = () => {
    const doing = act();
    // What opens a dialog has ended at once, and must be there to get the focus back.
    if (doing === undefined) return;
    element.disabled = true;
    doing.finally(() => {
      element.disabled = false;
    });
  };
  const element = h('button', { type: 'button', ...props, on: { click } }, text);
  return element;
}

/**
 * Draws when something has changed, and not at every piece of news: a person may have a part of it open,
 * or be on one of its buttons.
 */
export function whenChanged(): (what: unknown, draw: () => void) => void {
  let drawn: string | undefined;
  return (what, draw) => {
    const now = JSON.stringify([what]);
    if (now === drawn) return;
    drawn = now;
    draw();
  };
}

let counted = 0;

/** A field with its label above it. */
export function field(label: string, props: Props = {}): [HTMLElement, HTMLInputElement] {
  const id = `field-${++counted}`;
  const input = h('input', { id, autocomplete: 'off', ...props });
  return [h('div', { class: 'field' }, h('label', { for: id }, label), input), input];
}

/** Names and values, side by side. */
export const facts = (rows: readonly (readonly [string, string | undefined])[]): HTMLElement =>
  h(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [h('dt', {}, name), h('dd', {}, value)],
    ),
  );
