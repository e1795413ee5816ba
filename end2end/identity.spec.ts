import { fill, signUp, submit } from './lib/account.ts';
import { newestCode } from './lib/messages.ts';
import { expect, expectFlaws, test } from './lib/test.ts';

// People of the sandbox whom the resident register knows: one for each project, since a person has one account.
const people: Record<string, { name: string; birth: string; serial: string; mobile: string }> = {
  'phone-nojs': { name: '김민지', birth: '900101', serial: '0104729', mobile: '010-0000-0000' },
  'phone-js': { name: '박서준', birth: '851130', serial: '9686238', mobile: '010-0000-0007' },
  'desktop-nojs': { name: '최지우', birth: '960815', serial: '0055025', mobile: '010-0000-0008' },
  'desktop-js': { name: '오세라', birth: '680909', serial: '0636534', mobile: '010-0000-0015' },
};

test('somebody proves who they are', async ({ page, language, look }, info) => {
  test.skip(!process.env.MADANG_AGENCIES, 'the resident register of the sandbox is needed');
  const { mobile, ...person } = people[info.project.name];
  await signUp(page, language);
  await page.locator('main a[href$="/account/identity"]').click();
  await look('identity');
  await fill(page, { name: person.name, birth: '99', serial: '' });
  await submit(page);
  await expectFlaws(page, ['birth', 'serial']);
  await expect(page.locator('[name=birth]')).toHaveValue('');
  await look('flawed identity');
  await fill(page, person);
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account/identity/confirm`);
  await look('code of the register');
  const code = await newestCode(page.request, mobile);
  await fill(page, { code: code === '123456' ? '654321' : '123456' });
  await submit(page);
  await expectFlaws(page, ['code']);
  await look('wrong code of the register');
  await fill(page, { code });
  await submit(page);
  await expect(page).toHaveURL(`/${language}/account`);
  await expect(page.locator('main')).toContainText(`${person.birth}-${person.serial[0]}******`);
  expect(await page.content()).not.toContain(person.serial);
  await look('verified account');
  await page.goto(`/${language}/account/identity`);
  await look('verified identity');
});
