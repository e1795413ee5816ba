import { expect, test } from '@playwright/test';
import { newcomer, post, signIn, signUp } from './lib/account.ts';

test('a citizen registers, leaves, and comes back', async ({ page }) => {
  const person = await signUp(page);
  await page.goto('/ko/account');
  await expect(page.locator('main')).toContainText(person.email);

  await page.locator('form[action$="/sign-out"] button').first().click();
  await page.goto('/ko/account');
  await expect(page).toHaveURL(/\/sign-in/);

  await signIn(page, person);
  await page.goto('/ko/account');
  await expect(page.locator('main')).toContainText(person.email);
});

test('a wrong password is refused, and what was typed stays', async ({ page }) => {
  const person = newcomer();
  await page.goto('/en/sign-in');
  await post(page, { contact: person.email, password: person.password });
  await expect(page.locator('main [name="contact"]')).toHaveValue(person.email);
  await expect(page.locator('main [name="password"]')).toHaveValue('');
});

test('a form sent with flaws comes back with all of them and a summary that leads there', async ({ page }) => {
  await page.goto('/en/sign-up');
  await post(page, { name: '', contact: 'not an address', password: '12345' });
  const links = page.locator('main [role=alert] a, main .error-summary a');
  await expect(links).toHaveCount(3);
  await expect(page.locator('main [name="contact"]')).toHaveValue('not an address');
  for (const link of await links.all()) {
    const target = (await link.getAttribute('href'))!;
    await expect(page.locator(target.slice(target.indexOf('#')))).toHaveCount(1);
  }
});
