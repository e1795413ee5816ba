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

/** Fills a form by the names of its fields and posts it. */
export async function post(page: Page, fields: Record<string, string>): Promise<void> {
  const first = Object.keys(fields)[0];
  const form = page.locator(`main form:has([name="${first}"])`);
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('button[type=submit]').click();
}

/** Registers, and confirms with the code that the sandbox kept; the page is then signed in. */
export async function signUp(page: Page, person: Newcomer = newcomer(), language = 'ko'): Promise<Newcomer> {
  await page.goto(`/${language}/sign-up`);
  await post(page, { name: person.name, contact: person.email, password: person.password });
  await expect(page).toHaveURL(/\/sign-up\/confirm$/);
  await post(page, { code: await newestCode(page.request, person.email) });
  await expect(page).not.toHaveURL(/\/sign-up/);
  return person;
}

/** Signs in with a password. */
export async function signIn(page: Page, person: Newcomer, language = 'ko'): Promise<void> {
  await page.goto(`/${language}/sign-in`);
  await post(page, { contact: person.email, password: person.password });
}
