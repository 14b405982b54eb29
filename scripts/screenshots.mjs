#!/usr/bin/env node
// npm run screenshots [-- DATABASE [STUDY]]: pictures of the live page and of the report of a study, in light
// and dark, for README.md and docs; by default the newest study of runs/activation-search.db. Needs Chromium.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { join, resolve } = await import('node:path');
const { runAsProgram } = await import('./setup/run.mjs');
const { projectRoot } = await import('./setup/paths.mjs');

const size = { width: 1100, height: 720 };
const folder = join(projectRoot, 'docs', 'screenshots');

await runAsProgram(async (setUp) => {
  await setUp();
  const [database = 'runs/activation-search.db', study] = process.argv.slice(2);
  const { openBrowser } = await built('test/support/browser.js');
  const { serveDashboard } = await built('src/dashboard/serve.js');
  const work = mkdtempSync(join(tmpdir(), 'activation-search-'));
  const file = resolve(database);
  const pages = await pagesOf(file, study, join(work, 'report.html'));
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  const browser = await openBrowser();
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, { path, at }] of Object.entries(pages)) {
      const url = path.startsWith('file:') ? path : `${dashboard.url}${path}`;
      for (const colorScheme of ['light', 'dark']) await picture(browser, { name, url, at, colorScheme });
    }
  } finally {
    await browser.close();
    dashboard.close();
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
});

/**
 * What is shown: a page, and the heading that comes to the top of the picture.
 * @param {string} file
 * @param {string | undefined} name
 * @param {string} reportFile
 * @returns {Promise<Record<string, { path: string, at?: string }>>}
 */
async function pagesOf(file, name, reportFile) {
  const { Store } = await built('src/storage/store.js');
  const { studyReport } = await built('src/report/study-report.js');
  const { reportPage } = await built('src/report/report-page.js');
  const store = Store.open(file, { readonly: true });
  try {
    const study = name === undefined ? store.studies().at(-1) : store.study(name);
    const report = studyReport(store, study);
    writeFileSync(reportFile, reportPage(report));
    const best = report.leaders[0]?.id;
    return {
      study: { path: `studies/${study.id}` },
      leaderboard: { path: `studies/${study.id}`, at: 'Leaderboard' },
      candidate: { path: `candidates/${best}` },
      report: { path: pathToFileURL(reportFile).href, at: 'The best functions' },
    };
  } finally {
    store.close();
  }
}

/**
 * @param {any} browser
 * @param {{ name: string, url: string, at: string | undefined, colorScheme: string }} what
 */
async function picture(browser, { name, url, at, colorScheme }) {
  const page = await browser.newPage({ viewport: size, colorScheme });
  await page.goto(url);
  if (at !== undefined) {
    const heading = page.getByRole('heading', { name: at, exact: true });
    await heading.evaluate((/** @type {any} */ element) => element.scrollIntoView());
  }
  const file = join(folder, `${name}-${colorScheme}.png`);
  await page.screenshot({ path: file });
  await page.close();
  process.stdout.write(`${file}\n`);
}

/** @param {string} path */
function built(path) {
  return import(new URL(`../build/${path}`, import.meta.url).href);
}
