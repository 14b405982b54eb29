import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Dashboard, serveDashboard } from '../../src/dashboard/serve.ts';
import { RunningTrials } from '../../src/storage/running-trials.ts';
import { Store } from '../../src/storage/store.ts';
import { runningTrialsFile } from '../../src/storage/study-folder.ts';
import { fillJudgedStudy } from '../report/judged-study.ts';
import { fillStudy, sampleCandidate, scored, state } from '../storage/samples.ts';
import { assertLegible, messagesOf, testBrowser, withoutBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { writeMillionTrials } from './million-trials.ts';

const options = { skip: withoutBrowser };

test(
  'pages fit three widths, are legible in light and dark, and say nothing on the console',
  options,
  async (t) => {
    const { dashboard } = await served(t, writeSmallStudies);
    const page = await (await testBrowser(t)).newPage();
    const messages = messagesOf(page);
    for (const path of [
      '',
      'studies/1',
      'studies/2',
      'candidates/2',
      'candidates/7',
      'compare?study=1&study=2',
    ]) {
      await page.goto(`${dashboard.url}${path}`);
      await assertLegible(page, `/${path}`);
      assert.equal(
        await page.locator('svg:not(svg svg):not([aria-label]):not(:has(> title))').count(),
        0,
        'a picture has a name',
      );
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    }
    assert.deepEqual(messages, []);
  },
);

test(
  'a new study and a new result appear without reload; what somebody chooses stays',
  options,
  async (t) => {
    const { file, dashboard } = await served(t, writeSmallStudies);
    const page = await (await testBrowser(t)).newPage();
    const messages = messagesOf(page);
    await openLive(page, dashboard.url);
    await page.evaluate('globalThis.notReloaded = true');
    withStudy(file, (store) => fillStudy(store, 'third'));
    const start = performance.now();
    await page.getByRole('link', { name: 'third' }).waitFor();
    t.diagnostic(`a new study was shown after ${Math.round(performance.now() - start)} ms`);
    assert.equal(await page.evaluate('globalThis.notReloaded'), true);

    await openLive(page, `${dashboard.url}studies/1`);
    await page.evaluate('globalThis.notReloaded = true');
    const found = page.getByRole('link', { name: 'x*cos(x)' });
    await page.getByLabel('Order').focus();
    withStudy(file, (store) => addResult(store, 'x*cos(x)'));
    await page.waitForTimeout(1500);
    assert.equal(await found.count(), 0, 'the page waits while somebody chooses');
    await page.getByLabel('Order').blur();
    await found.first().waitFor();
    assert.equal(await page.evaluate('globalThis.notReloaded'), true);
    assert.deepEqual(messages, []);
  },
);

test(
  'an update leaves what is equal as it is; a page that nobody sees is not brought up to date',
  options,
  async (t) => {
    const { file, dashboard } = await served(t, writeSmallStudies);
    const page = await (await testBrowser(t)).newPage();
    const messages = messagesOf(page);
    await openLive(page, `${dashboard.url}studies/1`);
    const hide = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);
    await page.evaluate(
      "document.querySelector('form').kept = document.querySelector('main h1').kept = true",
    );
    const found = page.getByRole('link', { name: 'x*cos(x)' });
    await hide(true);
    withStudy(file, (store) => addResult(store, 'x*cos(x)'));
    await page.waitForTimeout(1500);
    assert.equal(await found.count(), 0);
    await hide(false);
    await found.first().waitFor();
    assert.equal(
      await page.evaluate("document.querySelector('form').kept && document.querySelector('main h1').kept"),
      true,
    );
    assert.equal(
      await page.locator('main').getByText('5 trained (1 failed)').count(),
      1,
      'what differs is new',
    );
    assert.deepEqual(messages, []);
  },
);

