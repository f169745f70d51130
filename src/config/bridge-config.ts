import { z } from 'zod';

const count = (least: number, most: number) => z.int().min(least).max(most).optional();

/** `127.0.0.1:7465`, `[::1]:7465`. */
const place = /^(?:\[[0-9A-Fa-f:.]+\]|[^:[\]\s/]+):(\d{1,5})$/;

const isPlace = (text: string): boolean => Number(place.exec(text)?.[1] ?? Number.NaN) <= 65_535;

/** As a browser writes it: scheme, host and port, no path. */
function isOrigin(text: string): boolean {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && (protocol === 'http:' || protocol === 'https:');
  } catch {
    return false;
  }
}

/** The Host header of a request, the port with it where it is not the scheme's own. */
const hostHeader = /^(?:\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/;

/** The section `bridge`: the local service, `tillwire serve`. */
export const bridgeConfig = z.strictObject({
  listen: z
    .string()
    .refine(isPlace, 'HOST:PORT, such as 127.0.0.1:7465 or [::1]:7465; port 0 is any free one')
    .optional(),
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  /** Further Host headers under which it is served. */
  hosts: z
    .array(
      z.string().regex(hostHeader, 'a host as in a Host header, in small letters: till.local:7465'),
    )
    .optional(),
  /** Origins of web pages that may call. */
  origins: z
    .array(
      z
        .string()
        .refine(
          isOrigin,
          'one exact origin, such as https://pos.example, without a path; never * or null',
        ),
    )
    .optional(),
  /** The folder of its clients, pairing codes and audit. */
  state: z.string().min(1).optional(),
  limits: z
    .strictObject({
      bodyBytes: count(1024, 1_048_576),
      requestsPerSecond: count(1, 10_000),
      burst: count(1, 100_000),
      /** Event streams that one client may have open. */
      streams: count(1, 10_000),
      connections: count(1, 100_000),
      headersMs: count(100, 600_000),
      requestMs: count(100, 600_000),
    })
    .optional(),
});

export type BridgeConfig = z.infer<typeof bridgeConfig>;
