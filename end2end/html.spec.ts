import { expect, test } from '@playwright/test';
import { invalid } from './lib/check.ts';
import { everyPage } from './pages.ts';

for (const { page: wanted, url, title } of everyPage) {
  test(`${title} is valid HTML`, async ({ request }) => {
    const answer = await request.get(url);
    expect(answer.status()).toBe(wanted.status ?? 200);
    expect(await invalid(await answer.text(), url)).toEqual([]);
  });
}
