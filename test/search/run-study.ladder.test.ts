import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Controller, ControllerKind, Told } from '../../src/controllers/controller.ts';
import { controllerKind } from '../../src/controllers/controllers.ts';
import { neverStop } from '../../src/search/stop.ts';
import type { StudyPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { ladder, stored, threeRungs, twoRungs, withFinals } from './ladder-support.ts';
import { learning, withLearning } from './learning-controller.ts';
import { endOf, resultsOf, sit } from './support.ts';

test('in each batch the best share of those with a score goes on, and scores are those of the highest rung', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({
    diverges: ({ expression, steps }) => expression.includes('tanh') && steps === 20,
  });
  const end = endOf(await sit(folder, ladder({ candidates: 40 }), { runner }));
  assert.equal(end.counts.evaluated, 40);
  const all = stored(folder);
  for (const { record, trials } of all.filter(({ record }) => record.kind === 'baseline')) {
    assert.deepEqual(
      [record.status === 'complete' ? 2 : 1, trials.length > 1],
      [record.rung, record.rung === 2],
    );
  }
  const proposed = all.filter(({ record }) => record.kind === 'proposed');
  let climbed = 0;
  for (const batch of new Set(proposed.map(({ record }) => record.batch))) {
    const members = proposed.filter(({ record }) => record.batch === batch);
    const trained = members.filter(({ trials }) => trials.length > 0);
    const accuracy = ({ trials }: (typeof members)[number]): number =>
      trials.find(({ steps }) => steps === 20)?.validationAccuracy ?? -1;
    const scored = trained.filter((one) => accuracy(one) >= 0).toSorted((a, b) => accuracy(b) - accuracy(a));
    const best = scored.slice(0, Math.ceil(0.3 * scored.length - 1e-9));
    for (const one of trained) {
      const expected = best.includes(one) ? 2 : 1;
      assert.equal(one.record.rung, expected);
      if (one.record.status === 'complete') assert.equal(one.trials.length, expected === 1 ? 1 : 5);
    }
    climbed += best.length;
  }
  assert.ok(climbed >= 10);
  const board = (resultsOf(folder).leaderboard as { rank: number | null; rung: number }[]).filter(
    ({ rank }) => rank !== null,
  );
  assert.deepEqual(
    board.map(({ rung }) => rung),
    board.map(({ rung }) => rung).toSorted((a, b) => b - a),
  );
});

test('a candidate that fails on a higher rung has no score, and is counted once', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({
    diverges: ({ expression, child }) =>
      child === 'tiny-resnet-synthetic' && expression !== 'max(x, 0)' && expression.length % 2 === 0,
  });
  const end = endOf(await sit(folder, ladder({ candidates: 40 }), { runner }));
  const failed = stored(folder).filter(
    ({ record }) => record.kind === 'proposed' && record.status === 'diverged',
  );
  assert.ok(failed.length > 0);
  for (const { record } of failed) assert.deepEqual([record.rung, record.score], [2, null]);
  assert.deepEqual([end.counts.evaluated, end.counts.diverged], [40, failed.length]);
});

test('a rung reuses the trials that an earlier one has made', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner();
  const rungs: GivenSettings['rungs'] = [
    { children: ['tiny-synthetic'], share: 0.5 },
    { children: ['tiny-synthetic', 'tiny-resnet-synthetic'], seeds: 2 },
  ];
  await sit(folder, ladder({ rungs, candidates: 10 }), { runner });
  const keys = runner.ran.map(({ expression, child, seed, steps }) =>
    [expression, child, seed, steps].join(),
  );
  assert.equal(new Set(keys).size, keys.length);
  for (const { record, trials } of stored(folder)) {
    if (record.rung === 2) assert.equal(trials.length, 4);
    if (record.rung === 2) assert.deepEqual(trials.map(({ rung }) => rung).toSorted(), [1, 2, 2, 2]);
  }
});

