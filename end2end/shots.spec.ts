import { test } from '@playwright/test';
import path from 'node:path';
import { root } from './lib/server.ts';
import { everyPage } from './pages.ts';

// ./test e2e --grep @shots: pictures to be looked at, in end2end/shots/<width>-<language>-<name>.png
for (const { language, page: shown, url, title } of everyPage) {
  test(`${title} @shots`, async ({ page }) => {
    await page.goto(url, { waitUntil: 'networkidle' });
    const width = page.viewportSize()!.width;
    await page.screenshot({
      path: path.join(root, 'end2end/shots', `${width}-${language}-${shown.name}.png`),
      fullPage: true,
      scale: 'css',
    });
  });
}