test('what a study trains is followed step by step, without reload', options, async (t) => {
  const { file, dashboard } = await served(t, writeSmallStudies);
  const store = Store.open(file);
  t.after(() => store.close());
  const { id } = store.claimStudy('filled');
  const page = await (await testBrowser(t)).newPage();
  const messages = messagesOf(page);
  await openLive(page, `${dashboard.url}studies/${id}`);
  await page.evaluate('globalThis.notReloaded = true');
  const training = page.getByRole('region', { name: 'Training', exact: true });
  const trial = { candidate: 2, expression: 'sin(x)', child: 'mlp20-mnist', seed: 1, rung: 1, steps: 900 };
  const running = new RunningTrials(runningTrialsFile(file, 'filled'));
  running.follow({ ...trial, step: 100, loss: 2.25 });
  await training.getByText('100 of 900').waitFor();
  await page.waitForTimeout(1000);
  running.follow({ ...trial, step: 700, loss: 1.25 });
  await training.getByText('700 of 900').waitFor();
  await assertLegible(page, 'a study in training');
  const curves = training.locator('figure', { hasText: 'Curves of what is in training' });
  assert.equal(await curves.count(), 1);
  assert.equal(await page.evaluate('globalThis.notReloaded'), true);
  assert.deepEqual(messages, []);
});

test('a keyboard skips to the content, opens a study and goes back', options, async (t) => {
  const { dashboard } = await served(t, writeSmallStudies);
  const page = await (await testBrowser(t)).newPage();
  await page.goto(dashboard.url);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'To the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.id'), 'content');
  await page.getByRole('link', { name: 'judged' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'judged', level: 1 }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Studies', level: 1 }).waitFor();
});

test('a million trials are paged through, with and without JavaScript', options, async (t) => {
  const { dashboard } = await served(t, writeMillionTrials);
  const browser = await testBrowser(t);
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const messages = messagesOf(page);
    const firstRank = (): Promise<string> => page.locator('#leaderboard ~ * tbody td').first().innerText();
    await page.goto(dashboard.url);
    await page.getByRole('link', { name: 'million' }).click();
    await page.getByText('200,002 trained (25,000 failed), 50,000 refused').waitFor();
    for (const rank of ['26', '51']) {
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.waitForURL(new RegExp(`before=${Number(rank) - 1}#`));
      assert.equal(await firstRank(), rank);
    }
    await page.goBack();
    await page.waitForURL(/before=25#/);
    assert.equal(await firstRank(), '26');
    await page.getByRole('link', { name: 'First page' }).click();
    assert.equal(await firstRank(), '1');
    await page.getByLabel('Order').selectOption('simplest');
    await page.getByLabel('Status').selectOption('diverged');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/status=diverged/);
    assert.match(
      await page.locator('#leaderboard ~ * tbody tr').first().innerText(),
      /loss is NaN at step 3/,
    );
    await page.locator('#leaderboard ~ * tbody a').first().click();
    await page.getByRole('heading', { name: /^Candidate \d+$/, level: 1 }).waitFor();
    if (javaScriptEnabled) assert.deepEqual(messages, []);
    await context.close();
  }
});

async function served(
  context: TestContext,
  write: (file: string) => void,
): Promise<{ readonly file: string; readonly dashboard: Dashboard }> {
  const file = join(temporaryFolder(context), 'studies.db');
  write(file);
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  context.after(() => dashboard.close());
  return { file, dashboard };
}

function writeSmallStudies(file: string): void {
  withStudy(file, (store) => {
    fillStudy(store, 'filled');
    fillJudgedStudy(store, 'judged');
  });
}

function withStudy(file: string, action: (store: Store) => void): void {
  const store = Store.open(file);
  action(store);
  store.close();
}

/** The first study goes on with one more proposal, the best of all. */
function addResult(store: Store, expression: string): void {
  const { id, batch } = store.claimStudy('filled');
  const number = store.candidatesOf(id).filter(({ kind }) => kind === 'proposed').length + 1;
  const [candidate] = store.recordBatch(id, [sampleCandidate(number, { expression })], state(batch));
  if (!candidate) throw new Error('a batch has its candidate');
  store.recordResults(id, [scored(candidate, number)]);
  store.completeBatch(id, state(batch));
}

async function openLive(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#live:not(:empty)').waitFor();
}