for (const [name, rungs] of Object.entries({
  'two rungs': twoRungs,
  'three rungs': threeRungs,
  finals: withFinals,
})) {
  test(`one worker, two and four give the same study on a ladder with ${name}`, async (context) => {
    const results = [];
    for (const workers of [1, 2, 4]) {
      const folder = temporaryFolder(context);
      const runner = instantRunner({
        before: ({ id }) => new Promise((resolve) => setTimeout(resolve, id % 3)),
      });
      await sit(folder, ladder({ rungs, candidates: 29, seed: 4 }), { runner, workers });
      results.push(resultsOf(folder));
    }
    for (const result of results.slice(1)) assert.deepEqual(result, results[0]);
  });

  test(`stopped at any trial and gone on with, a study on a ladder with ${name} is the uninterrupted one`, async (context) => {
    const whole = temporaryFolder(context);
    const wholeRunner = instantRunner();
    await sit(whole, ladder({ rungs, candidates: 21, seed: 2 }), { runner: wholeRunner });
    const folder = temporaryFolder(context);
    let trained = 0;
    let plan: StudyPlan | undefined = ladder({ rungs, candidates: 21, seed: 2 });
    for (let sitting = 0; ; sitting++) {
      const [finish, now] = [new AbortController(), new AbortController()];
      let trials = 0;
      const runner = instantRunner({
        before: async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (++trials !== 4 + sitting) return;
          finish.abort();
          if (sitting % 2 === 1) now.abort();
        },
      });
      const stop = { finish: finish.signal, now: now.signal };
      const events = await sit(folder, plan, { runner, stop, workers: 1 + (sitting % 3) });
      trained += runner.ran.length;
      plan = undefined;
      if (endOf(events).reason !== 'stopped') break;
      assert.ok(sitting < 40);
    }
    assert.deepEqual(resultsOf(folder), resultsOf(whole));
    assert.ok(trained <= wholeRunner.ran.length + 1, `${trained} of ${wholeRunner.ran.length}`);
  });
}

test('the limit on candidates cuts the last batch, whose begun candidates climb; more of them later give the whole study', async (context) => {
  const whole = temporaryFolder(context);
  await sit(whole, ladder({ candidates: 33 }));
  const folder = temporaryFolder(context);
  const first = endOf(await sit(folder, ladder({ candidates: 11 })));
  assert.deepEqual([first.reason, first.counts.evaluated], ['candidates', 11]);
  const last = Math.max(...stored(folder).map(({ record }) => (record.rung === null ? 0 : record.batch)));
  const ofLast = stored(folder).filter(({ record }) => record.batch === last && record.rung !== null);
  assert.ok(ofLast.some(({ record }) => record.rung === 2));
  for (const candidates of [12, 19, 33]) {
    const more = (plan: StudyPlan): StudyPlan => ({ ...plan, config: { ...plan.config, candidates } });
    const end = endOf(await sit(folder, undefined, { change: more }));
    assert.equal(end.counts.evaluated, candidates);
  }
  const [{ trials: _, ...resumed }, { trials: __, ...uninterrupted }] = [resultsOf(folder), resultsOf(whole)];
  assert.deepEqual(resumed, uninterrupted);
});

