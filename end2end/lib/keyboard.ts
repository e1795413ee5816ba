import type { Page } from '@playwright/test';

/** What walking a page with the Tab key showed. */
export type Walk = {
  /** Where the first stop, the skip link, leads; null when nothing was reached. */
  first: string | null;
  /** What Tab should reach and does not. */
  missed: string[];
  /** What is reached while nothing shows it. */
  unseen: string[];
};

/** Presses Tab until it comes round. */
export async function walk(page: Page): Promise<Walk> {
  const names = await mark(page);
  const reached = new Set<number>();
  const unseen: string[] = [];
  let first: string | null = null;
  // A little further than all there are: who stays inside is trapped.
  for (let press = 0; press < names.length + 3; press++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      const index = element?.getAttribute('data-walk');
      if (!element || !index) return null;
      return { index: Number(index), href: element.getAttribute('href'), shown: window.walkLook!(element) !== window.walkPlain![Number(index)] };
    });
    if (here === null || reached.has(here.index)) break;
    reached.add(here.index);
    first ??= here.href;
    if (!here.shown) unseen.push(names[here.index]);
  }
  return { first, missed: names.filter((_, index) => !reached.has(index)), unseen };
}

declare global {
  interface Window {
    /** How an element, its label and its neighbour look now. */
    walkLook?: (element: Element) => string;
    /** How each looked before the walk. */
    walkPlain?: string[];
  }
}

/** Numbers everything that Tab must reach, notes how each looks without focus, and tells their names. */
function mark(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important }');
    document.adoptedStyleSheets.push(still);
    (document.activeElement as HTMLElement | null)?.blur();
    const wanted =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]:not([tabindex^="-"])';
    const groups = new Set<string>();
    const visible = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled, [inert] *');
    const all = [...document.querySelectorAll(wanted)].filter(visible).filter((element) => {
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
      // Of a group of radio buttons Tab reaches one: the chosen or else the first.
      const group = document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`);
      const chosen = [...group].find((radio) => (radio as HTMLInputElement).checked);
      if (chosen) return chosen === element;
      return groups.has(element.name) ? false : Boolean(groups.add(element.name));
    });
    const seen = (part: Element, pseudo?: string) => {
      const style = getComputedStyle(part, pseudo);
      const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? 'none' : style.outline;
      return [outline, style.boxShadow, style.borderColor, style.borderWidth, style.backgroundColor].join(';');
    };
    window.walkLook = (element) =>
      [element, element.nextElementSibling, element.closest('label'), element.parentElement]
        .flatMap((part) => (part ? [seen(part), seen(part, '::before'), seen(part, '::after')] : []))
        .join('|');
    window.walkPlain = all.map(window.walkLook);
    return all.map((element, index) => {
      element.setAttribute('data-walk', String(index));
      const name = (element.textContent || element.getAttribute('name') || '').trim();
      return `${element.tagName.toLowerCase()} ${name.slice(0, 40)}`;
    });
  });
}
