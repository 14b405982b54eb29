import assert from 'node:assert/strict';
import { test } from 'node:test';
import { climbers, forecast, secondsPerCandidate } from '../../src/search/cost-model.ts';
import { previewProposals } from '../../src/search/preview.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { TimeLeft } from '../../src/search/time-left.ts';
import type { Rung } from '../../src/study/ladder.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { planOf, sit } from './support.ts';

const rungs: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20, share: 0.25 },
  { children: ['tiny-synthetic', { name: 'tiny-resnet-synthetic', steps: 100 }], steps: 60, seeds: 2 },
];
const costs = {
  'tiny-synthetic': { start: 1, step: 0.1 },
  'tiny-resnet-synthetic': { start: 2, step: 0.5 },
};
const counts = { refused: 0, known: 0, diverged: 0, stoppedEarly: 0, timedOut: 0, crashed: 0 };

test('a candidate costs what its trials take that no lower rung has made', () => {
  const { config } = planOf({ rungs });
  assert.deepEqual(secondsPerCandidate(config, costs), [3, 2 * 7 + 2 * 52]);
  const reused = planOf({
    rungs: [
      { children: ['tiny-synthetic'], share: 0.5 },
      { children: ['tiny-synthetic'], seeds: 3 },
    ],
  });
  assert.deepEqual(secondsPerCandidate(reused.config, costs), [7, 14]);
});

test('of a batch the share climbs, rounded up on each rung', () => {
  const { config } = planOf({ rungs });
  assert.deepEqual(climbers(config.rungs, 32), [32, 8]);
  assert.deepEqual(climbers(config.rungs, 5), [5, 2]);
  assert.deepEqual(climbers(config.rungs, 0), [0, 0]);
});

test('with a limit on candidates the forecast is what a study trains where nothing fails', async (context) => {
  const plan = planOf({ rungs, candidates: 30, batch: 8, seed: 5 });
  const expected = forecast(plan.config, costs, previewProposals(plan));
  assert.equal(expected.limit, 'candidates');
  const runner = instantRunner();
  await sit(temporaryFolder(context), plan, { runner });
  const first = runner.ran.filter(({ steps }) => steps === 20).length;
  const second = runner.ran.filter(({ child }) => child === 'tiny-resnet-synthetic').length / 2;
  assert.deepEqual(
    expected.rungs.map(({ candidates }) => candidates + expected.baselines),
    [first, second],
  );
  const work = expected.rungs.reduce((sum, rung) => sum + rung.seconds, 0);
  assert.equal(expected.seconds, work / plan.config.workers);
});

test('the finals have their places, and what they cost is foreseen', () => {
  const finals = planOf({
    rungs: [
      { children: ['tiny-synthetic'], steps: 20 },
      { children: ['tiny-synthetic'], steps: 20, seeds: 3, finalists: 4 },
    ],
    candidates: 30,
    batch: 8,
    workers: 1,
    baselines: false,
  });
  const { rungs: forecasts, seconds } = forecast(finals.config, costs, { perBatch: [8], whole: false });
  assert.deepEqual(
    forecasts.map(({ candidates }) => candidates),
    [30, 4],
  );
  assert.equal(seconds, 31 * 3 + 5 * 2 * 3);
  const short = forecast({ ...finals.config, time: 31 * 3 + 15 }, costs, { perBatch: [8], whole: false });
  assert.deepEqual(
    [short.limit, short.seconds, short.rungs.map(({ candidates }) => candidates)],
    ['time', 31 * 3 + 15, [30, 1]],
  );
  const twice = {
    ...finals.config,
    rungs: [
      ...finals.config.rungs,
      { ...(finals.config.rungs[1] as Rung), seeds: [1, 2, 3, 4], finalists: 2 },
    ],
  };
  const counted = forecast(twice, costs, { perBatch: [8], whole: false }).rungs;
  assert.deepEqual(
    counted.map(({ candidates }) => candidates),
    [30, 4, 2],
  );
  const left = new TimeLeft(finals.config);
  for (let candidate = 1; candidate <= 30; candidate++)
    left.add(1, candidate, 20, { status: 'complete', seconds: 3 });
  for (let trial = 0; trial < 2; trial++) left.add(2, 1, 20, { status: 'complete', seconds: 3 });
  assert.equal(left.seconds({ ...counts, proposed: 30, evaluated: 30, byRung: [29, 1] }, 99), 3 * 6);
});

