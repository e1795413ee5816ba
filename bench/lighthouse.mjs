// Lighthouse as on a phone, five runs of each page; the median of each category. Fails below 99.
import { readFileSync } from 'node:fs';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const [url, wanted = '99'] = process.argv.slice(2);
const { paths } = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const RUNS = 5;
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const faults = new Set();
let low = 0;

async function run(path) {
  const chrome = await launch({ chromeFlags: FLAGS });
  try {
    const { lhr } = await lighthouse(new URL(path, url).href, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      logLevel: 'error',
      formFactor: 'mobile',
    });
    // The browser failed, not the page: no figure.
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    for (const category of CATEGORIES) {
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score, title } = lhr.audits[id];
        if (weight > 0 && score !== null && score < 0.9) faults.add(`${path}: ${title} (${id})`);
      }
    }
    return CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  } finally {
    await chrome.kill();
  }
}

console.log(`| page | ${CATEGORIES.join(' | ')} |\n| --- |${' --- |'.repeat(CATEGORIES.length)}`);
for (const [name, path] of Object.entries(paths)) {
  const runs = [];
  for (let tries = 0; runs.length < RUNS; tries++) {
    try {
      runs.push(await run(path));
    } catch (error) {
      if (tries >= 3 * RUNS) throw error;
      console.error(`${name}: measured again, since ${error.message}`);
    }
  }
  const columns = CATEGORIES.map((_, index) => runs.map((scores) => scores[index]));
  low += columns.filter((all) => median(all) < Number(wanted)).length;
  console.log(`| ${name} | ${columns.map((all) => `${median(all)} (${Math.min(...all)}–${Math.max(...all)})`).join(' | ')} |`);
}
if (faults.size > 0) console.log(['', 'To be better:', ...faults].join('\n'));
if (low > 0) {
  console.error(`${low} figures are below ${wanted}.`);
  process.exit(1);
}
