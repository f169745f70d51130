import type { Language } from '../messages/messages.ts';
import type { AppParts } from './app-parts.ts';
import { chooseLanguage } from './language.ts';
import type { BridgeContext } from './route.ts';

export const languageOf = (c: BridgeContext, { language }: Pick<AppParts, 'language'>): Language =>
  chooseLanguage(c.req.query('lang'), c.req.header('Accept-Language'), language);