test('with a limit of time the forecast is how many fit; a small space ends before', () => {
  const plan = planOf({ rungs, time: '10m', batch: 8, workers: 2, baselines: false });
  const sample = { perBatch: [8], whole: false };
  const { limit, seconds, rungs: forecasts } = forecast(plan.config, costs, sample);
  assert.deepEqual([limit, seconds], ['time', 600]);
  const used = forecasts.reduce((sum, rung) => sum + rung.seconds, 0);
  const batch = 8 * 3 + 2 * 118;
  assert.ok(used <= 1200 && used > 1200 - batch, `${used}`);
  const small = forecast({ ...plan.config, time: null }, costs, { perBatch: [8, 3], whole: true });
  assert.deepEqual([small.limit, small.rungs[0]?.candidates], ['exhausted', 11]);
});

test('the time left is that of the limit of time, or follows from what candidates took on each rung', () => {
  const { config } = planOf({ rungs, time: 600, candidates: 40, batch: 8, workers: 2 });
  const complete = (seconds: number) => ({ status: 'complete', seconds }) as const;
  const timed = new TimeLeft({ ...config, candidates: null });
  const some = { ...counts, proposed: 0, evaluated: 0, byRung: [0, 0] };
  assert.equal(timed.seconds(some, 200), 400);
  const left = new TimeLeft({ ...config, time: null });
  assert.equal(left.seconds(some, 200), null);
  for (let candidate = 1; candidate <= 8; candidate++) left.add(1, candidate, 20, complete(3));
  const after = { ...counts, proposed: 8, evaluated: 8, byRung: [8, 0] };
  // 32 more at 3 s on the first rung; 10 on the second, whose 320 steps take 48 s at the pace so far.
  assert.ok(Math.abs((left.seconds(after, 30) ?? 0) - (32 * 3 + 10 * 48) / 2) < 1e-9);
  for (const candidate of [1, 2])
    for (let trial = 0; trial < 4; trial++) left.add(2, candidate, 80, complete(10));
  const climbed = { ...after, byRung: [6, 2] };
  assert.ok(Math.abs((left.seconds(climbed, 60) ?? 0) - (32 * 3 + 8 * 40) / 2) < 1e-9);
  const both = new TimeLeft(config);
  for (let candidate = 1; candidate <= 8; candidate++) both.add(1, candidate, 20, complete(3));
  assert.equal(both.seconds(after, 590), 10);
});

test('of candidates that fail on a rung none is expected on the next, so that at the end no time is left', () => {
  const { config } = planOf({ rungs, time: 600, candidates: 40, batch: 8, workers: 1 });
  const left = new TimeLeft({ ...config, time: null });
  // Half of each batch fail; the best quarter of the other four is one a batch.
  for (let candidate = 1; candidate <= 40; candidate++)
    left.add(1, candidate, 20, { status: candidate % 2 === 0 ? 'complete' : 'stopped-early', seconds: 3 });
  for (let batch = 0; batch < 5; batch++)
    left.add(2, 8 * batch + 2, 320, { status: 'complete', seconds: 40 });
  const all = { ...counts, proposed: 40, evaluated: 40, byRung: [35, 5] };
  assert.equal(left.seconds(all, 500), 0);
  assert.equal(left.seconds({ ...all, proposed: 32, evaluated: 32, byRung: [28, 4] }, 400), 8 * 3 + 40);
});
