import { expect, test, type Page } from '@playwright/test';
import { brotliCompressSync } from 'node:zlib';
import { everyPage } from './pages.ts';

type Fetched = { url: string; kind: string; bytes: number };

/** Opens a page with nothing cached and tells what went over the wire. */
async function firstVisit(page: Page, url: string): Promise<Fetched[]> {
  const fetched: Promise<Fetched>[] = [];
  page.on('requestfinished', (request) => {
    fetched.push(
      (async () => {
        const answer = (await request.response())!;
        const sizes = await request.sizes();
        let body = sizes.responseBodySize;
        // The development build serves files uncompressed, the release with brotli (quality 11): count what it would send.
        if (!answer.headers()['content-encoding'] && /\.(css|js|wasm|svg)$/.test(new URL(request.url()).pathname)) {
          body = Math.min(body, brotliCompressSync(await answer.body()).length);
        }
        return { url: request.url(), kind: request.resourceType(), bytes: body + sizes.responseHeadersSize };
      })(),
    );
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  return Promise.all(fetched);
}

const sum = (all: Fetched[]) => all.reduce((bytes, one) => bytes + one.bytes, 0);

for (const language of ['ko', 'en']) {
  test(`${language} home is light`, async ({ page }) => {
    const all = await firstVisit(page, `/${language}`);
    const list = all.map((one) => `${one.bytes} ${one.url}`).join('\n');
    expect(sum(all.filter((one) => one.kind !== 'font')), list).toBeLessThanOrEqual(60_000);
    expect(sum(all), list).toBeLessThanOrEqual(250_000);
  });
}

for (const { url, title } of everyPage) {
  test(`${title} fetches scripts only for an island, and nothing from elsewhere`, async ({ page, baseURL }) => {
    const all = await firstVisit(page, url);
    const islands = await page.locator('leptos-island').count();
    if (islands === 0) {
      expect(all.filter((one) => /\.(js|wasm)$/.test(new URL(one.url).pathname)).map((one) => one.url)).toEqual([]);
    }
    expect(all.filter((one) => !one.url.startsWith(baseURL!)).map((one) => one.url)).toEqual([]);
  });
}
