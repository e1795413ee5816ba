import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // Leptos writes every attribute in quotes or alone, and closes void elements in its own way.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    // A table shown as cards on a phone tells its roles again, since some browsers forget them.
    'no-redundant-role': 'off',
    'no-trailing-whitespace': 'off',
    // Boxes to tick that answer one question share its name.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
    // Numbers to dial are kept together by the style, so that a copied one is plain.
    'tel-non-breaking': 'off',
    'void-style': 'off',
    // Our own files come from our own address.
    'require-sri': ['error', { target: 'crossorigin' }],
    // Titles are as long as their meaning needs.
    'long-title': 'off',
  },
});

/** What is wrong with the HTML of a page, as the server sent it. */
export async function invalid(html: string, url: string): Promise<string[]> {
  const report = await validator.validateString(html, url);
  return report.results.flatMap((result) =>
    result.messages.map((fault) => `${fault.line}:${fault.column} ${fault.ruleId}: ${fault.message}`),
  );
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, short enough to be read in the report: what, where, why. */
export async function barriers(page: Page): Promise<string[]> {
  // No page of ours has frames; without them the legacy mode finds the same in half the time.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim()}`),
  );
}

/** What sticks out to the right, so that the page scrolls sideways. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const out = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
      .slice(0, 5);
    return [`scrolls to ${document.documentElement.scrollWidth} px of ${width} px`, ...out];
  });
}

/** Buttons, and links that stand alone, that a finger would miss: lower than 44 px. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const alone = (element: Element) => {
      const parent = element.parentElement!;
      return element.tagName !== 'A' || parent.textContent!.trim() === element.textContent!.trim();
    };
    return [...document.querySelectorAll('button, input:not([type=hidden]), select, summary, textarea, a[href]')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && alone(element))
      .filter((element) => !element.matches('.skip, .choice-input, .card-link'))
      .map((element) => ({ element, height: element.getBoundingClientRect().height }))
      .filter(({ height }) => height > 0 && height < 43.5)
      .map(({ element, height }) => `${element.tagName.toLowerCase()} ${element.textContent!.trim().slice(0, 30)}: ${height} px`);
  });
}

/** Tables whose roles are lost where they are shown as cards. */
export async function lostRoles(page: Page): Promise<string[]> {
  const written = await page.evaluate(() => ({
    table: document.querySelectorAll('table').length,
    row: document.querySelectorAll('tr').length,
    cell: document.querySelectorAll('td').length,
    header: document.querySelectorAll('th').length,
  }));
  if (written.table === 0) return [];
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const count = (...roles: string[]) => nodes.filter((node) => !node.ignored && roles.includes(String(node.role?.value))).length;
  const heard = {
    table: count('table'),
    row: count('row'),
    cell: count('cell', 'gridcell'),
    header: count('columnheader', 'rowheader'),
  };
  const lost = Object.entries(written)
    .filter(([role, number]) => heard[role as keyof typeof heard] !== number)
    .map(([role, number]) => `${role}: ${number} written, ${heard[role as keyof typeof heard]} heard`);
  // Chromium remembers what a table was when it is shown as cards; other browsers need to be told.
  const untold = await page.evaluate(() =>
    [...document.querySelectorAll('table, thead, tbody, tr, th, td')]
      .filter((part) => !getComputedStyle(part).display.startsWith('table') && !part.hasAttribute('role'))
      .map((part) => `${part.tagName.toLowerCase()} without a role`),
  );
  return [...lost, ...new Set(untold)];
}
