import type { Language } from '../messages/amount.ts';
import { en, type Label, type Labels } from './labels-en.ts';
import { es } from './labels-es.ts';
import { zhCN } from './labels-zh-cn.ts';

export type { Label } from './labels-en.ts';

/** What the page says by itself, in each language. What terminals and commands say comes from the service. */
export const labels: Readonly<Record<Language, Labels>> = { en, es, 'zh-CN': zhCN };

/** A label with its values put in. */
export function fillLabel(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

const isLabel = (name: string): name is Label => Object.hasOwn(en, name);

/** Words of one language; a name that no table has is shown as it is. */
export const wordsOf =
  (language: Language) =>
  (name: Label | (string & {}), values: Readonly<Record<string, string | number>> = {}): string =>
    isLabel(name) ? fillLabel(labels[language][name], values) : name.replace(/^\w+:/, '');

export type Words = ReturnType<typeof wordsOf>;
