import type { Page } from '@playwright/test';
import { expect, test } from './lib/test.ts';

const query = `/search?q=${encodeURIComponent('여권')}`;
const html = (page: Page) => page.locator('html');

/** Opens the settings and presses one. */
async function choose(page: Page, name: string, value: string): Promise<void> {
  await page.locator('details.display > summary').click();
  await page.locator(`button[name="${name}"][value="${value}"]`).click();
}

test('the browser says the language until somebody chooses', async ({ page, language }) => {
  const other = language === 'ko' ? 'en' : 'ko';
  await page.goto(query);
  await expect(html(page)).toHaveAttribute('lang', language);
  await page.locator(`.bar button[value=${other}]`).click();
  await expect(page).toHaveURL(query);
  await expect(html(page)).toHaveAttribute('lang', other);
  await page.goto('/help');
  await expect(html(page), 'the choice is remembered').toHaveAttribute('lang', other);
  await page.goto(`/${language}${query}`);
  await expect(html(page), 'the path wins over the choice').toHaveAttribute('lang', language);
  for (const href of await page.locator('main a, .header a').evaluateAll((all) => all.map((a) => a.getAttribute('href')!))) {
    expect(href).toMatch(new RegExp(`^(/${language}(/|$|\\?)|#)`));
  }
  await page.locator(`.bar button[value=${other}]`).click();
  await expect(html(page), 'choosing leaves the path behind').toHaveAttribute('lang', other);
  await expect(page).toHaveURL(query);
});

test('another browser says another language', async ({ browser }) => {
  for (const [locale, lang] of [['en-US', 'en'], ['ko-KR', 'ko'], ['fr-FR', 'ko']]) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto('/');
    await expect(html(page), locale).toHaveAttribute('lang', lang);
    await context.close();
  }
});

test('text size and colours are chosen and keep the page', async ({ page, language }) => {
  const here = `/${language}${query}`;
  await page.goto(here);
  const size = () => html(page).evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  const paper = () => page.locator('body').evaluate((it) => getComputedStyle(it).backgroundColor);
  const [before, light] = [await size(), await paper()];
  await choose(page, 'text_size', 'larger');
  await expect(page).toHaveURL(here);
  expect(await size()).toBeGreaterThan(before);
  await choose(page, 'contrast', 'high');
  await expect(page).toHaveURL(here);
  expect(await paper()).not.toBe(light);
  expect(await size(), 'one choice leaves the other').toBeGreaterThan(before);
  await page.locator('details.display > summary').click();
  await expect(page.locator('button[value=larger]')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('button[name=contrast][value=high]')).toHaveAttribute('aria-pressed', 'true');
  await page.goto(here);
  await choose(page, 'text_size', 'normal');
  await choose(page, 'contrast', 'normal');
  expect([await size(), await paper()]).toEqual([before, light]);
});
