import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { askLast, cardOf, voidIt, wantVoid } from './counter.ts';
import { openShop, type Shop } from './shop.ts';
import { paired, type Visitor } from './visitor.ts';

let browser: Browser;
let shop: Shop;
let visitor: Visitor;

const script = '<script>x()</script>';

beforeAll(async () => {
  browser = await openChromium();
});

beforeEach(async () => {
  shop = await openShop({
    front: {
      protocol: 'transbank',
      sales: [{ amount: 23_990, ticket: script, time: '2026-11-23T12:41:07' }],
    },
  });
  visitor = await paired(browser, shop);
});

afterEach(async () => {
  await visitor.leave().finally(() => shop.close());
});

afterAll(() => browser?.close());

const voids = async () =>
  (await shop.terminal('front').ledger()).filter(({ kind }) => kind === 'void');

describe('the last transaction', () => {
  it('is shown with what a voucher has, once a person has agreed that the terminal is asked', async () => {
    const { page } = visitor;
    const card = cardOf(page, 'front');
    await card.getByRole('button', { name: 'Ask for the last transaction' }).click();
    await page.getByRole('dialog').filter({ hasText: 'prints a receipt' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await card.textContent()).toContain('Nothing has been done yet');
    await askLast(page, 'front');
    const shown = String(await card.locator('.last').textContent());
    for (const part of ['CLP 23,990', 'ending in 0461', '2026-11-23 12:41:07', '000001', script])
      expect(shown).toContain(part);
  });
});

describe('a void', () => {
  it('shows what it is about, asks who and why, and ends with a receipt', async () => {
    const { page } = visitor;
    await askLast(page, 'front');
    const dialog = await wantVoid(page, 'front', { reason: script });
    const asked = String(await dialog.textContent());
    for (const part of ['CLP 23,990', 'ending in 0461', '2026-11-23 12:41:07'])
      expect(asked).toContain(part);
    await dialog.getByRole('button', { name: 'Void CLP 23,990' }).click();
    const card = cardOf(page, 'front');
    await card.locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
    expect(await voids()).toEqual([{ kind: 'void', amount: 23_990 }]);
    // What it is about is old now; nothing is left to be pressed.
    expect(await card.getByRole('button', { name: 'Void it' }).count()).toBe(0);
    await card.locator('.receipt summary').click();
    const paper = card.locator('.paper');
    expect(await paper.textContent()).toContain(script);
    // Text, however it looks.
    expect(await paper.locator('*').count()).toBe(0);
  });

  it('does nothing when a person keeps it, by the button or by Escape', async () => {
    const { page } = visitor;
    await askLast(page, 'front');
    const dialog = await wantVoid(page, 'front');
    await dialog.getByRole('button', { name: 'Do not void' }).click();
    await wantVoid(page, 'front');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await voids()).toEqual([]);
    expect(await cardOf(page, 'front').getByRole('button', { name: 'Void it' }).count()).toBe(1);
  });

  it('is not begun without a name and a reason', async () => {
    const { page } = visitor;
    await askLast(page, 'front');
    const dialog = await wantVoid(page, 'front', { reason: '' });
    await dialog.getByRole('button', { name: /^Void / }).click();
    await dialog.getByLabel('Why').press('Enter');
    expect(await dialog.count()).toBe(1);
    expect(await voids()).toEqual([]);
  });

  it('happens once, however often it is pressed', async () => {
    const { page } = visitor;
    await askLast(page, 'front');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/voids')) sent.push(request.url());
    });
    const dialog = await wantVoid(page, 'front');
    await dialog.getByRole('button', { name: /^Void / }).dblclick();
    await cardOf(page, 'front').locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
    expect(sent).toHaveLength(1);
    expect(await voids()).toHaveLength(1);
  });

  it('can be done with the keyboard alone, and leaves it where it was', async () => {
    const { page } = visitor;
    await cardOf(page, 'front').waitFor();
    const at = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
    const tabTo = async (text: RegExp) => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        if (text.test(await at())) return;
      }
      throw new Error(`The keyboard does not reach ${text}.`);
    };
    await tabTo(/^Ask for the last/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(await at()).toBe('Ask for the last transaction');
    await page.keyboard.press('Enter');
    await tabTo(/^Ask$/);
    await page.keyboard.press('Enter');
    await cardOf(page, 'front').getByRole('button', { name: 'Void it' }).waitFor();
    await tabTo(/^Void it/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('Ana Soto');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong item');
    await tabTo(/^Void CLP/);
    await page.keyboard.press('Enter');
    await cardOf(page, 'front').locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
    expect(await voids()).toHaveLength(1);
    // The button is gone; the keyboard is still at this terminal.
    expect(await cardOf(page, 'front').locator(':focus').count()).toBe(1);
  });

  it('is told by the terminal of another sale, and not done', async () => {
    const { page } = visitor;
    await askLast(page, 'front');
    await shop.terminal('front').sells(4_200);
    await voidIt(page, 'front');
    await cardOf(page, 'front').locator('.outcome.bad').waitFor();
    expect(await voids()).toEqual([]);
  });
});
