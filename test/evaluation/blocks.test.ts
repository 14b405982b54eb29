import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlockRules, blockCompetitors } from '../../src/evaluation/blocks.ts';
import { type BlockTrial, blocksOf } from '../../src/ranking/blocks.ts';
import { against, type Competitor, usualJudge } from '../../src/ranking/verdicts.ts';
import { networkArithmeticWith } from '../../src/trial/network-arithmetic.ts';

const candidate = { id: 1, complexity: 4, expression: 'x*sigmoid(x)' };
const children = [
  { child: 'a', steps: 10 },
  { child: 'b', steps: 20 },
];
const scoring = { validationImages: { a: 100, b: 100, script: null } };

function trial(child: string, seed: number, loss: number | null, more: Partial<BlockTrial> = {}): BlockTrial {
  const steps = child === 'b' ? 20 : 10;
  const measures = { validationAccuracy: null, validationLoss: loss, metric: null };
  return { child, seed, steps, status: 'complete', ...measures, ...more };
}

function blockCompetitor(
  contender: typeof candidate,
  trials: readonly BlockTrial[],
  rules: BlockRules,
): Competitor {
  return blockCompetitors([{ contender, trials }], rules)[0] as Competitor;
}

test('each child with each seed is a block: minus the log of the loss, null where the training failed', () => {
  const failed = trial('a', 1, null, { status: 'diverged' });
  const trials = [trial('b', 2, Math.exp(2)), trial('a', 2, 1), failed, trial('a', 3, 1, { steps: 11 })];
  const { blocks } = blockCompetitor(candidate, trials, { children, scoring });
  assert.deepEqual([...blocks.values()], [null, -0, -2]);
  const again = blockCompetitor(candidate, trials.toReversed(), { children, scoring });
  assert.deepEqual([...again.blocks], [...blocks]);
});

test('a metric takes the place of the loss, and the error where a script reports no loss', () => {
  const script = [{ child: 'script', steps: 10 }];
  const metrics = { script: { name: 'perplexity', goal: 'minimize' } } as const;
  const by = (one: Partial<BlockTrial>, given: object = {}) =>
    blockCompetitor(candidate, [trial('script', 1, null, one)], {
      children: script,
      scoring: { ...scoring, ...given },
    }).blocks.get(0);
  assert.equal(by({ metric: Math.E }, { metrics }), -1);
  assert.equal(by({ metric: null }, { metrics }), null);
  assert.ok(Math.abs((by({ validationAccuracy: 0.9 }) as number) - Math.log(10)) < 1e-12);
  assert.equal(by({}), null);
});

test('in a mixed study a function is set against ReLU in its own arithmetic, as the study judges', () => {
  const facts = { tensorflow: '2.18.1', node: 'v20', cpu: 'A', threads: 1, oneDnn: true };
  const [here, there] = ['avx2', 'avx512f'].map((flag) =>
    networkArithmeticWith({ ...facts, cpuFlags: [flag] }, { activation: 'fused', precision: 'float32' }),
  );
  const seeds = [1, 2, 3, 4, 5, 6];
  const trialsIn = (arithmetic: typeof here, loss: number) =>
    seeds.map((seed) => trial('a', seed, loss + seed / 100, arithmetic ? { arithmetic } : {}));
  const relu = {
    contender: { ...candidate, id: 1 },
    trials: [...trialsIn(here, 1), ...trialsIn(there, 1.3)],
  };
  const same = { contender: { ...candidate, id: 2 }, trials: trialsIn(here, 1) };
  const rules = { children: children.slice(0, 1), scoring };
  for (const functions of [
    [relu, same],
    [same, relu],
  ]) {
    const competitors = blockCompetitors(functions, rules);
    const [own, reference] = [2, 1].map((id) => competitors.find((one) => one.id === id) as Competitor);
    const judged = against(own as Competitor, reference as Competitor, usualJudge);
    assert.deepEqual(judged.advantage, { mean: 0, low: 0, high: 0 });
    assert.deepEqual([judged.verdict, judged.blocks], ['equal', 6]);
  }
  const keys = seeds.map((seed) => ({ child: 'a', seed, steps: 10 }));
  assert.deepEqual(
    blockCompetitors([relu, same], rules),
    [relu, same].map(({ contender, trials }) => blocksOf(contender, trials, relu.trials, keys, scoring)),
  );
});
