import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Database } from 'better-sqlite3';
import { dashboardApp } from '../../src/dashboard/app.ts';
import { type Dashboard, serveDashboard } from '../../src/dashboard/serve.ts';
import { WatchedDatabase } from '../../src/dashboard/watched-database.ts';
import { projectRoot } from '../../src/paths.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { RunningTrials } from '../../src/storage/running-trials.ts';
import { Store } from '../../src/storage/store.ts';
import { runningTrialsFile } from '../../src/storage/study-folder.ts';
import { fillJudgedStudy } from '../report/judged-study.ts';
import {
  fillStudy,
  fillTestedStudy,
  sampleCandidate,
  sampleDatabase,
  sampleStudy,
} from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('every page is served, and names from the database never become markup', async (context) => {
  const { file, dashboard } = await served(context, (store) => {
    for (const name of ['<script>alert(1)</script>', '<script>alert(2)</script>']) {
      const config = { child: `<img src=${name.length} onerror=${name}>` };
      const baselines = [
        sampleCandidate(-1, { name: '<img src=x onerror=alert(1)>', expression: 'max(x, 0)' }),
      ];
      store.createStudy(sampleStudy(name, { config, baselines }));
    }
  });
  for (const path of ['/', '/studies/1', '/candidates/1', '/compare?study=1&study=2']) {
    const { status, body, headers } = await get(dashboard, path);
    assert.equal(status, 200, path);
    assert.match(body, /<h1>/);
    assert.doesNotMatch(body, /<script>|<img/);
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
  }
  assert.match((await get(dashboard, '/')).body, /&lt;script&gt;/);
  const compared = (await get(dashboard, '/compare?study=1&study=2')).body;
  assert.match(compared, /<th scope="col">&lt;script&gt;alert\(2\)[\s\S]*<th scope="row">child<\/th>/);
  assert.ok((await get(dashboard, '/')).body.includes(file));
});

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

test('a score at its clip is shown as the bound that it is, on every page', async (context) => {
  const score = { kind: 'log-error-ratio', clip: 0.25 };
  const { dashboard } = await served(context, (store) => {
    fillStudy(store, 'clipped', { config: { children: ['tiny-synthetic'], steps: 10, score } });
    fillStudy(store, 'free');
  });
  const bound = /≥\+0\.250<\/td>\s*<td class="number">bound<\/td>/;
  assert.match((await get(dashboard, '/studies/1')).body, bound);
  assert.doesNotMatch((await get(dashboard, '/studies/2')).body, bound);
  const card = (await get(dashboard, '/candidates/2')).body;
  assert.match(card, /<dt>Score<\/dt><dd>≥\+0\.250<\/dd>[\s\S]*<dt>95% interval<\/dt><dd>bound<\/dd>/);
  for (const path of ['/', '/compare?study=1&study=2']) {
    const { body } = await get(dashboard, path);
    assert.match(body, />≥\+0\.2500</, path);
    assert.match(body, />\+0\.2500</, path);
  }
});

test('a page shows what its order and its status say, and ranks only where there are any', async (context) => {
  const { dashboard } = await served(context, (store) => fillStudy(store, 'filled'));
  const shown = async (query: string) => {
    const { body } = await get(dashboard, `/studies/1?${query}`);
    const rows = body.matchAll(
      /<tr><td class="number">(\d*)<\/td>\s*<th scope="row"><a href="\/candidates\/(\d+)"/g,
    );
    return [...rows].map(([, rank, id]) => `${id}:${rank}`);
  };
  assert.deepEqual(await shown('order=newest&status=complete'), ['3:', '1:', '2:']);
  assert.deepEqual(await shown('order=rank'), ['2:1', '3:2', '1:3', '6:', '4:', '5:', '7:', '8:']);
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

test('verdicts: the recommendation, columns of the leaderboard, and lines of a candidate', async (context) => {
  const { dashboard } = await served(context, (store) => {
    fillJudgedStudy(store, 'judged');
    fillStudy(store, 'not judged');
  });
  const { body } = await get(dashboard, '/studies/1');
  assert.match(body, /<p>Recommended: x\*sigmoid\(x\)\. It is the simplest proposal among the 2 functions/);
  assert.match(body, /<th scope="col">Group<\/th><th scope="col">Verdict<\/th>/);
  assert.match(body, /<td class="number">1<\/td>\s*<td>ahead<br><strong>recommended<\/strong><\/td>/);
  assert.match(body, /<td>behind<\/td>/);
  const other = await get(dashboard, '/studies/2');
  assert.doesNotMatch(other.body, /Verdict|ecommended/);
  const studies = await get(dashboard, '/');
  assert.match(studies.body, /judged<\/a>[\s\S]*<code>x\*sigmoid\(x\)<\/code>/);
  const [, candidate] = /<a href="(\/candidates\/\d+)"><code>x\*sigmoid\(x\)/.exec(studies.body) ?? [];
  const card = await get(dashboard, candidate ?? '');
  assert.match(card.body, /<dt>Against ReLU<\/dt><dd>ahead: 9\.5% less loss/);
  assert.match(card.body, /<dt>Recommended<\/dt><dd>It is the simplest proposal/);
});

test('results on the test split stand in columns of their own, where a function was evaluated on it', async (context) => {
  const { dashboard } = await served(context, (store) => {
    fillTestedStudy(store, 'tested');
    fillStudy(store, 'searched');
  });
  const { body } = await get(dashboard, '/candidates/2');
  assert.match(
    body,
    /<dt>Test split, no part of the score<\/dt><dd>tiny-synthetic, 10 steps: accuracy 76\.13%/,
  );
  assert.match(body, /<th scope="col">Test accuracy<\/th><th scope="col">Test loss<\/th>/);
  assert.match(body, /<td class="number">0\.7614<\/td><td class="number">0\.7500<\/td>/);
  assert.doesNotMatch((await get(dashboard, '/candidates/4')).body, /[Tt]est (split|accuracy)/);
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

async function served(context: TestContext, fill: (store: Store) => void) {
  const folder = temporaryFolder(context);
  const file = join(folder, 'studies.db');
  const store = Store.open(file);
  fill(store);
  store.close();
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  context.after(() => dashboard.close());
  return { folder, file, dashboard };
}

function get(
  { port }: Dashboard,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ status: number | undefined; body: string; headers: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => {
          body += text;
        })
        .on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}
