import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Counter, openCounter } from '../examples/counter.ts';
import { openChromium } from './chromium.ts';

const source = readFileSync(join(import.meta.dirname, '../../docs/examples/till.html'), 'utf8');

/** Serves the page on an origin of its own, `bridge` in the place of the service that it names. */
async function serve(bridge: () => string): Promise<{ server: Server; origin: string }> {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    answer.end(source.replace('http://127.0.0.1:7465', `http://${bridge()}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
}

describe('the page as a till', () => {
  let browser: Browser;
  let counter: Counter;
  let allowed: Awaited<ReturnType<typeof serve>>;
  let foreign: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const bridge = () => counter.place;
    [allowed, foreign] = await Promise.all([serve(bridge), serve(bridge)]);
    [browser, counter] = await Promise.all([
      openChromium(),
      openCounter({ mock: { sales: [{ amount: 1500 }] }, origins: [allowed.origin] }),
    ]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await counter?.close();
    for (const { server } of [allowed, foreign]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const visit = async (origin: string): Promise<{ page: Page; errors: string[] }> => {
    const page = await (await browser.newContext()).newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${origin}/till.html`);
    return { page, errors };
  };

  const pair = async (page: Page) => {
    await page.locator('[name=code]').fill(await counter.word('pair', '--roles', 'query'));
    await page.locator('[name=name]').fill('shop-window');
    await page.getByRole('button', { name: 'Pair' }).click();
  };

  const said = (page: Page) => page.locator('#said');
  const soon = { timeout: 30_000 };

  it('is short, has no dependency, and makes text of nothing but text', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThan(150);
    expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
    expect(source).not.toMatch(/<script[^>]* src=|<link|import /);
  });

  it('pairs, asks what was last, knows its token after a reload, and pairs anew without it', async () => {
    const { page, errors } = await visit(allowed.origin);
    await expect
      .poll(() => page.locator('#permission').textContent(), soon)
      .toMatch(/browser|device/);
    await pair(page);
    await said(page).getByText('Paired as shop-window.').waitFor(soon);
    const last = page.getByRole('button', { name: 'What was the last transaction?' });
    await last.click();
    await said(page).getByText('Last transaction: sale CLP 1,500').waitFor(soon);

    await page.reload();
    await last.click();
    await said(page).getByText('Last transaction: sale CLP 1,500').waitFor(soon);

    await counter.word('clients', 'remove', 'shop-window');
    await last.click();
    await said(page).getByText('does not know this till').waitFor(soon);
    await page.locator('#pairing').waitFor(soon);
    expect(await page.locator('#desk').isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('of an origin that is not in the list gets nothing', async () => {
    const { page } = await visit(foreign.origin);
    await pair(page);
    await said(page).getByText('No answer from').waitFor(soon);
    expect(await counter.word('clients', 'list')).not.toContain('shop-window');
    await page.context().close();
  });
});