test('when its time is up nothing is begun or promoted; what is left keeps the score of its rung, and can climb later', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({ before: () => new Promise((resolve) => setTimeout(resolve, 8)) });
  const end = endOf(await sit(folder, ladder({ time: 0.6, candidates: 200 }), { runner }));
  assert.equal(end.reason, 'time');
  for (const { record, trials } of stored(folder)) {
    if (record.rung === null) continue;
    if (record.kind === 'proposed') assert.equal(trials.length, record.rung === 1 ? 1 : 5);
  }
  const more = (plan: StudyPlan): StudyPlan => ({
    ...plan,
    config: { ...plan.config, time: null, candidates: 60 },
  });
  await sit(folder, undefined, { change: more });
  const whole = temporaryFolder(context);
  await sit(whole, ladder({ candidates: 60 }));
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('a controller hears on which rung each reward was measured, and equal functions have that of their owner', async (context) => {
  const heard = (folder: string): readonly Told[][] => {
    const store = Store.open(`${folder}/test.db`, { readonly: true });
    const { controllerState } = store.study('s');
    store.close();
    return controllerState.told as Told[][];
  };
  const folder = temporaryFolder(context);
  await sit(folder, withLearning(ladder({ candidates: 40, seed: 3 })), { workers: 3 });
  const batches = heard(folder);
  assert.ok(batches.length >= 5 && batches.every((batch) => batch.length === 8));
  const proposals = stored(folder).filter(({ record }) => record.kind === 'proposed');
  const byId = new Map(proposals.map(({ record }) => [record.id, record]));
  batches.flat().forEach(({ origin, reward, rung, tokens }, index) => {
    const record = proposals[index]?.record;
    assert.deepEqual(record?.tokens, tokens);
    const owner = byId.get(record?.sameAs ?? record?.id ?? 0);
    if (origin === 'refused') assert.deepEqual([rung, reward], [0, null]);
    else assert.deepEqual([rung, reward], [owner?.rung, owner?.score]);
  });
  assert.ok(batches.flat().some(({ origin, rung }) => origin === 'known' && rung === 2));
  const stopped = temporaryFolder(context);
  const finish = new AbortController();
  let trials = 0;
  const runner = instantRunner({
    before: async ({ id }) => {
      await new Promise((resolve) => setTimeout(resolve, id % 3));
      if (++trials === 75) finish.abort();
    },
  });
  const stop = { finish: finish.signal, now: new AbortController().signal };
  await sit(stopped, withLearning(ladder({ candidates: 40, seed: 3 })), { runner, stop });
  await sit(stopped, undefined, { workers: 4, change: withLearning });
  assert.deepEqual(heard(stopped), batches);
  assert.deepEqual(resultsOf(stopped), resultsOf(folder));
});

test('a controller that is asked a batch ahead gives one study, whatever the workers and interruptions', async (context) => {
  const controller = { kind: 'evolution', options: { population: 6, sample: 3 } };
  const plan = ladder({ candidates: 60, seed: 5, controller });
  assert.equal(plan.controller.overlaps, true);
  const whole = temporaryFolder(context);
  await sit(whole, plan, { workers: 1 });
  for (const workers of [2, 4]) {
    const folder = temporaryFolder(context);
    const finish = new AbortController();
    let trials = 0;
    const runner = instantRunner({
      before: async ({ id }) => {
        await new Promise((resolve) => setTimeout(resolve, (id * workers) % 5));
        if (++trials === 50) finish.abort();
      },
    });
    const stop = { finish: finish.signal, now: new AbortController().signal };
    await sit(folder, plan, { workers, runner, stop });
    await sit(folder, undefined, { workers: 3 });
    assert.deepEqual(resultsOf(folder), resultsOf(whole));
  }
});

test('a controller that proposes nothing new any more is told batch after batch, and can be stopped meanwhile', async (context) => {
  for (const overlaps of [false, true]) {
    const finish = new AbortController();
    // The first batch is that of random; all later ones are the same again.
    const repeating: ControllerKind = {
      ...learning,
      overlaps,
      restore(space, state): Controller {
        const first = controllerKind('random').create(space, 1, {});
        let told = Number(state.told ?? 0);
        const tokens = first.ask(8);
        const tell = (): void => {
          told += 1;
          // As a signal of the system would: only where the search lets the event loop go round.
          if (told === 5) setImmediate(() => finish.abort());
        };
        return { ask: () => tokens, tell, save: () => ({ told }) };
      },
    };
    const plan: StudyPlan = { ...ladder({ time: '1h' }), controller: repeating };
    const folder = temporaryFolder(context);
    const end = endOf(await sit(folder, plan, { stop: { ...neverStop, finish: finish.signal } }));
    assert.equal(end.reason, 'stopped');
    assert.ok(end.counts.known > 8 * 2);
    const store = Store.open(`${folder}/test.db`, { readonly: true });
    const { controllerState, batch } = store.study('s');
    store.close();
    assert.ok(batch - Number(controllerState.told) <= 2);
  }
});
