import type { Language } from '../messages/amount.ts';

const tokenName = 'tillwire.token';
const languageName = 'tillwire.language';

/** The token of this browser, which the service takes from this origin only. */
export const readToken = (): string | undefined => localStorage.getItem(tokenName) ?? undefined;

export function keepToken(token: string | undefined): void {
  if (token === undefined) localStorage.removeItem(tokenName);
  else localStorage.setItem(tokenName, token);
}

export const pageLanguages: readonly Language[] = ['en', 'es', 'zh-CN'];

/** As it was chosen here, else as the browser prefers, else English. */
export function readLanguage(): Language {
  const wanted = [localStorage.getItem(languageName), ...navigator.languages];
  for (const tag of wanted) {
    const found = pageLanguages.find(
      (one) => tag !== null && one.split('-')[0] === tag.split('-')[0]?.toLowerCase(),
    );
    if (found !== undefined) return found;
  }
  return 'en';
}

export const keepLanguage = (language: Language): void =>
  localStorage.setItem(languageName, language);

const operatorName = 'tillwire.operator';

/** Who typed their name last, as long as this window is open. */
export const readOperator = (): string => sessionStorage.getItem(operatorName) ?? '';

export const keepOperator = (name: string): void => sessionStorage.setItem(operatorName, name);
