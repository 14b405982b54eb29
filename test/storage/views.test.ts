import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { Random } from '../../src/random.ts';
import { Store } from '../../src/storage/store.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import { bestOf, compareRank } from '../../src/study/rank.ts';
import { instantRunner } from '../search/instant-runner.ts';
import { planOf, sit } from '../search/support.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { diverged, fillStudy, sampleCandidate, sampleStudy, scored, state } from './samples.ts';

function filled(t: { after(action: () => void): void }): Store {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  fillStudy(store, 'one');
  fillStudy(store, 'two');
  return store;
}

function rows(store: Store, sql: string): readonly unknown[] {
  return [...store.query(sql).rows];
}

test('the leaderboard has one row for each trained function, ranked within its study', (t) => {
  const store = filled(t);
  assert.deepEqual(
    rows(
      store,
      "SELECT rank, name, expression, score, found, proposals, trials, seeds FROM leaderboard WHERE study = 'two' ORDER BY rank IS NULL, rank",
    ),
    [
      [1, 'Swish', 'x * sigmoid(beta * x)', 0.25, 3, 2, 2, 2],
      [2, null, 'sin(x)', 0, 1, 2, 2, 2],
      [3, 'ReLU', 'max(x, 0)', 0, null, 0, 2, 2],
      [null, null, 'exp(x)', null, 4, 1, 1, 1],
    ],
  );
  const { columns } = store.query('SELECT * FROM leaderboard');
  for (const name of 'study rank id expression score low high versus_relu trials seeds complexity status kind gated fingerprint'.split(
    ' ',
  )) {
    assert.ok(columns.includes(name), name);
  }
});

test('the leaderboard ranks as the code does', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s', { baselines: [] }));
  const random = Random.fromSeed('leaderboard');
  const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
  const batch = store.recordBatch(
    id,
    numbers.map((number) => sampleCandidate(number, { complexity: random.index(3) })),
    state(300),
  );
  const results = batch.map((candidate): Candidate => {
    if (random.index(10) === 0) return diverged(candidate, 'loss is NaN');
    const [rung, score, versusRelu] = [1 + random.index(3), random.index(4) - 2, 0.5 + random.index(3)];
    return { ...scored(candidate, score), rung, versusRelu };
  });
  store.recordResults(id, results);
  assert.deepEqual(
    store.leaderboard('s').map((row) => row.id),
    results.toSorted(compareRank).map((candidate) => candidate.id),
  );
  assert.deepEqual(
    store.leaderboard('s').flatMap((row) => row.rank ?? []),
    bestOf(results).map((_, index) => index + 1),
  );
});

test("the store's leaderboard has the fields of the contract, best first, failures last", (t) => {
  const board = filled(t).leaderboard('one');
  assert.deepEqual(
    board.map(({ rank, kind, status }) => [rank, kind, status]),
    [
      [1, 'baseline', 'complete'],
      [2, 'proposed', 'complete'],
      [3, 'baseline', 'complete'],
      [null, 'proposed', 'diverged'],
    ],
  );
  assert.deepEqual(board[0], {
    study: 'one',
    rank: 1,
    id: 2,
    name: 'Swish',
    kind: 'baseline',
    expression: 'x * sigmoid(beta * x)',
    rung: 1,
    score: 0.25,
    low: 0.15,
    high: 0.35,
    versusRelu: Math.exp(-0.25),
    trials: 2,
    seeds: 2,
    complexity: 3,
    gated: true,
    status: 'complete',
    reason: null,
    found: 3,
    proposals: 2,
    target: 'equal',
    fingerprint: 'swish',
    verdict: 'undecided',
    group: null,
    blocks: 0,
    failedBlocks: 0,
    lead: null,
    leadLow: null,
    leadHigh: null,
    recommended: false,
    clipped: false,
    mixed: false,
  });
  assert.equal(board[3]?.reason, 'loss is NaN at step 3');
});

test('known candidates show the score they share, refused ones the reason', (t) => {
  assert.deepEqual(
    rows(
      filled(t),
      "SELECT number, status, reason_code, score FROM candidates WHERE study = 'one' AND kind = 'proposed' ORDER BY number",
    ),
    [
      [1, 'complete', null, 0],
      [2, 'refused', 'affine', null],
      [3, 'known', null, 0.25],
      [4, 'diverged', null, null],
      [5, 'known', null, 0],
      [6, 'known', null, 0.25],
    ],
  );
});

test('studies count what became of their proposals', (t) => {
  assert.deepEqual(
    rows(
      filled(t),
      'SELECT name, status, proposed, complete, refused, known, failed, trials, seconds, holder_pid FROM studies',
    ),
    ['one', 'two'].map((name) => [name, 'finished', 6, 1, 1, 3, 1, 7, 6, null]),
  );
});

test('trials, curves and primitives can be followed from a study to the numbers', (t) => {
  const store = filled(t);
  assert.deepEqual(
    rows(
      store,
      "SELECT t.seed, c.step, c.training_loss FROM trials AS t JOIN curves AS c ON c.trial = t.id WHERE t.study = 'one' AND t.name = 'ReLU' ORDER BY 1, 2",
    ),
    [
      [0, 5, 2],
      [0, 10, 1.5],
      [1, 5, 2],
      [1, 10, 1.5],
    ],
  );
  assert.deepEqual(
    rows(
      store,
      "SELECT json_extract(learned, '$.beta[0].mean'), json_extract(arithmetic, '$.threads') FROM trials WHERE name = 'Swish' LIMIT 1",
    ),
    [[1.25, 1]],
  );
  assert.deepEqual(rows(store, "SELECT arity, name, formula FROM primitives WHERE study = 'one'"), [
    [1, 'identity', 'x'],
    [2, 'multiply', 'x1 * x2'],
  ]);
});

test('docs/database.md describes each view with exactly its columns, and its queries run', async (t) => {
  const folder = temporaryFolder(t);
  const plan = planOf({ children: ['tiny-synthetic'], controller: 'exhaustive', candidates: 60 });
  await sit(folder, plan, {
    runner: instantRunner({ diverges: ({ expression }) => expression.startsWith('tanh') }),
  });
  const store = Store.open(join(folder, 'test.db'));
  t.after(() => store.close());
  fillStudy(store, 'one');
  fillStudy(store, 'two');
  const text = readFileSync(join(projectRoot, 'docs', 'database.md'), 'utf8');
  for (const { view, columns } of store.views()) {
    const section = new RegExp(`^## ${view}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';
    const described = [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(described, columns, `columns of ${view}`);
  }
  const queries = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  assert.ok(queries.length >= 20, `${queries.length} queries`);
  for (const sql of queries) assert.ok(rows(store, sql).length > 0, `finds something: ${sql}`);
});
