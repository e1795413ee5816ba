import { expect, test } from '@playwright/test';
import { barriers } from './lib/check.ts';
import { prefer } from './lib/preferences.ts';
import { everyPage } from './pages.ts';

for (const { url, title } of everyPage) {
  for (const contrast of ['normal', 'high'] as const) {
    test(`${title} in ${contrast} contrast`, async ({ page, context }) => {
      if (contrast === 'high') await prefer(context, { contrast });
      await page.goto(url);
      expect(await barriers(page)).toEqual([]);
    });
  }
}
