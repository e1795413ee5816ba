import { fill, submit } from './lib/account.ts';
import { expect, expectFlaws, test } from './lib/test.ts';
import { languages } from './pages.ts';

for (const language of languages) {
  test(`a page that is not there has a way on in ${language}`, async ({ page, look }) => {
    const answer = await page.goto(`/${language}/no/such/page?q=1`);
    expect(answer?.status()).toBe(404);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await look('not found');
    await expect(page.locator(`main a[href="/${language}"]`)).toBeVisible();
    await page.locator('main input[type=search]').fill(language === 'ko' ? '여권' : 'passport');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/${language}/search\\?q=`));
    await expect(page.locator('main a[href$="/services/passport"]').first()).toBeVisible();
  });
}

for (const markup of ['</textarea><script>window.hit = 1</script>', '</title><script>window.hit = 1</script>', '"><img src=x onerror="window.hit = 1">']) {
  test(`what is typed stays text: ${markup.slice(0, 12)}`, async ({ page, language }) => {
    await page.goto(`/${language}/sign-up`);
    await fill(page, { name: markup, contact: markup, password: markup });
    await submit(page);
    await expectFlaws(page, ['name', 'contact']);
    await expect(page.locator('[name=name]')).toHaveValue(markup);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    await page.goto(`/${language}/search?q=${encodeURIComponent(markup)}`);
    await expect(page.locator('main input[type=search]')).toHaveValue(markup);
    await page.goto(`/${language}/sign-in?next=${encodeURIComponent(markup)}`);
    await page.goto(`/${language}/${encodeURIComponent(markup)}`);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  });
}
