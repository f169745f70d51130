/** Characters; the longest path that the service has is far below. */
const longest = 2_048;

/** RFC 3986, section 3.3: what a path may hold as it is, and the per cent sign before two hex digits. */
const path = /^\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/;
const query = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/?[\]{}|"<>^`\\-]|%[0-9A-Fa-f]{2})*$/;

/** A token in an address ends up in histories, logs and Referer headers. */
const credentials: ReadonlySet<string> = new Set([
  'token',
  'access_token',
  'accesstoken',
  'authorization',
  'auth',
  'bearer',
  'api_key',
  'apikey',
]);

/**
 * Why the target of a request is not served; undefined when it is. Two readers of one path that do not
 * agree on what it says are how a check is passed by: here only what all of them read alike is served.
 */
export function targetRefusal(target: string): string | undefined {
  if (target.length > longest) return `The address is longer than ${longest} characters.`;
  if (!target.startsWith('/')) return 'The address has to begin with /.';
  const mark = target.indexOf('?');
  const before = mark === -1 ? target : target.slice(0, mark);
  if (!path.test(before)) return 'There are characters in the path that cannot be there.';
  if (before.includes('//')) return 'There is an empty part in the path.';
  for (const part of before.split('/')) {
    const refusal = partRefusal(part);
    if (refusal !== undefined) return refusal;
  }
  return mark === -1 ? undefined : queryRefusal(target.slice(mark + 1));
}

function partRefusal(part: string): string | undefined {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    return 'The path is not UTF-8.';
  }
  if (text === '.' || text === '..') return 'There is a dot segment in the path.';
  for (const character of text)
    if (character <= ' ' || character === '\u007f' || '/\\%?#'.includes(character))
      return 'There are encoded characters in the path that cannot be there.';
  return undefined;
}

function queryRefusal(text: string): string | undefined {
  if (!query.test(text)) return 'There are characters in the query that cannot be there.';
  for (const name of new URLSearchParams(text).keys())
    if (credentials.has(name.toLowerCase()))
      return 'A token is never part of an address; it belongs in the header Authorization. Take it back with `tillwire clients remove`.';
  return undefined;
}
