import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDashboard } from '../src/dashboard/serve.ts';
import { projectRoot } from '../src/paths.ts';
import { writeMillionTrials } from '../test/dashboard/million-trials.ts';
import { openBrowser, withoutBrowser } from '../test/support/browser.ts';
import { type Measured, summary } from './harness.ts';
import { writeSection } from './results.ts';

const mostMilliseconds = 50;
const mostRatio = 1.01;
const requests = 20;
const rounds = 5;
const command = join(projectRoot, 'bin', 'activation-search.js');
const study = ['--child', 'mlp20-mnist', '--steps', '400', '--candidates', '40', '--seed', '1', '--quiet'];

const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
try {
  const pages = await requestTimes(join(folder, 'million.db'));
  const searches = await searchTimes();
  const slowest = Math.max(...pages.map(({ median }) => median));
  const [alone, watched] = searches.map(({ min }) => min) as [number, number];
  const ratio = watched / alone;
  writeSection({
    name: 'dashboard',
    title: 'The live page',
    text:
      `Milliseconds of ${requests} requests for each page of a database with a million trials, after one that is not counted; seconds of a whole search ` +
      `(${study.join(' ')}) without and with its page open in Chromium, ${rounds} rounds, alternated.`,
    columns: ['what', 'min', 'median', 'max'],
    rows: [...pages, ...searches].map(({ name, min, median, max }) => [
      name,
      ...[min, median, max].map((value) => value.toFixed(1)),
    ]),
    verdicts: [
      `Goal: at most ${mostMilliseconds} ms a request; ${slowest <= mostMilliseconds ? 'reached' : 'missed'} (slowest median ${slowest.toFixed(1)}).`,
      `Goal: a search with its page open takes at most ${mostRatio} times as long; ${ratio.toFixed(3)} times (minima): ${ratio <= mostRatio ? 'reached' : 'missed'}.`,
    ],
  });
  if (slowest > mostMilliseconds || ratio > mostRatio) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function requestTimes(file: string): Promise<readonly Measured[]> {
  writeMillionTrials(file);
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  const measured: Measured[] = [];
  for (const path of [
    '',
    'studies/1',
    'studies/1?order=rank&after=100000&before=500',
    'studies/1?order=newest',
    'studies/1?order=simplest&gated=yes',
    'studies/1?status=refused',
    'studies/1?contains=cos',
    'candidates/100000',
    'compare?study=1',
  ]) {
    const times: number[] = [];
    for (let request = 0; request <= requests; request++) {
      const start = performance.now();
      await (await fetch(`${dashboard.url}${path}`)).text();
      times.push(performance.now() - start);
    }
    measured.push(summary(`\`/${path}\`, ms`, times.slice(1)));
  }
  dashboard.close();
  return measured;
}

/** The same search without and with an open page, in turn. */
async function searchTimes(): Promise<readonly Measured[]> {
  if (withoutBrowser) throw new Error(withoutBrowser);
  const seconds = { alone: [] as number[], watched: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const side of ['alone', 'watched'] as const) {
      const file = join(folder, `${side}-${round}.db`);
      const close = side === 'watched' ? await openPage(file) : () => undefined;
      seconds[side].push(await searchSeconds(file));
      await close();
    }
  }
  return [summary('search, s', seconds.alone), summary('search with its page open, s', seconds.watched)];
}

async function searchSeconds(file: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'search', ...study, '--study', 'bench', '--db', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the search ended with exit code ${code}`);
  return (performance.now() - start) / 1000;
}

/** Opens the study's page as `dashboard` and a browser show it; returns what closes both. */
async function openPage(file: string): Promise<() => Promise<void>> {
  const server = spawn(process.execPath, [command, 'dashboard', '--port', '0', '--db', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve) => {
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(url);
  // The study appears by itself once the search has made its database.
  const shown = page.getByRole('link', { name: 'bench' }).click();
  return async () => {
    await shown;
    await browser.close();
    server.kill('SIGTERM');
  };
}
