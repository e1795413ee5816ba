import { expect, test, type Page, type Response } from '@playwright/test';
import { barriers, invalid, lostRoles, tooSmall, tooWide } from './lib/check.ts';
import { walk } from './lib/keyboard.ts';
import { prefer } from './lib/preferences.ts';
import { bytes, weigh, type Fetched } from './lib/weight.ts';
import { everyPage, type Page as Wanted } from './pages.ts';

/** A page that has just been opened, in one of the projects. */
type Visit = { page: Page; url: string; answer: Response; fetched: () => Promise<Fetched[]> };

// What is looked at where: each check in the project in which it can find most.
const checks: Record<string, ((visit: Visit) => Promise<void>)[]> = {
  'phone-nojs': [valid, narrow],
  'phone-js': [light, open],
  'desktop-nojs': [byKeyboard],
  'desktop-js': [open, withIslandsByKeyboard],
};

for (const { language, page: wanted, url, title } of everyPage) {
  test(title, async ({ page }, { project }) => {
    const faults = complaints(page, wanted);
    const fetched = weigh(page);
    const answer = (await page.goto(url))!;
    expect(answer.status()).toBe(wanted.status ?? 200);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page).toHaveTitle(/\S/);
    const visit = { page, url, answer, fetched };
    for (const check of checks[project.name]) await test.step(check.name, () => check(visit));
    expect(faults, 'what the browser complained about').toEqual([]);
  });
}

/** Collects what the browser complains about. */
function complaints(page: Page, wanted: Wanted): string[] {
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  page.on('console', (message) => {
    // A 404 page is itself reported as a failed load.
    if (message.type() === 'error' && !(wanted.status && message.text().includes('Failed to load resource'))) {
      faults.push(message.text());
    }
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400 && !answer.request().isNavigationRequest()) faults.push(`${answer.status()} ${answer.url()}`);
  });
  return faults;
}

async function valid({ answer, url }: Visit): Promise<void> {
  expect.soft(await invalid(await answer.text(), url), 'HTML').toEqual([]);
}

/** Nothing sticks out on the smallest phones, in larger text, zoomed; tables shown as cards stay tables. */
async function narrow({ page, url }: Visit): Promise<void> {
  expect.soft(await lostRoles(page), 'roles of tables at 360 px').toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await tooWide(page), 'at 320 px').toEqual([]);
  expect.soft(await tooSmall(page), 'too small to press').toEqual([]);
  // 1280 px at 200 %.
  await page.setViewportSize({ width: 640, height: 450 });
  expect.soft(await tooWide(page), 'at 200 % zoom').toEqual([]);
  await prefer(page.context(), { text_size: 'larger' });
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(url);
  expect.soft(await tooWide(page), 'at 320 px in larger text').toEqual([]);
}

/** A first visit fetches scripts for islands only, nothing from elsewhere, and home is light. */
async function light({ page, url, ...visit }: Visit): Promise<void> {
  const fetched = await visit.fetched();
  const list = fetched.map((one) => `${one.bytes} ${one.url}`);
  if ((await page.locator('leptos-island').count()) === 0) {
    expect.soft(list.filter((one) => /\.(js|wasm)$/.test(one)), 'scripts without an island').toEqual([]);
  }
  const own = new URL(page.url()).origin;
  expect.soft(list.filter((one) => !one.split(' ')[1].startsWith(own)), 'from elsewhere').toEqual([]);
  if (!/^\/\w\w$/.test(url)) return;
  expect.soft(bytes(fetched.filter((one) => one.kind !== 'font')), list.join('\n')).toBeLessThanOrEqual(60_000);
  expect.soft(bytes(fetched), list.join('\n')).toBeLessThanOrEqual(250_000);
}

/** Axe finds nothing, in either contrast. */
async function open({ page, url }: Visit): Promise<void> {
  expect.soft(await barriers(page), 'axe').toEqual([]);
  await prefer(page.context(), { contrast: 'high' });
  await page.goto(url);
  expect.soft(await barriers(page), 'axe in high contrast').toEqual([]);
}

async function byKeyboard({ page, url }: Visit): Promise<void> {
  await walkOnce(page, 'by keyboard');
  await prefer(page.context(), { contrast: 'high' });
  await page.goto(url);
  await walkOnce(page, 'by keyboard in high contrast');
}

/** Without an island, scripts change nothing. */
async function withIslandsByKeyboard({ page }: Visit): Promise<void> {
  if ((await page.locator('leptos-island').count()) > 0) await walkOnce(page, 'by keyboard');
}

async function walkOnce(page: Page, how: string): Promise<void> {
  const { first, missed, unseen } = await walk(page);
  expect.soft(first, 'the first stop is the skip link').toMatch(/#[\w-]+$/);
  await expect.soft(page.locator(first?.slice(first.indexOf('#')) ?? '#'), 'where the skip link leads').toHaveCount(1);
  expect.soft(missed, `not reached ${how}`).toEqual([]);
  expect.soft(unseen, `reached ${how}, but nothing shows it`).toEqual([]);
}
