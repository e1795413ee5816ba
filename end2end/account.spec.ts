import { demo, fill, newPassword, newcomer, press, signIn, signUp, submit } from './lib/account.ts';
import { newest, newestCode, newestLink } from './lib/messages.ts';
import { expect, expectFlaws, test } from './lib/test.ts';

// Each test is a journey of somebody new, in the language of the project.

test('somebody signs up', async ({ page, language, look }) => {
  const person = newcomer();
  await page.goto(`/${language}`);
  await page.goto(`/${language}/sign-up`);
  await submit(page);
  await expectFlaws(page, ['name', 'contact', 'password']);
  await look('empty sign-up');
  await fill(page, { name: '1234', contact: 'nobody', password: 'password' });
  await submit(page);
  await expectFlaws(page, ['name', 'contact', 'password']);
  await expect(page.locator('[name=contact]')).toHaveValue('nobody');
  await expect(page.locator('[name=password]')).toHaveValue('');
  await look('flawed sign-up');

  await fill(page, { name: person.name, contact: person.email, password: person.password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/sign-up/confirm`);
  await expect(page.locator('main')).toContainText(person.email);
  await look('code');
  const first = await newestCode(page.request, person.email);
  await fill(page, { code: first === '123456' ? '654321' : '123456' });
  await submit(page);
  await expectFlaws(page, ['code']);
  await look('wrong code');

  await press(page, '/sign-up/resend');
  await expect(page).toHaveURL(`/${language}/sign-up/confirm`);
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await look('another code');
  const second = await newestCode(page.request, person.email, first);
  await fill(page, { code: first });
  await submit(page);
  await expectFlaws(page, ['code']);
  await fill(page, { code: ` ${second.slice(0, 3)} ${second.slice(3)}` });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account`);
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await expect(page.locator('main')).toContainText(person.email);
  await expect(page.locator('main')).toContainText(person.name);
  await look('account');
});

test('somebody adds a phone number and signs in with it', async ({ page, language, look }) => {
  const person = await signUp(page, language);
  await page.locator('main a[href$="/account/contact/phone"]').click();
  await submit(page);
  await expectFlaws(page, ['contact', 'present']);
  await look('flawed contact');
  await fill(page, { contact: '02-123-4567', present: person.password });
  await submit(page);
  await expectFlaws(page, ['contact']);
  await fill(page, { contact: person.phone, present: 'this is not it' });
  await submit(page);
  await expectFlaws(page, ['present']);
  await fill(page, { present: person.password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account/contact/phone/confirm`);
  await look('code for a contact');
  await fill(page, { code: '0' });
  await submit(page);
  await expectFlaws(page, ['code']);
  await look('wrong code for a contact');
  await fill(page, { code: await newestCode(page.request, person.phone) });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account`);
  await expect(page.locator('main')).toContainText(person.phone);
  await newest(page.request, person.email, /\/?/); // the contact from before is told

  await press(page, '/sign-out');
  await expect(page).toHaveURL(`/${language}/signed-out`);
  await look('signed out');
  await signIn(page, language, person.phone, 'this is not it');
  await expectFlaws(page, ['contact']);
  const known = await page.locator('.error-summary').innerText();
  await look('wrong password');
  await signIn(page, language, newcomer().phone, person.password);
  expect(await page.locator('.error-summary').innerText(), 'a stranger learns no more').toBe(known);
  await submit(page);
  await signIn(page, language, person.phone.replaceAll('-', ''), person.password);
  await expect(page).toHaveURL(`/${language}/account`);
});

test('somebody has lost the password', async ({ page, language, look }) => {
  const person = await signUp(page, language);
  await press(page, '/sign-out');
  await page.goto(`/${language}/sign-in`);
  await page.locator('main a[href$="/reset"]').click();
  await submit(page);
  await expectFlaws(page, ['contact']);
  await look('flawed reset');
  await fill(page, { contact: person.email });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/reset/sent`);
  await look('link sent');
  const link = await newestLink(page.request, person.email);
  const password = newPassword();
  await page.goto(new URL(link).pathname);
  await look('new password');
  await fill(page, { password: 'password' });
  await submit(page);
  await expectFlaws(page, ['password']);
  await look('weak new password');
  await fill(page, { password });
  await submit(page);
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await page.goto(new URL(link).pathname);
  await expect(page.locator('main a[href$="/reset"]')).toBeVisible();
  await look('used link');
  await signIn(page, language, person.email, person.password);
  await expectFlaws(page, ['contact']);
  await signIn(page, language, person.email, password);
  await expect(page).toHaveURL(`/${language}/account`);
});

test('somebody changes the password and looks after the devices', async ({ page, browser, language, look, watch }) => {
  const person = await signUp(page, language);
  const elsewhere = async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    watch(other);
    await signIn(other, language, person.email, person.password);
    await expect(other).toHaveURL(`/${language}/account`);
    return other;
  };
  const isOut = async (other: typeof page) => {
    await other.goto(`/${language}/account`);
    await expect(other).toHaveURL(`/${language}/sign-in?next=/account`);
    await expect(other.locator('main .notice')).toBeVisible();
    await other.context().close();
  };

  const second = await elsewhere();
  await page.goto(`/${language}/account/sessions`);
  await expect(page.locator('main tbody tr')).toHaveCount(2);
  await look('devices');
  await press(page, '/account/sessions/end');
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await expect(page.locator('main tbody tr')).toHaveCount(1);
  await isOut(second);

  const third = await elsewhere();
  await page.goto(`/${language}/account/password`);
  await submit(page);
  await expectFlaws(page, ['present', 'password']);
  await look('flawed change of password');
  await fill(page, { present: person.password, password: person.password });
  await submit(page);
  await expectFlaws(page, ['password']);
  const password = newPassword();
  await fill(page, { present: person.password, password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account`);
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await isOut(third);
  person.password = password;

  const fourth = await elsewhere();
  await page.goto(`/${language}/account/sessions`);
  await press(page, '/account/sessions/end-all');
  await expect(page).toHaveURL(`/${language}/signed-out`);
  await expect(page.locator('main .notice[role=status]')).toBeVisible();
  await isOut(fourth);
  await page.goto(`/${language}/account`);
  await expect(page).toHaveURL(`/${language}/sign-in?next=/account`);
  // Signing in leads on to what was wanted.
  await page.goto(`/${language}/account/sessions`);
  await fill(page, { contact: person.email, password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account/sessions`);
});

test('somebody leaves', async ({ page, language, look }) => {
  const person = await signUp(page, language);
  await page.locator('main a[href$="/account/delete"]').click();
  await look('delete');
  await fill(page, { present: 'this is not it' });
  await submit(page);
  await expectFlaws(page, ['present']);
  await look('flawed delete');
  await fill(page, { present: person.password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account/deleted`);
  await look('deleted');
  await signIn(page, language, person.email, person.password);
  await expectFlaws(page, ['contact']);
});

test('an officer signs in', async ({ page, language, look }) => {
  await page.goto(`/${language}/staff`);
  await expect(page).toHaveURL(`/${language}/staff/sign-in?next=/staff`);
  await submit(page);
  await expectFlaws(page, ['contact', 'password']);
  await look('flawed staff sign-in');
  // A citizen's account opens nothing here.
  await fill(page, { contact: demo.citizen.email, password: demo.citizen.password });
  await submit(page);
  await expectFlaws(page, ['contact']);
  await fill(page, { contact: demo.officer.email, password: demo.officer.password });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/staff`);
  await look('bench');
  await page.locator('main a[href$="/account"]').click();
  await look('account of an officer');
  const answer = await page.goto(`/${language}/account/delete`);
  expect(answer?.status()).toBe(403);
  // On a phone the way out is in the menu.
  const menu = page.locator('details.menu > summary');
  const inMenu = await menu.isVisible();
  if (inMenu) await menu.click();
  await press(page, '/sign-out', inMenu ? '.menu-account' : '.head-account');
  await expect(page).toHaveURL(`/${language}/signed-out`);
});

test('a citizen is not let in at a door of the staff', async ({ page, language, look }) => {
  await signUp(page, language);
  const answer = await page.goto(`/${language}/staff`);
  expect(answer?.status()).toBe(403);
  await expect(page.locator('h1')).toHaveText({ ko: '이 화면을 볼 수 없습니다', en: 'You cannot see this page' }[language]);
  await expect(page.locator(`main a[href="/${language}/"]`)).toBeVisible();
  await look('forbidden');
});

test('somebody signs in by keyboard alone', async ({ page, language }) => {
  const person = await signUp(page, language);
  await press(page, '/sign-out');
  await page.goto(`/${language}/sign-in`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // the skip link
  await page.keyboard.press('Tab');
  await expect(page.locator('[name=contact]')).toBeFocused();
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await expect(page.locator('main [name=password]')).toBeFocused();
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  // From the list of flaws back into the field.
  await expect(page.locator('.error-summary')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('[name=contact]')).toBeFocused();
  await page.keyboard.press('Tab');
  // No IME here: what a keyboard of the test types is Latin, so the text is put in at once.
  await page.keyboard.insertText(person.password);
  const button = page.locator('main form[action$="/sign-in"] button[type=submit]');
  for (let stop = 0; stop < 3 && !(await button.evaluate((it) => it === document.activeElement)); stop++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/${language}/account`);
});
