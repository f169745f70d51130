import type { MiddlewareHandler } from 'hono';
import type { BridgeEnv } from './guard.ts';

/** Features of a browser that neither the page nor an answer of the service has a use for. */
const features = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** The page loads its own files and nothing else; a string never becomes a script. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** What is no page must never be one: JSON with a receipt in it, opened in a tab, runs nothing. */
const dataPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/**
 * Every answer has these. There is no `Access-Control-Allow-Private-Network` or `-Local-Network` among
 * them: whether a public page may reach this machine is for the person before the browser to say.
 */
export const answerHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': dataPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': features.map((feature) => `${feature}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const isPage = (type: string | null): boolean => type !== null && /^text\/html\b/i.test(type);

/** On '*', outside of `guard`: the headers of every answer, errors too. */
export const securityHeaders = (): MiddlewareHandler<BridgeEnv> => async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const [name, value] of Object.entries(answerHeaders)) headers.set(name, value);
  if (isPage(headers.get('Content-Type'))) headers.set('Content-Security-Policy', pagePolicy);
};
