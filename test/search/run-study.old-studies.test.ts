import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import type { StudyEvent } from '../../src/search/events.ts';
import { scoringOf } from '../../src/search/open-study.ts';
import { runStudy } from '../../src/search/run-study.ts';
import { neverStop } from '../../src/search/stop.ts';
import { storedPlan } from '../../src/search/study-plan.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { endOf } from './support.ts';

/**
 * Studies as people have them, run by the first version: `golden` with finals, `g-rl` and `g-random` of two
 * core units.
 */
function oldDatabase(context: TestContext): Store {
  const file = join(temporaryFolder(context), 'old.db');
  copyFileSync(join(projectRoot, 'test', 'storage', 'assets', 'schema-1-studies.db'), file);
  const store = Store.open(file);
  context.after(() => store.close());
  return store;
}

/** Goes on with a study up to a limit on candidates, with trials that take no time. */
async function resume(store: Store, name: string, candidates: number): Promise<readonly StudyEvent[]> {
  const study = store.claimStudy(name);
  const plan = storedPlan(study);
  const events: StudyEvent[] = [];
  await runStudy({
    store,
    study,
    resumed: true,
    plan: { ...plan, config: { ...plan.config, candidates } },
    scoring: scoringOf(plan.config),
    runner: instantRunner(),
    workers: 2,
    stop: neverStop,
    onEvent: (event) => events.push(event),
  });
  return events;
}

test('an old database shows the studies that it holds', (context) => {
  const store = oldDatabase(context);
  const best = (study: string): unknown[] =>
    store
      .leaderboard(study)
      .slice(0, 3)
      .map(({ rank, rung, expression, score }) => [rank, rung, expression, score]);
  assert.deepEqual(best('golden'), [
    [1, 3, 'sigmoid(x + beta[0])*x', 0.17146853706026272],
    [2, 3, 'x*sigmoid(beta*x)', 0.16455325559865244],
    [3, 3, 'max(x, 0)', 0],
  ]);
  for (const [name, proposed, trials] of [
    ['golden', 112, 86],
    ['g-rl', 64, 49],
    ['g-random', 48, 49],
  ] as const) {
    const { id } = store.study(name);
    assert.equal(store.candidatesOf(id).filter(({ kind }) => kind === 'proposed').length, proposed);
    assert.equal([...store.trialsOfStudy(id).values()].flat().length, trials);
  }
});

for (const name of ['g-rl', 'g-random']) {
  test(`${name} of an old database goes on, and keeps what it had`, async (context) => {
    const store = oldDatabase(context);
    const { id } = store.study(name);
    const before = store.candidatesOf(id).filter(({ status }) => status !== 'waiting');
    const end = endOf(await resume(store, name, 60));
    assert.deepEqual([end.reason, end.counts.evaluated], ['candidates', 60]);
    const after = new Map(store.candidatesOf(id).map((candidate) => [candidate.id, candidate]));
    assert.deepEqual(
      before.map((candidate) => after.get(candidate.id)),
      before,
    );
  });
}

test('a study of an old database that has had its finals trains nothing more', async (context) => {
  const store = oldDatabase(context);
  const results = (): unknown[] =>
    store
      .leaderboard('golden')
      .map(({ rank, id, rung, score, low, high, trials }) => [rank, id, rung, score, low, high, trials]);
  const before = results();
  const events = await resume(store, 'golden', 64);
  assert.deepEqual([endOf(events).reason, endOf(events).counts.evaluated], ['candidates', 64]);
  assert.ok(events.every(({ event }) => event !== 'trial'));
  assert.deepEqual(results(), before);
  const [best] = store.leaderboard('golden');
  assert.deepEqual([best?.verdict, best?.blocks, best?.group], ['undecided', 4, null]);
});
