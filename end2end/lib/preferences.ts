import type { BrowserContext } from '@playwright/test';
import { base } from './server.ts';

/** What a reader may choose; the server keeps it in cookies. */
export type Preferences = { locale?: 'ko' | 'en'; contrast?: 'high'; text_size?: 'large' | 'larger' };

/** Chooses as if the reader had posted the form. */
export async function prefer(context: BrowserContext, choices: Preferences): Promise<void> {
  await context.addCookies(
    Object.entries(choices).map(([name, value]) => ({ name: `madang_${name}`, value, url: base })),
  );
}
