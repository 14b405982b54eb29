import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDashboard } from '../src/dashboard/serve.ts';
import { projectRoot } from '../src/paths.ts';
import { writeMillionTrials } from '../test/dashboard/million-trials.ts';
import { openBrowser, withoutBrowser } from '../test/support/browser.ts';
import { type Measured, summary } from './harness.ts';
import { followPage } from './page-reader.ts';
import { browserSeconds, endedChildrenSeconds, processSeconds } from './processor-time.ts';
import { writeSection } from './results.ts';

const mostMilliseconds = 50;
const mostRatio = 1.01;
const requests = 20;
const rounds = Number(process.env.ROUNDS ?? 5);
const command = join(projectRoot, 'bin', 'activation-search.js');
const study = ['--child', 'mlp20-mnist', '--steps', '400', '--candidates', '40', '--seed', '1', '--quiet'];

const searches = ['search', 'search, page read', 'search, page in Chromium'] as const;
type Search = (typeof searches)[number];

const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
try {
  const pages = await requestTimes(join(folder, 'million.db'));
  const measured = await searchTimes();
  const slowest = Math.max(...pages.map(({ median }) => median));
  const least = (what: string): number => measured.find(({ name }) => name === what)?.min ?? Number.NaN;
  const ratio = (what: string): string => (least(`${what}, s`) / least('search, s')).toFixed(3);
  const share = least('server, page read, s of processor time') / least('search, s of processor time');
  writeSection({
    name: 'dashboard',
    title: 'The live page',
    text:
      `Milliseconds of ${requests} requests for each page of a database with a million trials, after one that is not counted. Then a whole search ` +
      `(${study.join(' ')}) by itself, with its page read by a program that follows its events as the page does, and with its page open in Chromium, which trains on the same cores: ` +
      `seconds by the clock, and of processor time of the search with its workers, of the server and of all processes of Chromium while the search runs; ${rounds} rounds, alternated.`,
    columns: ['what', 'min', 'median', 'max'],
    rows: [...pages, ...measured].map(({ name, min, median, max }) => [
      name,
      ...[min, median, max].map((value) => value.toFixed(value < 1 ? 2 : 1)),
    ]),
    verdicts: [
      `Goal: at most ${mostMilliseconds} ms a request; ${slowest <= mostMilliseconds ? 'reached' : 'missed'} (slowest median ${slowest.toFixed(1)}).`,
      `Goal: the server takes at most ${((mostRatio - 1) * 100).toFixed(0)}% of the processor time of the search; ${(share * 100).toFixed(2)}% (minima): ${share <= mostRatio - 1 ? 'reached' : 'missed'}.`,
      `By the clock a search takes ${ratio('search, page read')} times as long with its page read, and ${ratio('search, page in Chromium')} times with it in Chromium (minima).`,
    ],
  });
  if (slowest > mostMilliseconds || !(share <= mostRatio - 1)) process.exitCode = 1;
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

/** The same search with nobody, a program or a browser looking on, in turn. */
async function searchTimes(): Promise<readonly Measured[]> {
  if (withoutBrowser) throw new Error(withoutBrowser);
  const values = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const search of searches) {
      const taken = await searchSeconds(search, join(folder, `${round} ${search}.db`));
      for (const [what, seconds] of Object.entries(taken)) {
        values.set(what, [...(values.get(what) ?? []), seconds]);
      }
    }
  }
  return [...values].map(([what, seconds]) => summary(what, seconds));
}

/** Runs one search; returns the seconds of all that ran meanwhile, by what they are. */
async function searchSeconds(search: Search, file: string): Promise<Readonly<Record<string, number>>> {
  const looker = search === 'search' ? undefined : await openPage(search, file);
  const before = await looker?.seconds();
  const processor = endedChildrenSeconds();
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'search', ...study, '--study', 'bench', '--db', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the search ended with exit code ${code}`);
  const taken = {
    [`${search}, s`]: (performance.now() - start) / 1000,
    [`${search}, s of processor time`]: endedChildrenSeconds() - processor,
  };
  if (!looker || !before) return taken;
  for (const [what, seconds] of Object.entries(await looker.seconds())) {
    taken[`${what}, ${search.replace('search, ', '')}, s of processor time`] = seconds - (before[what] ?? 0);
  }
  await looker.close();
  return taken;
}

interface OpenPage {
  /** Seconds of processor time that server and browser have taken. */
  seconds(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Opens the page of the study before there is one: it appears by itself. */
async function openPage(search: Exclude<Search, 'search'>, file: string): Promise<OpenPage> {
  const server = spawn(process.execPath, [command, 'dashboard', '--port', '0', '--db', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = new URL('/studies/1', await firstLine(server));
  // The first answer waits until the server has prepared what it shows.
  await fetch(url);
  const close = (): boolean => server.kill('SIGTERM');
  const serverSeconds = (): number => processSeconds(server.pid as number);
  if (search === 'search, page read') {
    const end = followPage(url);
    return { seconds: async () => ({ server: serverSeconds() }), close: () => end().finally(close) };
  }
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(url.href);
  return {
    seconds: async () => ({ server: serverSeconds(), Chromium: await browserSeconds(browser) }),
    close: () => browser.close().finally(close),
  };
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => stdout?.once('data', (line: Buffer) => resolve(line.toString().trim())));
}
