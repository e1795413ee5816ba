import type { Page, Request } from '@playwright/test';
import { brotliCompressSync } from 'node:zlib';

/** What went over the wire. */
export type Fetched = { url: string; kind: string; bytes: number };

/** Notes from now on what a page fetches; the function tells it once the page is quiet. */
export function weigh(page: Page): () => Promise<Fetched[]> {
  const finished: Request[] = [];
  page.on('requestfinished', (request) => finished.push(request));
  return async () => {
    await page.waitForLoadState('networkidle');
    return Promise.all(finished.map(one));
  };
}

async function one(request: Request): Promise<Fetched> {
  const answer = (await request.response())!;
  const sizes = await request.sizes();
  let body = sizes.responseBodySize;
  // The development build serves files uncompressed, the release with brotli (quality 11): count what it would send.
  if (!answer.headers()['content-encoding'] && /\.(css|js|wasm|svg)$/.test(new URL(request.url()).pathname)) {
    body = Math.min(body, brotliCompressSync(await answer.body()).length);
  }
  return { url: request.url(), kind: request.resourceType(), bytes: body + sizes.responseHeadersSize };
}

/** The bytes of all. */
export const bytes = (all: Fetched[]): number => all.reduce((sum, one) => sum + one.bytes, 0);
