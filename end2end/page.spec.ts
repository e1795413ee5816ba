import { expect, test } from '@playwright/test';
import { everyPage } from './pages.ts';

// Each page answers in its language, with one heading, and runs without a fault in the console.
for (const { language, page: wanted, url, title } of everyPage) {
  test(`${title} opens`, async ({ page }) => {
    const faults: string[] = [];
    page.on('pageerror', (fault) => faults.push(fault.message));
    page.on('console', (message) => {
      // A 404 page is itself reported as a failed load.
      if (message.type() === 'error' && !(wanted.status && message.text().includes('Failed to load resource'))) {
        faults.push(message.text());
      }
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400 && !answer.request().isNavigationRequest()) {
        faults.push(`${answer.status()} ${answer.url()}`);
      }
    });
    const answer = await page.goto(url);
    expect(answer?.status()).toBe(wanted.status ?? 200);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page).toHaveTitle(/\S/);
    expect(faults).toEqual([]);
  });
}
