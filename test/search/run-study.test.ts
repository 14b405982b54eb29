import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Told } from '../../src/controllers/controller.ts';
import type { StudyPlan } from '../../src/search/study-plan.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { withLearning } from './learning-controller.ts';
import { endOf, formulasPlanOf, planOf, resultsOf, sit } from './support.ts';

test('a study evaluates exactly as many candidates as asked for, after the baselines', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner();
  const end = endOf(await sit(folder, planOf({ candidates: 20 }), { runner }));
  assert.equal(end.reason, 'candidates');
  assert.equal(end.counts.evaluated, 20);
  assert.equal(end.counts.proposed, 20 + end.counts.refused + end.counts.known);
  assert.equal(runner.ran.length, (9 + 20) * 2);
  assert.equal(runner.ran[0]?.expression, 'max(x, 0)');
});

test('one worker, two, three and eight give the same study', async (context) => {
  const results = [];
  for (const workers of [1, 2, 3, 8]) {
    const folder = temporaryFolder(context);
    const runner = instantRunner({
      before: (request) => new Promise((resolve) => setTimeout(resolve, request.id % 3)),
    });
    await sit(folder, planOf({ candidates: 25, seed: 4 }), { runner, workers });
    results.push(resultsOf(folder));
  }
  for (const result of results.slice(1)) assert.deepEqual(result, results[0]);
});

test('a study stopped again and again goes on as the uninterrupted one, and trains nothing twice', async (context) => {
  const whole = temporaryFolder(context);
  await sit(whole, planOf({ candidates: 30, seed: 2 }));
  const folder = temporaryFolder(context);
  let trained = 0;
  let plan: ReturnType<typeof planOf> | undefined = planOf({ candidates: 30, seed: 2 });
  for (let sitting = 0; ; sitting++) {
    const finish = new AbortController();
    let trials = 0;
    const runner = instantRunner({
      before: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (++trials === 7 + sitting) finish.abort();
      },
    });
    const events = await sit(folder, plan, {
      runner,
      stop: { finish: finish.signal, now: new AbortController().signal },
    });
    trained += runner.ran.length;
    plan = undefined;
    if (endOf(events).reason !== 'stopped') break;
    assert.ok(sitting < 20);
  }
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
  assert.equal(trained, (9 + 30) * 2);
});

