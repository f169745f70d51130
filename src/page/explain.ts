import { BridgeError } from '../client/index.ts';
import type { Words } from './labels.ts';

/** What went wrong, for a person, in the language of the page where that knows it. */
export function explanationOf(words: Words, error: unknown): string {
  if (!(error instanceof BridgeError))
    return error instanceof Error ? error.message : String(error);
  const { code, effect, errors = [], operatorMessage, message } = error;
  if (errors.some(({ path, message: why }) => path === 'name' && why === 'taken'))
    return words('problem:taken');
  if (errors.length > 0) {
    const why = errors.map((one) => `${words(one.path)}: ${one.message}`).join('; ');
    return words('problem:bad-request', { why });
  }
  if (operatorMessage !== undefined) return operatorMessage;
  if (effect === 'unknown') return words('problem:unsure');
  // What no table has comes back as the code alone, and the service has said more than that.
  const said = words(`problem:${code}`);
  return said === code ? message : said;
}
