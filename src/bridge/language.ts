import { type Language, languages } from '../messages/messages.ts';

/** `es-CL` is Spanish, any Chinese is the one there is. */
function known(tag: string): Language | undefined {
  const [primary = ''] = tag.trim().toLowerCase().split('-');
  return languages.find((language) => language.toLowerCase().split('-')[0] === primary);
}

interface Wanted {
  readonly language: Language | undefined;
  readonly quality: number;
}

function wanted(part: string): Wanted {
  const [tag = '', ...parameters] = part.split(';');
  const q = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1]);
  return { language: known(tag), quality: Number(q.find((value) => value !== undefined) ?? 1) };
}

/** A header of a thousand languages says nothing that the first few do not. */
const mostTags = 20;

/** The language of a request: `?lang=`, else `Accept-Language` (RFC 9110, 12.5.4), else the till's own. */
export function chooseLanguage(
  lang: string | undefined,
  accept: string | undefined,
  own: Language,
): Language {
  const asked = lang === undefined ? undefined : known(lang);
  if (asked !== undefined) return asked;
  const [best] = (accept ?? '')
    .split(',', mostTags)
    .map(wanted)
    .filter(({ language, quality }) => language !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return best?.language ?? own;
}
