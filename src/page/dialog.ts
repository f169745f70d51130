import { button, h } from './dom.ts';

export interface Question {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** What the button says that does it. */
  readonly yes: string;
  /** What the button says that leaves everything as it is. */
  readonly no: string;
  readonly danger?: boolean;
  /** Does it; the dialog closes when it has been taken, and stays and says why when this throws. */
  act(): Promise<void>;
  /** What went wrong, for a person. */
  explain(error: unknown): string;
}

/**
 * Asks a person, in front of everything else. Escape leaves everything as it is, and so does Enter until
 * what has to be filled in is filled in; where nothing has to be, the focus is on leaving.
 */
export function askPerson(question: Question): void {
  const { title, body, yes, no, danger = false, act, explain } = question;
  const failed = h('p', { class: 'warning', role: 'alert' });
  const form = h('form', { method: 'dialog' });
  const dialog = h('dialog', { 'aria-label': title }, form);
  const leave = button(no, () => dialog.close());
  const doIt = h('button', { type: 'submit', class: danger ? 'danger' : 'main' }, yes);
  form.append(h('h2', {}, title), ...body, failed, h('div', { class: 'buttons' }, leave, doIt));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (doIt.disabled) return;
    doIt.disabled = true;
    failed.textContent = '';
    act().then(
      () => dialog.close(),
      (error: unknown) => {
        doIt.disabled = false;
        failed.textContent = explain(error);
      },
    );
  });
  const near = document.activeElement?.closest('article');
  dialog.addEventListener('close', () => {
    dialog.remove();
    // The button that it came from may be gone by now; the keyboard must not begin at the top again.
    if (document.activeElement === document.body) near?.querySelector('h2')?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  const open = [...form.querySelectorAll('input')].find(
    ({ type, value }) => type === 'radio' || value === '',
  );
  (open ?? leave).focus();
}