test('dropping what runs, in the middle of trials, loses nothing that was stored', async (context) => {
  const whole = temporaryFolder(context);
  await sit(whole, planOf({ candidates: 20 }));
  const folder = temporaryFolder(context);
  const finish = new AbortController();
  const now = new AbortController();
  let trials = 0;
  const runner = instantRunner({
    before: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (++trials === 31) {
        finish.abort();
        now.abort();
      }
    },
  });
  const events = await sit(folder, planOf({ candidates: 20 }), {
    runner,
    stop: { finish: finish.signal, now: now.signal },
  });
  assert.equal(endOf(events).reason, 'stopped');
  assert.ok(runner.ran.length >= 29 && runner.ran.length < 31);
  await sit(folder, undefined);
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('more candidates later give the study that had them from the start', async (context) => {
  const whole = temporaryFolder(context);
  await sit(whole, planOf({ candidates: 23 }));
  const folder = temporaryFolder(context);
  await sit(folder, planOf({ candidates: 5 }));
  const more = (plan: StudyPlan): StudyPlan => ({ ...plan, config: { ...plan.config, candidates: 23 } });
  const events = await sit(folder, undefined, { change: more });
  assert.equal(endOf(events).counts.evaluated, 23);
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('an exhaustive study ends when its space does, each function trained once, the rest reused or refused', async (context) => {
  const folder = temporaryFolder(context);
  const plan = planOf({ controller: 'exhaustive', children: ['tiny-synthetic'] });
  const runner = instantRunner();
  const end = endOf(await sit(folder, plan, { runner }));
  assert.equal(end.reason, 'exhausted');
  assert.equal(BigInt(end.counts.proposed), plan.space.size);
  const proposed = runner.ran.slice(9).map(({ expression }) => expression);
  assert.equal(new Set(proposed).size, proposed.length);
  assert.equal(end.counts.evaluated + end.counts.known + end.counts.refused, end.counts.proposed);
  assert.ok(end.counts.known > 0 && end.counts.refused > 0);
});

test('a candidate that diverges on one child is not trained on the next, and has no score', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({
    diverges: ({ expression, child }) => expression.includes('tanh') && child === 'tiny-synthetic',
  });
  const events = await sit(folder, planOf({ candidates: 30 }), { runner });
  const failed = events.filter((event) => event.event === 'candidate' && event.status === 'diverged');
  assert.equal(endOf(events).counts.diverged, failed.length);
  assert.ok(failed.length > 0);
  for (const event of failed) {
    assert.ok(
      event.event === 'candidate' && event.score === null && /NaN at step 7/.test(event.reason ?? ''),
    );
  }
  const second = runner.ran.filter(({ child }) => child === 'tiny-resnet-synthetic');
  assert.ok(second.every(({ expression }) => !expression.includes('tanh')));
});

test('without ReLU no score can be made: the study fails, and can be tried again', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({ diverges: ({ expression }) => expression === 'max(x, 0)' });
  await assert.rejects(
    sit(folder, planOf({ candidates: 3 }), { runner, workers: 1 }),
    /ReLU diverged on tiny-synthetic/,
  );
  const end = endOf(await sit(folder, undefined));
  assert.equal(end.counts.evaluated, 3);
});

test('the target is reported with its number and rank, and can end the study', async (context) => {
  const plan = planOf({
    controller: 'exhaustive',
    target: 'x*sigmoid(beta*x)',
    children: ['tiny-synthetic'],
  });
  const whole = temporaryFolder(context);
  const events = await sit(whole, plan);
  const found = endOf(events).target?.found ?? [];
  assert.ok(found.length > 0);
  const first = found.toSorted((a, b) => a.number - b.number)[0];
  assert.ok(first && first.rank !== null && first.rank >= 1 && first.rank <= first.ranked);
  assert.ok(events.some((event) => event.event === 'target' && event.number === first.number));
  for (const workers of [1, 4]) {
    const folder = temporaryFolder(context);
    const stopping = planOf({
      ...{ controller: 'exhaustive', children: ['tiny-synthetic'] },
      target: 'x*sigmoid(beta*x)',
      stopAtTarget: true,
    });
    const end = endOf(await sit(folder, stopping, { workers }));
    assert.equal(end.reason, 'target');
    assert.deepEqual(
      end.target?.found.map(({ number }) => number),
      [first.number],
    );
    const store = Store.open(`${folder}/test.db`, { readonly: true });
    const trained = store.candidatesOf(1).filter(({ score, kind }) => score !== null && kind === 'proposed');
    store.close();
    assert.equal(trained.at(-1)?.number, first.number);
  }
});

test('when its time is up a study begins nothing more, and goes on with more time', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({ before: () => new Promise((resolve) => setTimeout(resolve, 10)) });
  const end = endOf(await sit(folder, planOf({ time: 0.3, candidates: 200 }), { runner }));
  assert.equal(end.reason, 'time');
  assert.ok(end.seconds >= 0.3 && end.seconds < 3);
  const more = (plan: StudyPlan): StudyPlan => ({ ...plan, config: { ...plan.config, time: null } });
  const again = endOf(await sit(folder, undefined, { change: more }));
  assert.ok(again.seconds > end.seconds);
  const whole = temporaryFolder(context);
  await sit(whole, planOf({ candidates: 200 }));
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('a controller that learns is told each batch whole and in order, whatever interrupts', async (context) => {
  const plan = withLearning(planOf({ candidates: 24, batch: 5, seed: 3 }));
  const told = (folder: string): unknown => {
    const store = Store.open(`${folder}/test.db`, { readonly: true });
    const { controllerState } = store.study('s');
    store.close();
    return controllerState.told;
  };
  const whole = temporaryFolder(context);
  await sit(whole, plan, { workers: 1 });
  const batches = told(whole) as Told[][];
  assert.ok(batches.length >= 4 && batches.every((batch) => batch.length === 5));
  assert.ok(batches.flat().some(({ origin, reward }) => origin === 'new' && reward !== null));
  const folder = temporaryFolder(context);
  let trials = 0;
  const finish = new AbortController();
  const runner = instantRunner({
    before: async (request) => {
      await new Promise((resolve) => setTimeout(resolve, request.id % 4));
      if (++trials === 37) finish.abort();
    },
  });
  await sit(folder, plan, {
    runner,
    workers: 3,
    stop: { finish: finish.signal, now: new AbortController().signal },
  });
  await sit(folder, undefined, { workers: 2, change: withLearning });
  assert.deepEqual(told(folder), batches);
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('given formulas are trained in their order, and gone on with after an interruption', async (context) => {
  const folder = temporaryFolder(context);
  const formulas = ['tanh(x)', 'x*sigmoid(x)', '2*tanh(x)/2', 'softplus(x)'];
  const finish = new AbortController();
  const runner = instantRunner({
    before: ({ expression }) => {
      if (expression === 'x*sigmoid(x)') finish.abort();
    },
  });
  const stop = { finish: finish.signal, now: new AbortController().signal };
  const first = endOf(await sit(folder, formulasPlanOf(formulas), { runner, stop, workers: 1 }));
  assert.equal(first.reason, 'stopped');
  const end = endOf(await sit(folder, undefined));
  assert.equal(end.reason, 'exhausted');
  assert.deepEqual([end.counts.proposed, end.counts.evaluated, end.counts.known], [4, 3, 1]);
});

test('functions whose parameters mirror each other are trained once where reflections are', async (context) => {
  const formulas = [
    'beta[0.5]*tanh(x) + (1 - beta[0.5])*x',
    '(1 - beta[0.5])*tanh(x) + beta[0.5]*x',
    'beta[0.25]*tanh(x) + (1 - beta[0.25])*x',
  ];
  for (const [reflections, evaluated] of [
    ['each', 3],
    ['once', 2],
    ['mirrors', 2],
  ] as const) {
    const end = endOf(await sit(temporaryFolder(context), formulasPlanOf(formulas, { reflections })));
    assert.deepEqual([end.counts.evaluated, end.counts.known], [evaluated, 3 - evaluated]);
  }
});
