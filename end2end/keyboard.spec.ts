import { expect, test, type Page } from '@playwright/test';
import { prefer } from './lib/preferences.ts';
import { everyPage } from './pages.ts';

/** Numbers everything that Tab must reach, notes how each looks without focus, and tells their names. */
function mark(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wanted =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]:not([tabindex^="-"])';
    const groups = new Set<string>();
    const visible = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled, [inert] *');
    return [...document.querySelectorAll(wanted)]
      .filter(visible)
      .filter((element) => {
        if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
        // Of a group of radio buttons Tab reaches one: the chosen or else the first.
        const group = document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`);
        const chosen = [...group].find((radio) => (radio as HTMLInputElement).checked);
        if (chosen) return chosen === element;
        return groups.has(element.name) ? false : Boolean(groups.add(element.name));
      })
      .map((element, index) => {
        element.setAttribute('data-walk', String(index));
        return `${element.tagName.toLowerCase()} ${(element.textContent || element.getAttribute('name') || '').trim().slice(0, 40)}`;
      });
  });
}

/** What of the look of an element, its label and its neighbour shows where the focus is. */
function look(page: Page, index: number): Promise<string> {
  return page.evaluate((wanted) => {
    const element = document.querySelector(`[data-walk="${wanted}"]`)!;
    const parts = [element, element.nextElementSibling, element.closest('label'), element.parentElement];
    const seen = (part: Element, pseudo?: string) => {
      const style = getComputedStyle(part, pseudo);
      const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? 'none' : style.outline;
      return [outline, style.boxShadow, style.borderColor, style.borderWidth, style.backgroundColor].join(';');
    };
    return parts.flatMap((part) => (part ? [seen(part), seen(part, '::before'), seen(part, '::after')] : [])).join('|');
  }, index);
}

for (const { url, title } of everyPage) {
  for (const contrast of ['normal', 'high'] as const) {
    test(`${title} by keyboard in ${contrast} contrast`, async ({ page, context }) => {
      test.setTimeout(60_000);
      if (contrast === 'high') await prefer(context, { contrast });
      await page.goto(url);
      await page.evaluate(() => {
        const still = new CSSStyleSheet();
        still.replaceSync('*, ::before, ::after { transition: none !important }');
        document.adoptedStyleSheets.push(still);
      });
      const names = await mark(page);
      const plain = await Promise.all(names.map((_, index) => look(page, index)));
      const reached = new Set<number>();
      const unseen: string[] = [];
      let first: string | null = null;
      // A little further than all there are: who stays inside is trapped.
      for (let press = 0; press < names.length + 3; press++) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate(() => document.activeElement?.getAttribute('data-walk') ?? null);
        if (here === null) break;
        const index = Number(here);
        if (reached.has(index)) break;
        reached.add(index);
        first ??= await page.evaluate(() => document.activeElement!.getAttribute('href'));
        if ((await look(page, index)) === plain[index]) unseen.push(names[index]);
      }
      expect(first, 'the first stop is the skip link').toMatch(/#[\w-]+$/);
      await expect(page.locator(first!.slice(first!.indexOf('#'))), 'where the skip link leads').toHaveCount(1);
      expect.soft(names.filter((_, index) => !reached.has(index)), 'not reached').toEqual([]);
      expect.soft(unseen, 'reached, but nothing shows it').toEqual([]);
    });
  }
}
