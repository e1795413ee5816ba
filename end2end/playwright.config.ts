import { defineConfig, devices } from '@playwright/test';
import path from 'node:path';
import { base, log, program, root } from './lib/server.ts';

const phone = { ...devices['Pixel 7'], viewport: { width: 360, height: 740 }, locale: 'ko-KR' };
const desk = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };

// A file named here runs in these projects only, since the others would show nothing new; all else runs in all four.
const only: Record<string, string[]> = {
  'errors.spec.ts': ['phone-js', 'desktop-js'], // what must not run would not run without scripts anyway
  'islands.spec.ts': ['phone-js', 'desktop-js'],
  'shots.spec.ts': ['phone-js', 'desktop-js'], // one picture of each
};
const project = (name: string, use: object) => ({
  name,
  use,
  testIgnore: Object.keys(only)
    .filter((file) => !only[file].includes(name))
    .map((file) => `**/${file}`),
});

// Pictures are taken when asked for: ./test e2e --grep @shots
const shots = process.argv.some((word) => word.includes('@shots'));

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  grepInvert: shots ? undefined : /@shots/,
  // A journey is long, and the machine may be busy with a build.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['dot'], ['json']] : [['list']],
  use: {
    baseURL: base,
    timezoneId: 'Asia/Seoul',
    // Recording doubles the time of every test; ./test e2e --trace on tells more of one that fails.
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: [
    project('phone-nojs', { ...phone, javaScriptEnabled: false }),
    project('phone-js', phone),
    project('desktop-nojs', { ...desk, javaScriptEnabled: false }),
    project('desktop-js', desk),
  ],
  // The server of the tests: in sandbox mode, with the database that DATABASE_URL names (./test makes an
  // empty one) or, without it, one of its own. E2E_URL asks for a server that runs already.
  webServer: process.env.E2E_URL
    ? undefined
    : {
        // It ends with the test runner, however that ends.
        command: `exec setpriv --pdeathsig TERM -- ${program} serve >${log} 2>&1`,
        cwd: root,
        url: `${base}/health/ready`,
        timeout: 60_000,
        gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
        env: {
          MADANG_MODE: 'sandbox',
          MADANG_LISTEN: new URL(base).host,
          MADANG_DATA: path.join(root, 'end2end/results/data'),
          // Journeys come from addresses of their own, see lib/test.ts.
          MADANG_TRUSTED_PROXIES: '127.0.0.1',
        },
      },
});
