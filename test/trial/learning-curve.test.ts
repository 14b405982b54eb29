import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LearningCurve } from '../../src/trial/learning-curve.ts';

test('a curve has at most 40 points, the last one at the last step, each the mean since the one before', () => {
  for (const steps of [1, 7, 40, 41, 60, 300, 10_000]) {
    const curve = new LearningCurve(steps);
    for (let step = 1; step <= steps; step++) curve.add(step);
    const points = curve.points();
    assert.ok(
      points.length <= 40 && points.length >= Math.min(steps, 20),
      `${points.length} points of ${steps}`,
    );
    assert.equal(points.at(-1)?.step, steps);
    let before = 0;
    for (const { step, trainingLoss } of points) {
      assert.equal(trainingLoss, (before + 1 + step) / 2);
      before = step;
    }
  }
});

test('the curve of a training that stopped early ends where it stopped', () => {
  const curve = new LearningCurve(400);
  for (let step = 0; step < 13; step++) curve.add(1);
  assert.deepEqual(curve.points(), [
    { step: 10, trainingLoss: 1 },
    { step: 13, trainingLoss: 1 },
  ]);
  assert.deepEqual(new LearningCurve(400).points(), []);
});

test('the final loss is the mean over the last tenth of the steps, at least one', () => {
  const curve = new LearningCurve(100);
  for (let step = 0; step < 100; step++) curve.add(step < 90 ? 5 : 1);
  assert.equal(curve.finalLoss(), 1);
  const short = new LearningCurve(3);
  for (const loss of [3, 2, 1]) short.add(loss);
  assert.equal(short.finalLoss(), 1);
});
