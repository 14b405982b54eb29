import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LearningCurve, lossAt, meanLoss } from '../../src/trial/learning-curve.ts';

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

test('the mean loss of a curve is that of all steps, however many a point stands for', () => {
  const curve = new LearningCurve(83);
  for (let step = 1; step <= 83; step++) curve.add(step);
  assert.equal(curve.points().at(-2)?.step, 81);
  assert.equal(meanLoss(curve.points()), 42);
  assert.ok(Number.isNaN(meanLoss([])));
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

/** The curve of a training of `steps` steps that has done `done` of them; the loss of step k is k. */
function rising(steps: number, done = steps): ReturnType<LearningCurve['points']> {
  const curve = new LearningCurve(steps);
  for (let step = 1; step <= done; step++) curve.add(step);
  return curve.points();
}

test('the smoothed loss at a step is the mean of the points before it that cover 20 steps', () => {
  // 200 steps have points at 5, 10, …: steps 81 to 100. 500 have them at 13, 26, …: steps 66 to 91.
  assert.equal(lossAt(rising(200), 100, 200), (81 + 100) / 2);
  assert.equal(lossAt(rising(200), 103, 200), (81 + 100) / 2);
  assert.equal(lossAt(rising(500), 100, 500), (66 + 91) / 2);
  assert.equal(lossAt(rising(40), 30, 40), (11 + 30) / 2);
  assert.equal(lossAt(rising(10_000), 1000, 10_000), (751 + 1000) / 2);
});

test('the smoothed loss of the first steps is the mean of what there is, and of no whole point nothing', () => {
  assert.equal(lossAt(rising(200), 10, 200), (1 + 10) / 2);
  assert.equal(lossAt(rising(200), 4, 200), undefined);
  assert.equal(lossAt(rising(200, 50), 51, 200), undefined);
  assert.equal(lossAt([], 10, 200), undefined);
});

test('the smoothed loss is the same from the curve so far as from the whole curve', () => {
  for (const steps of [1, 7, 40, 41, 60, 200, 333, 500, 10_000]) {
    const whole = rising(steps);
    for (let step = 1; step <= steps; step += Math.ceil(steps / 97)) {
      assert.equal(
        lossAt(rising(steps, step), step, steps),
        lossAt(whole, step, steps),
        `${step} of ${steps}`,
      );
    }
  }
});
