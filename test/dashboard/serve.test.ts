import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Database } from 'better-sqlite3';
import { dashboardApp } from '../../src/dashboard/app.ts';
import { serveDashboard } from '../../src/dashboard/serve.ts';
import { WatchedDatabase } from '../../src/dashboard/watched-database.ts';
import { projectRoot } from '../../src/paths.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { RunningTrials } from '../../src/storage/running-trials.ts';
import { Store } from '../../src/storage/store.ts';
import { runningTrialsFile } from '../../src/storage/study-folder.ts';
import { fillStudy, sampleDatabase, sampleStudy } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { get, served } from './served.ts';

test('health, assets, unknown pages, and words of an address that mean nothing', async (context) => {
  const { dashboard } = await served(context, (store) => fillStudy(store, 'filled'));
  assert.deepEqual(await get(dashboard, '/healthz').then(({ status, body }) => [status, body]), [
    200,
    'ok\n',
  ]);
  for (const name of ['style.css', 'live.js', 'plot.css']) {
    assert.equal((await get(dashboard, `/assets/${name}`)).status, 200);
  }
  for (const path of ['/assets/..%2fpackage.json', '/studies/99', '/candidates/1%20or%201', '/other']) {
    assert.equal((await get(dashboard, path)).status, 404, path);
  }
  const path = "/studies/1?order=id;DROP&status='&contains=(((&after=1e99&before=-4";
  assert.equal((await get(dashboard, path)).status, 200);
});

test('foreign hosts are refused, and so is everything but reading', async (context) => {
  const { dashboard } = await served(context, (store) => fillStudy(store, 'filled'));
  assert.equal((await get(dashboard, '/', { host: 'rebound.example' })).status, 403);
  assert.equal((await get(dashboard, '/', { host: `localhost:${dashboard.port}` })).status, 200);
  assert.equal((await get(dashboard, '/', { host: '[::1]:80' })).status, 200);
  assert.equal((await get(dashboard, '/', {}, 'POST')).status, 405);
  assert.equal((await get(dashboard, '/', {}, 'HEAD')).status, 200);
});

test('an empty host is refused: it would be the whole network', async (context) => {
  const file = join(temporaryFolder(context), 'studies.db');
  for (const host of ['', ' ']) {
    await assert.rejects(serveDashboard({ file, host, port: 0 }), {
      code: 'usage',
      message: /host is empty/,
    });
  }
});

test('HEAD of the events is answered, and nothing is watched for it', async (context) => {
  const file = sampleDatabase(context, 'filled');
  const database = new WatchedDatabase(file);
  context.after(() => database.close());
  const response = await dashboardApp(database, '127.0.0.1').request('/events', {
    method: 'HEAD',
    headers: { host: '127.0.0.1' },
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.body, null);
});

test('stored JSON that is damaged is said on the page', async (context) => {
  const { file, dashboard } = await served(context, (store) => fillStudy(store, 'filled'));
  const db: Database = new (sqliteDriver())(file);
  db.pragma('ignore_check_constraints = ON');
  db.prepare("UPDATE study SET versions = '{\"node'").run();
  db.close();
  for (const path of ['/', '/studies/1', '/compare']) {
    const { status, body } = await get(dashboard, path);
    assert.equal(status, 503, path);
    assert.match(body, /studies\.db is damaged \(/);
  }
});

test('a port in use gives way to the next free one', async (context) => {
  const { file, dashboard } = await served(context, (store) => fillStudy(store, 'filled'));
  const second = await serveDashboard({ file, host: '127.0.0.1', port: dashboard.port });
  context.after(() => second.close());
  assert.ok(second.port > dashboard.port);
  assert.equal((await get(second, '/healthz')).status, 200);
});

test('a study that runs shows what it trains, with curves so far, and one that has ended does not', async (context) => {
  const file = join(temporaryFolder(context), 'studies.db');
  const store = Store.open(file);
  context.after(() => store.close());
  const { id: studyId } = store.createStudy(sampleStudy('mine'));
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  context.after(() => dashboard.close());
  const running = new RunningTrials(runningTrialsFile(file, 'mine'));
  const trial = { candidate: 1, expression: 'sin(<b>x</b>)', child: 'mlp', seed: 4, rung: 2, steps: 900 };
  running.follow({ ...trial, step: 120, loss: 2.25 });
  const fragment = `/studies/${studyId}/training`;
  const { status, body, headers } = await get(dashboard, fragment);
  assert.equal(status, 200);
  assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
  assert.match(body, /^<section[^>]* data-follow="\/studies\/1\/training">/);
  assert.match(body, /<code>sin\(&lt;b&gt;x&lt;\/b&gt;\)<\/code>/);
  assert.match(body, />120 of 900</);
  assert.match(body, />2\.2500</);
  assert.ok((await get(dashboard, `/studies/${studyId}`)).body.includes(body));
  assert.equal((await get(dashboard, '/studies/99/training')).status, 404);
  store.releaseStudy(studyId);
  const after = (await get(dashboard, fragment)).body;
  assert.doesNotMatch(after, /120 of 900|data-follow/);
  assert.match(after, /Nothing is in training/);
});

test('a missing, damaged or replaced database has a page that says so, and what comes is shown', async (context) => {
  const { file, dashboard, folder } = await served(context, (store) => fillStudy(store, 'before'));
  const other = join(folder, 'other.db');
  const store = Store.open(other);
  fillStudy(store, 'after');
  store.close();
  assert.match((await get(dashboard, '/')).body, />before</);
  rmSync(file);
  const missing = await get(dashboard, '/');
  assert.equal(missing.status, 503);
  assert.match(missing.body, /does not exist/);
  writeFileSync(
    file,
    'this is no database, though it is long enough to look like one to a reader'.repeat(20),
  );
  assert.match((await get(dashboard, '/')).body, /is not an SQLite database/);
  copyFileSync(other, `${file}.new`);
  renameSync(`${file}.new`, file);
  assert.match((await get(dashboard, '/')).body, />after</);
});

test('a database of an earlier version is shown, though it must be copied to be read', async (context) => {
  const file = join(temporaryFolder(context), 'studies.db');
  copyFileSync(join(projectRoot, 'test', 'storage', 'assets', 'schema-1-studies.db'), file);
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  context.after(() => dashboard.close());
  for (const path of ['/', '/studies/1']) {
    const { status, body } = await get(dashboard, path);
    assert.equal(status, 200);
    assert.match(body, /golden/);
  }
});

test('open pages hear of new results', async (context) => {
  const { file, dashboard } = await served(context, (store) => fillStudy(store, 'before'));
  const heard = await new Promise<string>((resolve, reject) => {
    const events = request(`${dashboard.url}events`, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        const opens = text === '';
        text += part;
        if (opens) {
          const store = Store.open(file);
          fillStudy(store, 'later');
          store.close();
        }
        if (text.match(/event: version/g)?.length !== 2) return;
        events.destroy();
        resolve(text);
      });
    });
    events.on('error', (error) => {
      if (!events.destroyed) reject(error);
    });
    events.end();
  });
  const [before, after] = [...heard.matchAll(/^event: version\ndata: (\d+)$/gm)].map(([, version]) =>
    Number(version),
  );
  assert.ok((after ?? 0) > (before ?? 0));
  assert.match((await get(dashboard, '/')).body, />later</);
});
