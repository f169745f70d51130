/** What a browser says about where a request comes from. Nothing else can be believed, this can: a page cannot forge it. */
export interface Whence {
  readonly method: string;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` (W3C Fetch Metadata). Programs that are no browser send none. */
  readonly site: string | undefined;
}

/** Methods that change nothing: the only ones that a browser sends to its own site without an Origin. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Why a request is not let in for where it comes from; undefined when it is.
 * @param allowed exact Origins; `null`, which any sandboxed page has, is never one of them
 */
export function originRefusal(
  { method, origin, site }: Whence,
  allowed: readonly string[],
): string | undefined {
  if (origin !== undefined)
    return origin !== 'null' && allowed.includes(origin)
      ? undefined
      : 'This origin is not in bridge.origins of the configuration.';
  if (site === undefined) return undefined;
  // Another site, or another port of this machine: without an Origin nobody knows which page asks.
  if (site !== 'same-origin' && site !== 'none')
    return 'A page of another origin asks, and the browser does not say which.';
  return safe.has(method) ? undefined : 'A browser asks for a change and says no origin.';
}

/**
 * May a client that is bound to an Origin ask from here? A page's own GET has no Origin, but the browser
 * says that it is the page's own.
 * @param own the Origin under which this request reached the service
 */
export const isFromItsOrigin = (bound: string, { origin, site }: Whence, own: string): boolean =>
  origin === undefined ? site === 'same-origin' && own === bound : origin === bound;
