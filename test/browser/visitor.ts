import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Shop } from './shop.ts';

/** A person before the page, whose browser notes what should never happen. */
export interface Visitor {
  readonly page: Page;
  /** Nothing came from elsewhere, nothing was blocked, nothing complained. */
  leave(): Promise<void>;
}

export interface VisitorOptions extends BrowserContextOptions {
  /** Complaints that belong to the test. */
  readonly expects?: RegExp;
}

export async function visit(
  browser: Browser,
  { url }: Shop,
  { expects = /^$/, ...options }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  // The machine may have other things to do as well.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const outside: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== url) outside.push(request.url());
  });
  await page.goto(url);
  return {
    page,
    async leave() {
      await context.close();
      expect(outside).toEqual([]);
      expect(complaints.filter((complaint) => !expects.test(complaint))).toEqual([]);
    },
  };
}

/** A visitor whose browser has been paired already. */
export async function paired(
  browser: Browser,
  shop: Shop,
  roles = 'query,sell,void,admin',
  options: VisitorOptions = {},
): Promise<Visitor> {
  const visitor = await visit(browser, shop, options);
  await pair(visitor.page, await shop.pairingCode(roles));
  // The page begins anew with its token.
  await visitor.page.locator('.menu').waitFor();
  return visitor;
}

let tills = 0;

/** Types the code and a name; in any language. */
export async function pair(page: Page, code: string, name = `till-${++tills}`): Promise<void> {
  const [codeField, nameField] = await page.locator('.pairing input').all();
  await codeField?.fill(code);
  await nameField?.fill(name);
  await page.locator('.pairing button[type=submit]').click();
}
