import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetRefusal } from '../../src/bridge/request-target.ts';

describe('the target of a request', () => {
  it.each([
    '/',
    '/v1',
    '/v1/commands/kassa-1.sale:42/events',
    '/v1/commands/kassa-1.~a1',
    '/v1/commands/kassa-1.sale%3A42',
    '/v1/commands?state=in-doubt&limit=50',
    '/v1/journal?q=caf%C3%A9%2F1%20500',
    '/page/page.css',
    '/?lang=zh-CN',
  ])('%s is served', (target) => {
    expect(targetRefusal(target)).toBeUndefined();
  });

  it.each([
    ['', 'begin with /'],
    ['*', 'begin with /'],
    ['http://127.0.0.1:7465/v1', 'begin with /'],
    ['//evil.example/v1', 'empty part'],
    ['/v1//me', 'empty part'],
    ['/v1/../page/', 'dot segment'],
    ['/v1/%2e%2e/page', 'dot segment'],
    ['/v1/%2E./page', 'dot segment'],
    ['/v1/./me', 'dot segment'],
    ['/page/..%2f..%2fetc%2fpasswd', 'encoded characters'],
    ['/page/..%5c..%5cetc', 'encoded characters'],
    ['/page/..\\..\\etc', 'characters in the path'],
    ['/page/%252e%252e/etc', 'encoded characters'],
    ['/page/page.css%00.js', 'encoded characters'],
    ['/page/a%0d%0aSet-Cookie:x', 'encoded characters'],
    ['/page/%c0%ae%c0%ae/etc', 'UTF-8'],
    ['/page/%zz', 'characters in the path'],
    ['/page/\u00e9', 'characters in the path'],
    ['/v1/me#x', 'characters in the path'],
    ['/v1/me?a=\u0001', 'characters in the query'],
    ['/v1/me?token=abc', 'token'],
    ['/v1/me?a=1&Access_Token=abc', 'token'],
    ['/v1/me?%74oken=abc', 'token'],
    [`/${'a'.repeat(2_048)}`, 'longer'],
  ])('%s is not', (target, why) => {
    expect(targetRefusal(target)).toContain(why);
  });

  it('is never one in which an URL parser finds another path', () => {
    const piece = fc.constantFrom('v1', '..', '.', '%2e', '%2E%2e', '%2f', '\\', '/', '', 'a', '%');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = `/${pieces.join('/')}`;
        if (targetRefusal(target) !== undefined) return;
        const { pathname, host } = new URL(`http://till${target}`);
        expect([pathname, host]).toEqual([target, 'till']);
        expect(decodeURIComponent(pathname)).toBe(target);
      }),
    );
  });
});
