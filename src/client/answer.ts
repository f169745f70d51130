import { BridgeError, type Problem } from './error.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isProblem = (value: unknown): value is Problem =>
  isRecord(value) && typeof value['code'] === 'string' && typeof value['title'] === 'string';

/**
 * What an answer holds, or the error that it is.
 * @param effect what is known when the answer cannot be read
 * @throws {BridgeError}
 */
export async function answered(response: Response, effect: 'none' | 'unknown'): Promise<unknown> {
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    throw new BridgeError(
      { code: 'unreadable', effect, status: response.status },
      `The service answered with status ${response.status} and no JSON: is that a Tillwire at ${response.url}?`,
      { cause },
    );
  }
  if (response.ok) return body;
  throw problemOf(response, body, effect);
}

function problemOf(response: Response, body: unknown, effect: 'none' | 'unknown'): BridgeError {
  const { status } = response;
  if (!isProblem(body))
    return new BridgeError(
      { code: 'unreadable', effect, status },
      `The service answered with status ${status} and nothing that Tillwire says.`,
    );
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new BridgeError(
    { ...body, effect: body.effect === 'none' ? 'none' : 'unknown', status },
    body.detail ?? body.title,
    Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {},
  );
}
