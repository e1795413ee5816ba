// Asks for each page again and again over one kept connection and tells p50 and p95 of the time from the last
// byte asked to the last byte answered: the server's time and a little more. Five runs; the median of their
// figures, and the spread from the best run to the worst. Fails when a median p95 is over the limit.
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [url, limit = '5'] = process.argv.slice(2);
const { paths, others } = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
const RUNS = 5;
const WARM = 100;
const REQUESTS = 500;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });

function ask(path) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    http
      .get(new URL(path, url), { agent, headers: { 'accept-encoding': 'br', 'accept-language': 'ko' } }, (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(performance.now() - start) : reject(new Error(`${path}: ${answer.statusCode}`)),
        );
      })
      .on('error', reject);
  });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const median = (all) => at([...all].sort((a, b) => a - b), 0.5);
const show = (all) => `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`;

console.log('| page | p50 ms | p95 ms |\n| --- | --- | --- |');
let slow = 0;
for (const [name, path] of Object.entries({ ...paths, ...others })) {
  // {n}: another address each time.
  let n = 0;
  const next = () => path.replace('{n}', String(n++));
  for (let i = 0; i < WARM; i++) await ask(next());
  const p50 = [];
  const p95 = [];
  for (let run = 0; run < RUNS; run++) {
    const times = [];
    for (let i = 0; i < REQUESTS; i++) times.push(await ask(next()));
    times.sort((a, b) => a - b);
    p50.push(at(times, 0.5));
    p95.push(at(times, 0.95));
  }
  if (name in paths && median(p95) > Number(limit)) slow += 1;
  console.log(`| ${name} | ${show(p50)} | ${show(p95)} |`);
}
agent.destroy();
if (slow > 0) {
  console.error(`${slow} pages need more than ${limit} ms (p95).`);
  process.exit(1);
}
