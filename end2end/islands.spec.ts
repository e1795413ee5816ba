import { fill, signUp, submit } from './lib/account.ts';
import { expect, test } from './lib/test.ts';

test('a password can be shown and hidden', async ({ page, language }) => {
  await page.goto(`/${language}/sign-in`);
  const field = page.locator('main [name=password]');
  const button = page.locator('.reveal');
  await expect(button).toBeVisible();
  await fill(page, { contact: 'nobody@example.test', password: 'seven words' });
  await button.click();
  await expect(field).toHaveAttribute('type', 'text');
  await expect(field).toHaveValue('seven words');
  await expect(page.locator('.password [role=status]')).not.toBeEmpty();
  await button.click();
  await expect(field).toHaveAttribute('type', 'password');
  await button.click();
  // Sent as a password, so that the browser does not remember it as a text.
  const types: string[] = [];
  await page.exposeFunction('note', (type: string) => types.push(type));
  await page.evaluate(() => {
    document.addEventListener('submit', () => {
      void (window as unknown as { note(type: string): void }).note(document.querySelector<HTMLInputElement>('#password')!.type);
    });
  });
  await submit(page);
  await expect(page.locator('.error-summary')).toBeVisible();
  await expect(page.locator('.reveal'), 'wakes on a page that was posted').toBeVisible();
});

test('a session that is about to end can be kept', async ({ page, language }) => {
  await page.clock.install();
  await signUp(page, language);
  const dialog = page.locator('.session-dialog');
  await expect(page.locator('leptos-island')).not.toHaveCount(0);
  await expect(dialog).toBeHidden();
  // The island counts by the browser's clock; it wakes a moment after the page.
  await page.waitForLoadState('networkidle');
  await page.clock.fastForward('57:30');
  await page.clock.runFor(2_000);
  await expect(dialog).toBeVisible();
  await expect(dialog.locator('button')).toBeFocused();
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/session/keep'));
  await dialog.locator('button').click();
  expect((await kept).status()).toBe(200);
  await page.clock.runFor(2_000);
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('60:30');
  await page.clock.runFor(2_000);
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(`a[href="/${language}/sign-in"]`)).toBeVisible();
});
