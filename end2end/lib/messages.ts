import { expect, type APIRequestContext } from '@playwright/test';

/** The text of /sandbox/messages, where the sandbox keeps what it would have sent; newest first. */
export async function messages(request: APIRequestContext): Promise<string> {
  const answer = await request.get('/sandbox/messages');
  expect(answer.status()).toBe(200);
  const html = await answer.text();
  return html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

/**
 * Waits for the newest message to an address (e-mail or phone number) and tells what `pattern` finds behind
 * the address: its first group, or all of it.
 */
export async function newest(request: APIRequestContext, to: string, pattern: RegExp): Promise<string> {
  let found: RegExpMatchArray | null = null;
  await expect
    .poll(
      async () => {
        const text = await messages(request);
        const start = text.indexOf(to);
        found = start < 0 ? null : text.slice(start + to.length).match(pattern);
        return found !== null;
      },
      { message: `a message to ${to} with ${pattern}`, timeout: 10_000 },
    )
    .toBe(true);
  return found![1] ?? found![0];
}

/** The newest code of six digits sent to an address. */
export const newestCode = (request: APIRequestContext, to: string) => newest(request, to, /(?<!\d)\d{6}(?!\d)/);

/** The newest link sent to an address. */
export const newestLink = (request: APIRequestContext, to: string) => newest(request, to, /https?:\/\/\S+/);
