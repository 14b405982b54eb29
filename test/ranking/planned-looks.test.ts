import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../src/random.ts';
import { confidenceSequence } from '../../src/ranking/anytime.ts';
import { plannedInterval } from '../../src/ranking/planned-looks.ts';
import { close } from './close.ts';

suite('an interval for planned looks', () => {
  test("is scipy's interval of Student at the level of one look", () => {
    // stats.t.interval(1 - level/looks, n - 1, mean, stats.sem(values)); scipy 1.17.1.
    const expected: [values: number[], level: number, looks: number, low: number, high: number][] = [
      [[0.02, 0.03, 0.025, 0.04, 0.035], 0.05, 1, 0.02018378419261222, 0.03981621580738779],
      [[0.02, 0.03, 0.025, 0.04, 0.035, 0.01], 0.05 / 8, 2, 0.003181565550347803, 0.05015176778298554],
      [[1, 2, 4], 0.05, 4, -5.480628619327062, 10.14729528599373],
      [[1, 1.1], 0.01, 1, -2.132837058143579, 4.232837058143579],
    ];
    for (const [values, level, looks, low, high] of expected) {
      const interval = plannedInterval(values, level, looks);
      close(interval.low, low);
      close(interval.high, high);
    }
  });

  test('has no bounds for a single value', () => {
    assert.deepEqual(plannedInterval([3], 0.05, 1), {
      mean: 3,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  test('misses the mean at any of three looks in at most 5% of 4,000 series, and in 5% where there is one look', () => {
    for (const [looks, least] of [
      [[6], 0.035],
      [[6, 8, 10], 0.02],
    ] as const) {
      const random = Random.fromSeed('planned', looks.length);
      let missed = 0;
      for (let series = 0; series < 4000; series++) {
        const values = Array.from({ length: 10 }, () => 0.3 + random.normal());
        const isMissed = looks.some((look) => {
          const { low, high } = plannedInterval(values.slice(0, look), 0.05, looks.length);
          return low > 0.3 || high < 0.3;
        });
        if (isMissed) missed++;
      }
      assert.ok(
        missed <= 0.057 * 4000 && missed >= least * 4000,
        `${missed} missed with ${looks.length} looks`,
      );
    }
  });

  test('is narrower than a confidence sequence: by 37% with one look, by 28% with two', () => {
    const values = [0.02, 0.03, 0.025, 0.04, 0.035, 0.01, 0.02, 0.03];
    const widthOf = ({ low, high }: { low: number; high: number }): number => high - low;
    const any = widthOf(confidenceSequence(values, 0.05 / 8));
    for (const [looks, least, most] of [
      [1, 0.62, 0.63],
      [2, 0.71, 0.72],
    ] as const) {
      const share = widthOf(plannedInterval(values, 0.05 / 8, looks)) / any;
      assert.ok(share > least && share < most, `${share}`);
    }
  });
});
