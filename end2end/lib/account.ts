import { expect, type Page } from '@playwright/test';
import { newestCode } from './messages.ts';

/** A person who does not exist yet. */
export type Newcomer = { name: string; email: string; password: string };

let count = 0;

/** Somebody new each time, so that tests never meet in one account. */
export function newcomer(): Newcomer {
  count += 1;
  return {
    name: '홍길동',
    email: `e2e-${process.pid}-${Date.now().toString(36)}-${count}@example.test`,
    password: `마당에 핀 살구꽃 ${Math.random().toString(36).slice(2, 10)}`,
  };
}

/** Fills a field by its name in the form; the test reads like the form's data. */
export async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`main [name="${name}"]`).fill(value);
}

/** Presses the only submit button of the main form. */
export async function submit(page: Page): Promise<void> {
  await page.locator('main form button[type=submit]').last().click();
}

/** Registers and confirms with the code from the sandbox's messages; ends signed in or at the sign-in page. */
export async function signUp(page: Page, person: Newcomer = newcomer(), language = 'ko'): Promise<Newcomer> {
  await page.goto(`/${language}/sign-up`);
  await fill(page, { name: person.name, contact: person.email, password: person.password });
  await submit(page);
  await fill(page, { code: await newestCode(page.request, person.email) });
  await submit(page);
  await expect(page.locator('main [role=alert]')).toHaveCount(0);
  return person;
}

/** Signs in at the sign-in page. */
export async function signIn(page: Page, person: Newcomer, language = 'ko'): Promise<void> {
  await page.goto(`/${language}/sign-in`);
  await fill(page, { contact: person.email, password: person.password });
  await submit(page);
}
