import type { Page } from '@playwright/test';
import path from 'node:path';
import { demo, fill, newcomer, press, signIn, submit } from './lib/account.ts';
import { newestCode, newestLink } from './lib/messages.ts';
import { root } from './lib/server.ts';
import { test } from './lib/test.ts';
import { everyPage, languages } from './pages.ts';

// ./test e2e --grep @shots: pictures to be looked at, in end2end/shots/<width>-<language>-<name>.png
async function shoot(page: Page, language: string, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  const width = page.viewportSize()!.width;
  await page.screenshot({
    path: path.join(root, 'end2end/shots', `${width}-${language}-${name}.png`),
    fullPage: true,
    scale: 'css',
  });
}

for (const { language, page: shown, url, title } of everyPage) {
  test(`${title} @shots`, async ({ page }) => {
    await page.goto(url);
    await shoot(page, language, shown.name);
  });
}

for (const language of languages) {
  test(`${language} account @shots`, async ({ page }) => {
    test.setTimeout(120_000);
    const person = newcomer();
    const shot = (name: string) => shoot(page, language, name);
    const open = (path: string) => page.goto(`/${language}${path}`);
    await open('/sign-up');
    await fill(page, { name: '1234', contact: 'nobody', password: 'password' });
    await submit(page);
    await shot('sign-up-flawed');
    await fill(page, { name: person.name, contact: person.email, password: person.password });
    await submit(page);
    await shot('sign-up-confirm');
    await fill(page, { code: '000000' });
    await submit(page);
    await shot('sign-up-confirm-flawed');
    await press(page, '/resend');
    await shot('sign-up-resent');
    await fill(page, { code: await newestCode(page.request, person.email) });
    await submit(page);
    await shot('account');
    await open('/account/contact/phone');
    await shot('contact');
    await fill(page, { contact: person.phone, present: person.password });
    await submit(page);
    await shot('contact-confirm');
    await open('/account/password');
    await shot('password');
    await open('/account/sessions');
    await shot('sessions');
    await open('/account/delete');
    await shot('delete');
    await open('/staff');
    await shot('forbidden');
    await press(page, '/sign-out', page.viewportSize()!.width < 1000 ? 'main' : '.header').catch(() => {});
    await page.context().clearCookies();
    await open('/signed-out');
    await shot('signed-out');
    await open('/account');
    await shot('sign-in-first');
    await signIn(page, language, person.email, 'wrong');
    await shot('sign-in-flawed');
    await open('/reset');
    await fill(page, { contact: person.email });
    await submit(page);
    await shot('reset-sent');
    const link = new URL(await newestLink(page.request, person.email)).pathname;
    await page.goto(`/${language}${link.replace(/^\/(ko|en)\//, '/')}`);
    await shot('reset-set');
    await fill(page, { password: person.password });
    await submit(page);
    await shot('password-set');
    await page.goto(`/${language}${link.replace(/^\/(ko|en)\//, '/')}`);
    await shot('reset-stale');
    await open('/staff/sign-in');
    await shot('staff-sign-in');
    await signIn(page, language, demo.officer.email, demo.officer.password, 'staff/sign-in');
    await shot('staff');
    await open('/account');
    await shot('staff-account');
    await open('/sandbox/messages');
    await shot('messages');
    await open('/search?q=' + encodeURIComponent('여권'));
    await page.locator('details.display > summary').click();
    await shot('display-open');
    await page.keyboard.press('Escape');
    await open('/services');
    const menu = page.locator('details.menu > summary');
    if (await menu.isVisible()) await menu.click();
    await shot('menu-open');
  });
}
