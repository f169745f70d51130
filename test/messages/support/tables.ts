import { en } from '../../../src/messages/en.ts';
import { es } from '../../../src/messages/es.ts';
import type { MessageKey, Texts } from '../../../src/messages/keys.ts';
import type { Language } from '../../../src/messages/messages.ts';
import { zhCN } from '../../../src/messages/zh-cn.ts';

export const tables: Readonly<Record<Language, Texts>> = { en, es, 'zh-CN': zhCN };

export const keys = Object.keys(en) as MessageKey[];

/** The names in a text, those of parts that may be left out marked with a question mark. */
export const placeholders = (text: string): string[] =>
  Array.from(text.matchAll(/\[[^\]]*\]|\{\w+\}/g), ([part]) =>
    Array.from(
      part.matchAll(/\{(\w+)\}/g),
      ([, name]) => `${name}${part.startsWith('[') ? '?' : ''}`,
    ),
  )
    .flat()
    .sort();
