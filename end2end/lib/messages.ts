import { expect, type APIRequestContext } from '@playwright/test';

/** The texts of the messages at /sandbox/messages, where the sandbox keeps what it would have sent; newest first. */
export async function messages(request: APIRequestContext): Promise<string[]> {
  const answer = await request.get('/sandbox/messages');
  expect(answer.status()).toBe(200);
  const parts = (await answer.text()).split('<article').slice(1);
  return parts.map((part) =>
    `<${part}`
      .split('</article>')[0]
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&amp;', '&')
      .replace(/\s+/g, ' '),
  );
}

/**
 * Waits for a message to an address (e-mail or phone number, as people write it) and tells what `pattern` finds in
 * the newest one that has it: its first group, or all of it. `before` is what was found the last time.
 */
export async function newest(request: APIRequestContext, to: string, pattern: RegExp, before?: string): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(
      async () => {
        const match = (await messages(request))
          .filter((text) => text.includes(to))
          .map((text) => text.slice(text.indexOf(to) + to.length).match(pattern))
          .find((match) => match !== null);
        found = match?.[1] ?? match?.[0];
        return found !== undefined && found !== before;
      },
      { message: `a message to ${to} with ${pattern}`, timeout: 10_000 },
    )
    .toBe(true);
  return found!;
}

/** The newest code of six digits sent to an address. */
export const newestCode = (request: APIRequestContext, to: string, before?: string) =>
  newest(request, to, /(?<!\d)\d{6}(?!\d)/, before);

/** The newest link sent to an address that leads to setting a password. */
export const newestLink = (request: APIRequestContext, to: string) => newest(request, to, /https?:\/\/\S+\/reset\/\S+/);
