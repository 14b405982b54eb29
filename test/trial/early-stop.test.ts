import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { reasonToStop } from '../../src/trial/early-stop.ts';
import { LearningCurve } from '../../src/trial/learning-curve.ts';
import type { EarlyStop } from '../../src/trial/protocol.ts';

/** What the rules say of a training of 200 steps in 10 classes that has this loss at every step. */
function reason(rules: Partial<EarlyStop>, step: number, loss: number): string | undefined {
  const curve = new LearningCurve(200);
  for (let done = 0; done < step; done++) curve.add(loss);
  const points = () => curve.points();
  return reasonToStop(
    { chance: null, bounds: [], ...rules },
    { step, steps: 200, classes: 10, curve: points },
  );
}

suite('early stopping', () => {
  test('stops what is not below chance by so much, at that step only', () => {
    const chance = { after: 100, by: 0.02 };
    const stopped = 'training loss 2.290 at step 100 is not below chance (2.303 - 0.02)';
    assert.equal(reason({ chance }, 100, 2.29), stopped);
    assert.equal(reason({ chance }, 99, 2.29), undefined);
    assert.equal(reason({ chance }, 101, 2.29), undefined);
    assert.equal(reason({ chance }, 100, 2.28), undefined);
    assert.notEqual(reason({ chance: { after: 100, by: 0 } }, 100, Math.log(10)), undefined);
  });

  test('stops what is above a bound, not what is on it', () => {
    const bounds = [
      { step: 50, loss: 1.8 },
      { step: 100, loss: 1.4 },
    ];
    const stopped = 'training loss 1.920 at step 100 is above 1.400, the bound set by earlier trials';
    assert.equal(reason({ bounds }, 100, 1.92), stopped);
    assert.match(reason({ bounds }, 50, 1.92) ?? '', /above 1.800/);
    assert.match(
      reason({ bounds: [{ step: 100, loss: 1.7316 }] }, 100, 1.73195) ?? '',
      /1\.7320? at step 100 is above 1\.7316/,
    );
    assert.equal(reason({ bounds }, 75, 1.92), undefined);
    assert.equal(reason({ bounds: [{ step: 100, loss: 1.5 }] }, 100, 1.5), undefined);
  });

  test('a rule for a step before the first point of the curve stops nothing', () => {
    assert.equal(reason({ chance: { after: 4, by: 0 } }, 4, 9), undefined);
    assert.notEqual(reason({ chance: { after: 5, by: 0 } }, 5, 9), undefined);
  });
});
