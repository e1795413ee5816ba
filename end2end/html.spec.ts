import { expect, test } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { everyPage } from './pages.ts';

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
    'void-style': 'off',
    // Our own files come from our own address.
    'require-sri': ['error', { target: 'crossorigin' }],
    // Titles are as long as their meaning needs.
    'long-title': 'off',
  },
});

for (const { page: wanted, url, title } of everyPage) {
  test(`${title} is valid HTML`, async ({ request }) => {
    const answer = await request.get(url);
    expect(answer.status()).toBe(wanted.status ?? 200);
    const report = await validator.validateString(await answer.text(), url);
    const found = report.results.flatMap((result) =>
      result.messages.map((fault) => `${fault.line}:${fault.column} ${fault.ruleId}: ${fault.message}`),
    );
    expect(found).toEqual([]);
  });
}
