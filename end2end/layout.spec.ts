import { expect, test } from '@playwright/test';
import { tooSmall, tooWide } from './lib/check.ts';
import { prefer } from './lib/preferences.ts';
import { everyPage } from './pages.ts';

for (const { url, title } of everyPage) {
  test(`${title} fits 320 px`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(url);
    expect(await tooWide(page)).toEqual([]);
    expect(await tooSmall(page)).toEqual([]);
  });

  test(`${title} fits 320 px in larger text`, async ({ page, context }) => {
    await prefer(context, { text_size: 'larger' });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(url);
    expect(await tooWide(page)).toEqual([]);
  });

  test(`${title} fits at 200 % zoom`, async ({ browser, baseURL }) => {
    const zoomed = await browser.newContext({
      baseURL,
      viewport: { width: 640, height: 450 },
      deviceScaleFactor: 2,
      javaScriptEnabled: false,
    });
    const page = await zoomed.newPage();
    await page.goto(url);
    expect(await tooWide(page)).toEqual([]);
    await zoomed.close();
  });

  test(`${title} keeps the roles of its tables`, async ({ page }) => {
    await page.goto(url);
    const written = await page.evaluate(() => ({
      table: document.querySelectorAll('table').length,
      row: document.querySelectorAll('tr').length,
      cell: document.querySelectorAll('td').length,
      header: document.querySelectorAll('th').length,
    }));
    test.skip(written.table === 0, 'no table on this page');
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const heard = (...roles: string[]) =>
      nodes.filter((node) => !node.ignored && roles.includes(String(node.role?.value))).length;
    expect({
      table: heard('table'),
      row: heard('row'),
      cell: heard('cell', 'gridcell'),
      header: heard('columnheader', 'rowheader'),
    }).toEqual(written);
    // Chromium remembers what a table was when it is shown as cards; other browsers need to be told.
    const untold = await page.evaluate(() =>
      [...document.querySelectorAll('table, thead, tbody, tr, th, td')]
        .filter((part) => !getComputedStyle(part).display.startsWith('table') && !part.hasAttribute('role'))
        .map((part) => part.tagName.toLowerCase()),
    );
    expect([...new Set(untold)]).toEqual([]);
  });
}
