import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { continues, learningRate, scheduleOptions } from '../../src/network/schedules.ts';

const rates = (options: unknown, steps: number) => {
  const schedule = scheduleOptions.parse(options);
  return Array.from({ length: steps }, (_, step) => learningRate(schedule, step, steps));
};

suite('learning rate schedules', () => {
  test('a constant rate stays, after a straight warm-up', () => {
    assert.deepEqual(rates({ name: 'constant', peak: 0.5 }, 3), [0.5, 0.5, 0.5]);
    assert.deepEqual(rates({ name: 'constant', peak: 4, warmup: 3 }, 6), [1, 2, 3, 4, 4, 4]);
  });

  test('a longer training goes on from a shorter one just where its first rates are the same', () => {
    for (const [options, expected] of [
      [{ name: 'constant', peak: 4, warmup: 3 }, true],
      [{ name: 'cosine', peak: 4, warmup: 3 }, false],
      [{ name: 'step', peak: 4, at: [0.5] }, false],
    ] as const) {
      assert.equal(continues(scheduleOptions.parse(options)), expected);
      const [short, long] = [rates(options, 20), rates(options, 30)];
      assert.equal(JSON.stringify(long.slice(0, 20)) === JSON.stringify(short), expected);
    }
  });

  test('cosine decay falls from the peak towards 0, half way at the middle', () => {
    const values = rates({ name: 'cosine', peak: 2, warmup: 2 }, 102);
    assert.equal(values[2], 2);
    assert.ok(Math.abs((values[52] as number) - 1) < 1e-12);
    assert.ok((values[101] as number) > 0 && (values[101] as number) < 0.001);
    for (let step = 3; step < 102; step++) assert.ok((values[step] as number) < (values[step - 1] as number));
  });

  test('steps multiply the rate at their shares of the training', () => {
    const values = rates({ name: 'step', peak: 1, at: [0.5, 0.75], factor: 0.1 }, 8);
    assert.deepEqual(
      values.map((value) => Number(value.toFixed(6))),
      [1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01],
    );
  });

  test('a share that is no whole number in binary is reached at its step, not one later', () => {
    for (const [share, steps] of [
      [0.55, 100],
      [0.07, 100],
      [0.29, 1100],
    ] as const) {
      const values = rates({ name: 'step', peak: 1, at: [share], factor: 0.5 }, steps);
      assert.equal(values.indexOf(0.5), Math.round(share * steps), `${share} of ${steps}`);
    }
  });

  test('a training shorter than its warm-up never reaches the peak', () => {
    for (const name of ['constant', 'cosine', 'step']) {
      const values = rates({ name, peak: 1, warmup: 9 }, 5);
      assert.deepEqual(values, [0.1, 0.2, 0.3, 0.4, 0.5]);
    }
  });

  test('unknown names, unknown keys and impossible numbers are refused', () => {
    for (const options of [
      { name: 'linear', peak: 1 },
      { name: 'cosine', peak: 1, warmUp: 3 },
      { name: 'cosine', peak: 0 },
      { name: 'cosine', peak: Number.NaN },
      { name: 'constant', peak: 1, warmup: -1 },
      { name: 'step', peak: 1, at: [1.5] },
    ]) {
      assert.equal(scheduleOptions.safeParse(options).success, false, JSON.stringify(options));
    }
  });
});
