import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { prefer } from './lib/preferences.ts';
import { everyPage } from './pages.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const { url, title } of everyPage) {
  for (const contrast of ['normal', 'high'] as const) {
    test(`${title} in ${contrast} contrast`, async ({ page, context }) => {
      if (contrast === 'high') await prefer(context, { contrast });
      await page.goto(url);
      const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
      // Short enough to be read in the report: what, where, why.
      const found = violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim()}`),
      );
      expect(found).toEqual([]);
    });
  }
}
