import { Bridge, type Paired } from '../client/index.ts';
import type { Language } from '../messages/amount.ts';
import { field, h } from './dom.ts';
import type { Words } from './labels.ts';

export interface PairingParts {
  readonly words: Words;
  readonly language: Language;
  /** What went wrong, for a person. */
  explain(error: unknown): string;
  paired(paired: Paired): void;
}

/** Trades the code that the host shows for a token of this browser. */
export function pairingView({ words, language, explain, paired }: PairingParts): HTMLElement {
  const [codeField, code] = field(words('code'), {
    required: true,
    inputmode: 'numeric',
    pattern: '[0-9]{6}',
    maxlength: 6,
    autocomplete: 'one-time-code',
    class: 'code',
  });
  const [nameField, name] = field(words('deviceName'), {
    required: true,
    pattern: '[A-Za-z0-9][A-Za-z0-9_\\-]{0,31}',
    maxlength: 32,
  });
  const form = h(
    'form',
    { class: 'card pairing' },
    h('h1', {}, words('pairTitle')),
    h('p', {}, words('pairHow')),
    codeField,
    nameField,
  );
  const failed = h('p', { class: 'warning', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'main' }, words('pair'));
  form.append(failed, h('div', { class: 'buttons' }, submit));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit.disabled = true;
    failed.textContent = '';
    Bridge.pair(
      { url: location.origin, language },
      { code: code.value.trim(), name: name.value.trim() },
    ).then(paired, (error: unknown) => {
      submit.disabled = false;
      failed.textContent = explain(error);
      code.select();
    });
  });
  return form;
}
