import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StudyPlan } from '../../src/search/study-plan.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { ladder, stored, withFinals, withTwoFinals } from './ladder-support.ts';
import { endOf, resultsOf, sit } from './support.ts';

test('the best of the whole study and the baselines meet in the finals, the others keep what they have', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({
    diverges: ({ child, expression }) => child === 'tiny-resnet-synthetic' && expression === 'softplus(x)',
  });
  const plan = ladder({ rungs: withFinals, candidates: 45 });
  const end = endOf(await sit(folder, plan, { runner }));
  assert.deepEqual([end.reason, end.counts.evaluated, end.counts.byRung[2]], ['candidates', 45, 3]);
  const all = stored(folder);
  const [seed] = plan.config.rungs[1]?.seeds ?? [];
  const before = ({ trials }: (typeof all)[number]): number =>
    trials.find((one) => one.steps === 40 && one.seed === seed)?.validationAccuracy ?? -1;
  const contenders = all.filter((one) => one.record.kind === 'proposed' && (one.record.rung ?? 0) >= 2);
  const best = contenders.toSorted((a, b) => before(b) - before(a)).slice(0, 3);
  assert.deepEqual(
    new Set(all.filter(({ record }) => record.kind === 'proposed' && record.rung === 3)),
    new Set(best),
  );
  // Two seeds on each of two children, of which the rung before has made one; and one on the first rung.
  for (const { trials } of best) assert.equal(trials.length, 5);
  for (const { record } of all.filter(({ record }) => record.kind === 'baseline')) {
    assert.deepEqual([record.rung, record.status], [3, record.name === 'Softplus' ? 'diverged' : 'complete']);
  }
  const ranked = (resultsOf(folder).leaderboard as { rank: number | null; rung: number }[]).filter(
    ({ rank }) => rank !== null,
  );
  assert.deepEqual(
    ranked.map(({ rung }) => rung),
    ranked.map(({ rung }) => rung).toSorted((a, b) => b - a),
  );
});

test('finals follow an exhausted space too, and have no more places than contenders', async (context) => {
  const folder = temporaryFolder(context);
  const rungs = withFinals?.map((rung) => (rung.finalists ? { ...rung, finalists: 1000 } : rung));
  const plan = ladder({ rungs, space: 'small', units: 1, controller: 'exhaustive', batch: 64 });
  const end = endOf(await sit(folder, { ...plan, config: { ...plan.config, time: null } }));
  assert.equal(end.reason, 'exhausted');
  const [, second, third] = end.counts.byRung;
  assert.equal(second, 0);
  assert.ok((third ?? 0) > 10);
});

test('without time there are no finals; with more of it the study has them', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({ before: () => new Promise((resolve) => setTimeout(resolve, 30)) });
  const end = endOf(await sit(folder, ladder({ rungs: withFinals, time: 0.5, candidates: 60 }), { runner }));
  assert.deepEqual([end.reason, end.counts.byRung[2]], ['time', 0]);
  const more = (plan: StudyPlan): StudyPlan => ({ ...plan, config: { ...plan.config, time: null } });
  assert.equal(endOf(await sit(folder, undefined, { change: more })).counts.byRung[2], 3);
  const whole = temporaryFolder(context);
  await sit(whole, ladder({ rungs: withFinals, candidates: 60 }));
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('finals that the time cuts short are said to be, and go on with more of it', async (context) => {
  const folder = temporaryFolder(context);
  const runner = instantRunner({
    before: ({ rung }) => (rung === 3 ? new Promise((resolve) => setTimeout(resolve, 300)) : undefined),
  });
  const plan = ladder({ rungs: withFinals, time: 1, candidates: 30 });
  const end = endOf(await sit(folder, plan, { runner }));
  assert.equal(end.reason, 'time');
  const more = (plan: StudyPlan): StudyPlan => ({ ...plan, config: { ...plan.config, time: null } });
  assert.equal(endOf(await sit(folder, undefined, { change: more })).reason, 'candidates');
  const whole = temporaryFolder(context);
  await sit(whole, ladder({ rungs: withFinals, candidates: 30 }));
  assert.deepEqual(resultsOf(folder), resultsOf(whole));
});

test('two rungs of finals, left again and again, end as they do in one sitting', async (context) => {
  const plan = () => ladder({ rungs: withTwoFinals, candidates: 30, baselines: ['Swish'] });
  const whole = temporaryFolder(context);
  const end = endOf(await sit(whole, plan(), { runner: instantRunner(), workers: 1 }));
  assert.deepEqual(end.counts.byRung, [24, 3, 3]);
  const left = temporaryFolder(context);
  let sittings = 0;
  for (let reason: string = 'stopped'; reason === 'stopped'; sittings++) {
    const finish = new AbortController();
    let trials = 0;
    const runner = instantRunner({
      before: async ({ id }) => {
        await new Promise((resolve) => setTimeout(resolve, id % 3));
        if (++trials === 4 + (sittings % 3)) finish.abort();
      },
    });
    const stop = { finish: finish.signal, now: new AbortController().signal };
    const begun = sittings === 0 ? plan() : undefined;
    reason = endOf(await sit(left, begun, { runner, stop, workers: 1 + (sittings % 3) })).reason;
  }
  assert.ok(sittings > 10, `${sittings} sittings`);
  assert.deepEqual(resultsOf(left), resultsOf(whole));
});
