import { fill, press, signUp, submit } from './lib/account.ts';
import { expect, test } from './lib/test.ts';
import { languages } from './pages.ts';

for (const language of languages) {
  test(`what was typed outlives the session in ${language}`, async ({ page, context, look }) => {
    const person = await signUp(page, language);
    await page.goto(`/${language}/account/contact/email`);
    await context.clearCookies();
    await fill(page, { contact: 'kept@example.test', present: person.password });
    await submit(page);
    await look('signing in with what was typed');
    await fill(page, { contact: person.email, password: 'not the password' });
    await page.locator('main form[action$="/sign-in"] button[type=submit]').click();
    await look('a wrong password with what was typed');
    await fill(page, { contact: person.email, password: person.password });
    await page.locator('main form[action$="/sign-in"] button[type=submit]').click();
    await look('sending what was typed');
    await press(page, '/account/contact/email');
    await expect(page).toHaveURL(`/${language}/account/contact/email`);
    await expect(page.locator('main [name=contact]')).toHaveValue('kept@example.test');
    await expect(page.locator('main [name=present]')).toHaveValue('');
  });

  test(`what was typed outlives an answer that there is no page for in ${language}`, async ({ page, look }) => {
    await page.goto(`/${language}/sign-up`);
    await fill(page, { name: '홍길동', contact: 'kept@example.test' });
    // More answers than any form has.
    const more = Array.from({ length: 600 }, (_, count) => `&more${count}=1`).join('');
    await page.route('**/sign-up', (route) => route.continue({ postData: `${route.request().postData()}${more}` }), { times: 1 });
    await submit(page);
    await look('a form that was not understood');
    await press(page, '/sign-up');
    await expect(page.locator('main [name=name]')).toHaveValue('홍길동');
    await expect(page.locator('main [name=contact]')).toHaveValue('kept@example.test');
  });
}
