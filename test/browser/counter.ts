import type { Locator, Page } from 'playwright-core';

/** What a person does at the counter, in English. */
export const cardOf = (page: Page, name: string): Locator =>
  page.getByRole('article', { name, exact: true });

export async function askLast(page: Page, name: string): Promise<void> {
  await cardOf(page, name).getByRole('button', { name: 'Ask for the last transaction' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ask', exact: true }).click();
  const card = cardOf(page, name);
  await card
    .getByRole('button', { name: 'Void it' })
    .waitFor()
    .catch(async (cause: unknown) => {
      throw new Error(`There is nothing to void: ${await page.locator('body').innerText()}`, {
        cause,
      });
    });
}

/** Opens the question whether to void, and fills it in. */
export async function wantVoid(
  page: Page,
  name: string,
  { operator = 'Ana Soto', reason = 'wrong item' } = {},
): Promise<Locator> {
  await cardOf(page, name).getByRole('button', { name: 'Void it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill(operator);
  await dialog.getByLabel('Why').fill(reason);
  return dialog;
}

export async function voidIt(page: Page, name: string): Promise<void> {
  const dialog = await wantVoid(page, name);
  await dialog.getByRole('button', { name: /^Void / }).click();
}
