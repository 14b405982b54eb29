import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { reportPage } from '../../src/report/report-page.ts';
import { studyReport } from '../../src/report/study-report.ts';
import { Store } from '../../src/storage/store.ts';
import { assertLegible, messagesOf, testBrowser, withoutBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillJudgedStudy } from './judged-study.ts';
import { writeLargeStudy } from './large-study.ts';

test('150,000 proposals are a page of less than 5 MB', async (t) => {
  const folder = temporaryFolder(t);
  writeLargeStudy(join(folder, 'large.db'), 150_000);
  const store = Store.open(join(folder, 'large.db'), { readonly: true });
  t.after(() => store.close());
  const html = reportPage(studyReport(store, store.study('large')));
  assert.ok(html.length < 5e6, `${html.length} characters`);
  assert.match(html, /150,000 proposals, 75,002 ranked functions/);

  await t.test('which a browser opens without a message', { skip: withoutBrowser }, async (own) => {
    const file = join(folder, 'large.html');
    writeFileSync(file, html);
    const page = await (await testBrowser(own)).newPage();
    const messages = messagesOf(page);
    const start = performance.now();
    await page.goto(pathToFileURL(file).href);
    own.diagnostic(`opened in ${Math.round(performance.now() - start)} ms, ${html.length} characters`);
    await page.getByRole('heading', { name: 'How to repeat it' }).waitFor();
    assert.deepEqual(messages, []);
  });
});

test('a report fits three widths, is legible in light and dark, and asks for nothing', {
  skip: withoutBrowser,
}, async (t) => {
  const folder = temporaryFolder(t);
  const store = Store.open(join(folder, 'judged.db'));
  t.after(() => store.close());
  const file = join(folder, 'judged.html');
  writeFileSync(file, reportPage(studyReport(store, fillJudgedStudy(store, 'judged'))));
  const page = await (await testBrowser(t)).newPage();
  const messages = messagesOf(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await assertLegible(page, 'it');
  await page.getByRole('link', { name: 'The best functions' }).click();
  await page.waitForURL(/#functions$/);
  assert.deepEqual(asked, [pathToFileURL(file).href]);
  assert.deepEqual(messages, []);
});
