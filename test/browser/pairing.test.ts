import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { cardOf } from './counter.ts';
import { openShop, type Shop } from './shop.ts';
import { pair, paired, visit } from './visitor.ts';

let browser: Browser;
let shop: Shop;

beforeAll(async () => {
  browser = await openChromium();
  shop = await openShop({ front: { protocol: 'transbank', sales: [{ amount: 1500 }] } });
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** The browser itself notes each answer that is no success. */
const refusals = /status of 40[13]/;

describe('a browser that is not paired', () => {
  it('is asked for the code and sees nothing else', async () => {
    const visitor = await visit(browser, shop);
    const { page } = visitor;
    await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
    expect(await page.locator('article').count()).toBe(0);
    expect(await page.locator('input.code:focus').count()).toBe(1);
    await visitor.leave();
  });

  it('is told that a code is wrong, and paired by the right one, which is good once', async () => {
    const visitor = await visit(browser, shop, { expects: refusals });
    const { page } = visitor;
    const code = await shop.pairingCode('query,sell,void');
    const wrong = code === '000000' ? '000001' : '000000';
    await pair(page, wrong, 'kassa-1');
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    await pair(page, code, 'kassa-1');
    await cardOf(page, 'front').waitFor();
    await page.reload();
    await cardOf(page, 'front').waitFor();
    await visitor.leave();

    const second = await visit(browser, shop, { expects: refusals });
    await pair(second.page, code, 'kassa-2');
    await second.page.getByRole('alert').filter({ hasText: 'has been used' }).waitFor();
    await second.leave();
  });

  it('is held back by the browser when the name of the till is no name', async () => {
    const visitor = await visit(browser, shop);
    const { page } = visitor;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(request.url());
    });
    await pair(page, await shop.pairingCode('query'), 'caja 1');
    await page.locator('input:invalid').waitFor();
    expect(await page.locator('input:invalid').inputValue()).toBe('caja 1');
    expect(asked).toEqual([]);
    await visitor.leave();
  });
});

describe('a browser whose token is taken away', () => {
  it('is asked for a code again, without a reload by hand', async () => {
    const visitor = await paired(browser, shop, 'query', { expects: refusals });
    const { page } = visitor;
    await cardOf(page, 'front').waitFor();
    const name = await page.locator('.menu summary').textContent();
    const said = await shop.tillwire('clients', 'remove', String(name));
    expect(said.at(-1)).toMatchObject({ outcome: 'removed' });
    await page.getByRole('heading', { name: 'Pair this browser' }).waitFor({ timeout: 30_000 });
    const kept = JSON.stringify(await page.context().storageState());
    expect(kept).not.toContain('tillwire.token');
    await visitor.leave();
  });

  it('gives the token up itself when a person wants that', async () => {
    const visitor = await paired(browser, shop);
    const { page } = visitor;
    await page.locator('.menu summary').click();
    await page.getByRole('button', { name: 'Forget this browser' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget this browser' }).click();
    await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
    await visitor.leave();
  });
});
