import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillJudgedStudy } from '../report/judged-study.ts';
import { fillStudy, fillTestedStudy, sampleCandidate, sampleStudy } from '../storage/samples.ts';
import { get, served } from './served.ts';

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
