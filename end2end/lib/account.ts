import { expect, type Page } from '@playwright/test';
import { newestCode } from './messages.ts';

/** A person who does not exist yet. */
export type Newcomer = { name: string; email: string; phone: string; password: string };

/** What the sandbox's demo accounts sign in with; see server/src/desk/demo.rs. */
export const demo = {
  citizen: { email: 'citizen@demo.madang.example', password: 'madang-lantern-rice' },
  officer: { email: 'officer@demo.madang.example', password: 'counter-pine-ledger' },
};

let count = 0;

const digits = (length: number) => String(Math.floor(Math.random() * 10 ** length)).padStart(length, '0');

/** Somebody new each time, so that tests never meet in one account. */
export function newcomer(): Newcomer {
  count += 1;
  return {
    name: '홍길동',
    email: `e2e-${process.pid}-${Date.now().toString(36)}-${count}@example.test`,
    phone: `010-${digits(4)}-${digits(4)}`,
    password: newPassword(),
  };
}

/** A password nobody has had. */
export const newPassword = () => `마당에 핀 살구꽃 ${Math.random().toString(36).slice(2, 10)}`;

/** Fills a field by its name in the form; the test reads like the form's data. */
export async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`main [name="${name}"]`).fill(value);
}

/** Presses the button of the form that has fields to fill in. */
export async function submit(page: Page): Promise<void> {
  await page.locator('main form[method=post]:has(input:not([type=hidden])) button[type=submit]').click();
}

/** Presses the button of the form that is posted to `action`. */
export async function press(page: Page, action: string, scope = 'main'): Promise<void> {
  await page.locator(`${scope} form[action$="${action}"] button[type=submit]`).first().click();
}

/** Registers and confirms with the code from the sandbox's messages; ends signed in at the account page. */
export async function signUp(page: Page, language: string, person: Newcomer = newcomer()): Promise<Newcomer> {
  await page.goto(`/${language}/sign-up`);
  await fill(page, { name: person.name, contact: person.email, password: person.password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/sign-up/confirm`);
  await fill(page, { code: await newestCode(page.request, person.email) });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account`);
  return person;
}

/** Signs in at the sign-in page, or at that of the staff. */
export async function signIn(page: Page, language: string, contact: string, password: string, door = 'sign-in'): Promise<void> {
  await page.goto(`/${language}/${door}`);
  await fill(page, { contact, password });
  await submit(page);
}
