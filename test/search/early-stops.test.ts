import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Checkpoints } from '../../src/search/checkpoints.ts';
import type { StudyPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import type { TrialRequest } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { endOf, planOf, resultsOf, sit } from './support.ts';

const rungs: GivenSettings['rungs'] = [
  {
    children: ['tiny-synthetic'],
    steps: 40,
    share: 0.5,
    earlyStop: { chance: { after: 10, by: 0.1 }, quantile: { after: 20, worst: 0.25 } },
  },
  { children: ['tiny-synthetic'], steps: 60 },
];

function plan(input: GivenSettings = {}): StudyPlan {
  return planOf({ rungs, candidates: 40, batch: 8, seed: 3, ...input });
}

test('trials of proposals bear the rules of their rung, baselines none', async (context) => {
  const runner = instantRunner();
  await sit(temporaryFolder(context), plan(), { runner });
  const [baselines, proposed] = [runner.ran.slice(0, 18), runner.ran.slice(18)];
  assert.ok(baselines.every(({ earlyStop }) => earlyStop === null));
  for (const { steps, earlyStop } of proposed) {
    if (steps === 60) assert.equal(earlyStop, null);
    else assert.deepEqual(earlyStop?.chance, { after: 10, by: 0.1 });
  }
  const bounds = proposed.flatMap(({ earlyStop }) => earlyStop?.bounds ?? []);
  assert.ok(bounds.length > 8 && bounds.every(({ step }) => step === 20));
});

test('bounds come of the batches up to the last but one, whatever the workers and interruptions', async (context) => {
  const boundsOf = (ran: readonly TrialRequest[]): Record<string, unknown> =>
    Object.fromEntries(
      ran
        .filter(({ steps }) => steps === 40)
        .map(({ expression, earlyStop }) => [expression, earlyStop?.bounds]),
    );
  const results = [];
  for (const workers of [1, 4]) {
    const folder = temporaryFolder(context);
    const runner = instantRunner({
      before: ({ id }) => new Promise((resolve) => setTimeout(resolve, id % 3)),
    });
    const end = endOf(await sit(folder, plan(), { runner, workers }));
    assert.ok(end.counts.stoppedEarly > 0);
    results.push([boundsOf(runner.ran), resultsOf(folder)]);
  }
  assert.deepEqual(results[1], results[0]);
  const folder = temporaryFolder(context);
  const ran: TrialRequest[] = [];
  for (let [sitting, going] = [0, plan() as StudyPlan | undefined]; ; sitting++, going = undefined) {
    const finish = new AbortController();
    let trials = 0;
    const runner = instantRunner({
      before: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (++trials === 9 + sitting) finish.abort();
      },
    });
    const stop = { finish: finish.signal, now: new AbortController().signal };
    const end = endOf(await sit(folder, going, { runner, stop, workers: 3 }));
    ran.push(...runner.ran);
    if (end.reason !== 'stopped') break;
  }
  assert.deepEqual([boundsOf(ran), resultsOf(folder)], results[0]);
});

test('a candidate stopped early has no score, and does not go on', async (context) => {
  const runner = instantRunner();
  const folder = temporaryFolder(context);
  const events = await sit(folder, plan(), { runner });
  const stopped = events.filter((event) => event.event === 'candidate' && event.status === 'stopped-early');
  assert.ok(stopped.length > 0);
  const climbed = new Set(runner.ran.filter(({ steps }) => steps === 60).map(({ expression }) => expression));
  for (const event of stopped) {
    if (event.event !== 'candidate') continue;
    assert.deepEqual([event.score, event.rung], [null, 1]);
    assert.match(event.reason ?? '', /bound/);
    assert.equal(climbed.has(event.expression), false);
  }
});

test('checkpoints lead from a rung to the next where the rate is constant, and are removed in the end', async (context) => {
  const constant: GivenSettings['rungs'] = [
    { children: ['tiny-constant-synthetic', 'tiny-synthetic'], steps: 20, share: 0.5 },
    { children: ['tiny-constant-synthetic', 'tiny-synthetic'], steps: 40, share: 0.5 },
    { children: ['tiny-constant-synthetic'], steps: 60, seeds: 2 },
  ];
  const { config } = plan({ rungs: constant });
  const folder = join(temporaryFolder(context), 'checkpoints');
  const checkpoints = new Checkpoints(folder, config);
  const [seed = 0, other = 0] = config.rungs[2]?.seeds ?? [];
  const of = (steps: number, name = 'tiny-constant-synthetic', on = seed) =>
    checkpoints.of(7, { child: name, seed: on, steps });
  const file = (steps: number): string =>
    join(folder, `7-tiny-constant-synthetic-${seed}-${steps}.checkpoint`);
  assert.deepEqual(of(20), { to: file(20) });
  assert.deepEqual(of(40), { from: { file: file(20), step: 20 }, to: file(40) });
  assert.deepEqual(of(60), { from: { file: file(40), step: 40 } });
  assert.equal(of(60, 'tiny-constant-synthetic', other), null);
  assert.equal(of(20, 'tiny-synthetic'), null);
  assert.ok(existsSync(folder));
  checkpoints.clear();
  assert.equal(existsSync(folder), false);
  const none = join(temporaryFolder(context), 'checkpoints');
  new Checkpoints(none, plan().config).clear();
  assert.deepEqual(readdirSync(join(none, '..')), []);
});
