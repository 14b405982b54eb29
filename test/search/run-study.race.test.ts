import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../src/random.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type InstantOptions, instantRunner } from './instant-runner.ts';
import { ladder } from './ladder-support.ts';
import { endOf, resultsOf, sit } from './support.ts';

const rungs: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20, share: 0.5 },
  { children: ['tiny-synthetic'], steps: 40 },
  { children: ['tiny-synthetic'], finalists: 4, race: { budget: 9 } },
];
const plan = () => ladder({ rungs, candidates: 24, baselines: ['Swish'] });

const baselines: Readonly<Record<string, number>> = { 'max(x, 0)': 4, 'x*sigmoid(beta*x)': 3 };

/** In the race losses differ by the function, the seed, and a little by both; on lower rungs by chance. */
const options: InstantOptions = {
  loss: ({ expression, seed, rung }) => {
    if (rung !== 3) return undefined;
    const noise = (...of: (string | number)[]): number => Random.fromSeed(...of).normal();
    const own = baselines[expression] ?? noise(expression);
    return Math.exp(0.02 * own + 0.1 * noise(seed) + 0.005 * noise(expression, seed));
  },
};

suite('a study whose finals are a race', () => {
  test('ends with verdicts, one recommendation and as many blocks as they took', async (context) => {
    const folder = temporaryFolder(context);
    const end = endOf(await sit(folder, plan(), { runner: instantRunner(options) }));
    const store = Store.open(`${folder}/test.db`, { readonly: true });
    context.after(() => store.close());
    const board = store.leaderboard('s');
    const judged = board.filter(({ blocks }) => blocks > 0);
    assert.deepEqual(
      judged.map(({ rung }) => rung),
      [3, 3, 3, 3, 3, 3],
    );
    const relu = judged.find(({ name }) => name === 'ReLU');
    assert.ok(judged.every(({ blocks }) => blocks >= 5 && blocks <= (relu?.blocks ?? 0)));
    assert.ok(judged.some(({ blocks }) => blocks === 5));
    const best = board.filter(({ recommended }) => recommended);
    assert.deepEqual([best.length, board[0]?.id], [1, best[0]?.id]);
    assert.deepEqual([best[0]?.verdict, best[0]?.group, best[0]?.kind], ['ahead', 1, 'proposed']);
    assert.equal(end.recommended?.id, best[0]?.id);
    assert.deepEqual(
      judged.map(({ group }) => group),
      judged.map(({ group }) => group).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    );
    const sql = store.query(
      'SELECT id, verdict, "group", blocks, recommended FROM leaderboard WHERE blocks > 0',
    );
    assert.deepEqual(
      new Set([...sql.rows].map((row) => row.join())),
      new Set(
        judged.map((row) => [row.id, row.verdict, row.group, row.blocks, Number(row.recommended)].join()),
      ),
    );
    const [facts] = [...store.query('SELECT concordance, seed_correlation FROM studies').rows];
    assert.equal(facts?.[0], null);
    assert.ok(Number(facts?.[1]) > 0.9);
  });

  test('has the same verdicts with any number of workers, and when it was left again and again', async (context) => {
    const whole = temporaryFolder(context);
    await sit(whole, plan(), { runner: instantRunner(options), workers: 1 });
    const many = temporaryFolder(context);
    const uneven = instantRunner({
      ...options,
      before: ({ id }) => new Promise((resolve) => setTimeout(resolve, id % 3)),
    });
    await sit(many, plan(), { runner: uneven, workers: 4 });
    assert.deepEqual(resultsOf(many), resultsOf(whole));
    const left = temporaryFolder(context);
    for (let sitting = 0; ; sitting++) {
      const finish = new AbortController();
      let trials = 0;
      const runner = instantRunner({
        ...options,
        before: async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (++trials === 7 + (sitting % 3)) finish.abort();
        },
      });
      const stop = { finish: finish.signal, now: new AbortController().signal };
      const end = endOf(
        await sit(left, sitting === 0 ? plan() : undefined, { runner, stop, workers: 1 + (sitting % 3) }),
      );
      if (end.reason !== 'stopped') break;
    }
    assert.deepEqual(resultsOf(left), resultsOf(whole));
  });
});
