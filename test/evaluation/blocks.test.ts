import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlockTrial, blockCompetitor } from '../../src/evaluation/blocks.ts';

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
    }).blocks.get(1);
  assert.equal(by({ metric: Math.E }, { metrics }), -1);
  assert.equal(by({ metric: null }, { metrics }), null);
  assert.ok(Math.abs((by({ validationAccuracy: 0.9 }) as number) - Math.log(10)) < 1e-12);
  assert.equal(by({}), null);
});
