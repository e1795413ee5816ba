import { expect, test as base, type Page, type Response } from '@playwright/test';
import { languages, type Language } from '../pages.ts';
import { barriers, invalid, tooSmall, tooWide } from './check.ts';
import { walk } from './keyboard.ts';

/** What a test of a journey gets. */
type Journey = {
  /** The language of the project: phones speak Korean, desks English. */
  language: Language;
  /** Looks over the page that was reached, and notes what is wrong without stopping the journey. */
  look: (title: string) => Promise<void>;
  /** Also notes whatever the browser complains about on a page of another context. */
  watch: (page: Page) => void;
};

const address = () => `198.51.${Math.floor(Math.random() * 256)}.${1 + Math.floor(Math.random() * 254)}`;

/** Tests of journeys: each from an address of its own, so that none is throttled for the others. */
export const test = base.extend<Journey & { faults: string[] }>({
  extraHTTPHeaders: async ({}, use) => use({ 'x-forwarded-for': address() }),

  language: async ({}, use, info) => use(info.project.name.startsWith('phone') ? languages[0] : languages[1]),

  faults: [
    async ({}, use) => {
      const faults: string[] = [];
      await use(faults);
      expect(faults, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],

  watch: async ({ faults }, use) => {
    await use((page) => {
      page.on('pageerror', (fault) => faults.push(`${page.url()}: ${fault.message}`));
      page.on('console', (message) => {
        // A page that answers 422 is itself reported as a failed load; anything else that fails is noted below.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          faults.push(`${page.url()}: ${message.text()}`);
        }
      });
      page.on('response', (answer) => {
        if (answer.status() >= 400 && !answer.request().isNavigationRequest()) {
          faults.push(`${answer.status()} ${answer.url()}`);
        }
      });
    });
  },

  page: async ({ page, watch }, use) => {
    watch(page);
    // Most violations are told in the console as well; those of a policy that only reports are not.
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await use(page);
  },

  look: async ({ page, javaScriptEnabled }, use) => {
    // What the server sent for the page that is shown now.
    let sent: { url: string; html: Promise<string>; posted: boolean } | undefined;
    page.on('response', (answer: Response) => {
      const request = answer.request();
      if (request.isNavigationRequest() && request.frame() === page.mainFrame() && !isRedirect(answer)) {
        sent = { url: answer.url(), html: answer.text().catch(() => ''), posted: request.method() !== 'GET' };
      }
    });
    await use(async (title) => {
      await test.step(`look at ${title}`, async () => {
        const html = await sent?.html;
        expect.soft(html ? await invalid(html, sent!.url) : [], `HTML of ${title}`).toEqual([]);
        await examine(page, title, javaScriptEnabled !== false);
        // What can be opened again is looked at in the other language too, beside the journey.
        if (!sent || sent.posted) return;
        const address = new URL(sent.url);
        address.pathname = address.pathname.replace(/^\/(ko|en)(?=\/|$)/, (_, here) => (here === 'ko' ? '/en' : '/ko'));
        if (address.href === sent.url) return;
        const other = await page.context().newPage();
        await other.goto(address.href);
        await examine(other, `${title} in the other language`, javaScriptEnabled !== false);
        const { missed, unseen } = await walk(other);
        expect.soft(missed, `${title}: not reached by keyboard`).toEqual([]);
        expect.soft(unseen, `${title}: reached by keyboard, but nothing shows it`).toEqual([]);
        await other.close();
      });
    });
  },
});

/** What is wrong for a narrow screen, a finger, and axe in either contrast. */
async function examine(page: Page, title: string, scripts: boolean): Promise<void> {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await tooWide(page), `${title} at 320 px`).toEqual([]);
  await page.setViewportSize(size);
  expect.soft(await tooSmall(page), `${title}: too small to press`).toEqual([]);
  if (!scripts) return; // axe needs scripts; the page is the same without them
  expect.soft(await barriers(page), `${title} for axe`).toEqual([]);
  const mode = (value: string) => page.locator('html').evaluate((html, value) => html.setAttribute('data-krds-mode', value), value);
  await mode('high-contrast');
  expect.soft(await barriers(page), `${title} for axe in high contrast`).toEqual([]);
  await mode('light');
}

const isRedirect = (answer: Response) => answer.status() >= 300 && answer.status() < 400;

/** The list of flaws stands before all else, and each of its links leads into the field it is about. */
export async function expectFlaws(page: Page, fields: string[]): Promise<void> {
  const summary = page.locator('main .error-summary');
  await expect(summary).toBeVisible();
  await expect(page).toHaveTitle(/^(오류|Error): /);
  // A notice may stand above it, never a heading or a field.
  const first = await page.evaluate(() => {
    const all = [...document.querySelectorAll('main h1, main input:not([type=hidden]), main .error-summary')];
    return all[0].className;
  });
  expect(first).toBe('error-summary');
  const links = summary.locator('a');
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!.slice(1)))).toEqual(fields);
  for (const [index, field] of fields.entries()) {
    await links.nth(index).click();
    await expect(page.locator(`#${field}`)).toBeFocused();
    await expect(page.locator(`#${field}`)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator(`#${field}-error`)).toBeVisible();
  }
}

export { expect };
