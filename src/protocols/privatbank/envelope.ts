/** A message of the terminal: `{"method","step","params":{...},"error","errorDescription"}`. */
export interface Message {
  readonly method: string;
  /** A parameter by its name, blanks around it cut off; undefined when it is missing or empty. */
  param(name: string): string | undefined;
  readonly params: ReadonlyMap<string, string>;
  /** Undefined where the terminal does not say. */
  readonly error: boolean | undefined;
  readonly errorDescription: string;
}

/** A request as it goes on the wire: UTF-8 JSON and one byte 00. All parameters are strings. */
export function writeRequest(
  method: string,
  params?: Readonly<Record<string, string>>,
): Uint8Array {
  const json = JSON.stringify({ method, step: 0, ...(params && { params }) });
  return new TextEncoder().encode(`${json}\0`);
}

/** ServiceMessage: allowed at any time, also while another method runs. */
export const writeService = (msgType: string): Uint8Array =>
  writeRequest('ServiceMessage', { msgType });

/**
 * Reads a message, or nothing when it is none. The vendor's own samples have keys misspelt in four ways and
 * blanks around values; both are read as meant. A byte that is no UTF-8 becomes a replacement character:
 * it can only stand in texts for people.
 */
export function readMessage(data: Uint8Array): Message | undefined {
  const text = new TextDecoder().decode(data);
  // Noise before the brace cannot be part of the message.
  const json = text.slice(Math.max(0, text.indexOf('{'))).trimEnd();
  const value = parse(json) ?? mendedPing(json);
  if (value === undefined) return undefined;
  const method = textOf(entry(value, /^method$/i));
  if (method === undefined || method === '') return undefined;
  const given = entry(value, /^params$/i);
  const params = new Map<string, string>();
  if (isObject(given))
    for (const [key, one] of Object.entries(given)) {
      const read = textOf(one);
      if (read !== undefined) params.set(key.trim(), read);
    }
  const lower = new Map([...params].map(([key, one]) => [key.toLowerCase(), one]));
  return {
    method,
    params,
    param: (name) => lower.get(name.toLowerCase()) || undefined,
    error: flagOf(entry(value, /^error$/i) ?? lower.get('error')),
    // errorDescription, errorDescritption, errorDecsription, errorDecription.
    errorDescription: textOf(entry(value, /^errorde/i)) ?? '',
  };
}

/** Without a single brace it is no part of a message, however damaged: a 00 has cut noise off. */
export const isNoise = (data: Uint8Array): boolean => !data.includes(0x7b) && !data.includes(0x7d);

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The handshake recorded in the vendor's text is no JSON: a number with a leading zero and a brace too few.
 * Terminals that answer like that are heard all the same; a ping moves no money.
 */
function mendedPing(json: string): JsonObject | undefined {
  const isPing = /^\{\s*"method"\s*:\s*"\s*PingDevice\s*"/.test(json);
  if (!isPing || !/"responseCode"\s*:\s*"0000"/.test(json)) return undefined;
  return { method: 'PingDevice', params: { responseCode: '0000' } };
}

const entry = (value: JsonObject, key: RegExp): unknown =>
  Object.entries(value).find(([name]) => key.test(name.trim()))?.[1];

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.trim();
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

function flagOf(value: unknown): boolean | undefined {
  const text = textOf(value)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The msgType of a ServiceMessage, or nothing for any other message. */
export const serviceType = (message: Message): string | undefined =>
  message.method === 'ServiceMessage' ? (message.param('msgType') ?? '') : undefined;
