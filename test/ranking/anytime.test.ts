import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { Random } from '../../src/random.ts';
import { confidenceSequence } from '../../src/ranking/anytime.ts';
import { mean, variance } from '../../src/ranking/comparisons.ts';

/** The log of the e-value against "the mean is `center`", as `confidenceSequence` describes it. */
function logEvidence(values: readonly number[], center: number): number {
  const n = values.length;
  if (n < 2) return 0;
  const k = 1 + 4 * n;
  const difference = mean(values) - center;
  if (difference === 0) return -0.5 * Math.log(k);
  const ratio = (n * difference ** 2) / (variance(values) * (n - 1));
  const gain = ratio === Number.POSITIVE_INFINITY ? Math.log(k) : Math.log1p(ratio) - Math.log1p(ratio / k);
  return (n / 2) * gain - 0.5 * Math.log(k);
}

const looks = { first: 5, last: 20 };

suite('evidence against a mean', () => {
  test("agrees with scipy's integral of the noncentral t density over the expected effects", () => {
    // log of (integral of nct.pdf(t, n - 1, d sqrt(n)) norm.pdf(d, 0, 2) dd) / t.pdf(t, n - 1); scipy 1.17.1.
    const expected: [number[], number, number][] = [
      [[0.02, 0.03, 0.025, 0.04, 0.035], 0, 4.29123820803882],
      [[1, 2, 4], 0, 0.6160248812661459],
      [[0.5, -0.2, 0.1, 0.7, 0.3, -0.4, 0.2], 0.1, -1.5484437731979777],
      [[1, 1.1], 0, 1.0806745776266435],
      [[0.1, -0.3, 0.2, 0.05], 0, -1.4083336509245474],
    ];
    for (const [values, center, value] of expected) {
      assert.ok(Math.abs(logEvidence(values, center) - value) < 1e-7, `${values}`);
    }
  });

  test('does not depend on the unit of the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 }), (values) => {
        const scaled = values.map((value) => value * 8);
        assert.equal(logEvidence(values, 1), logEvidence(scaled, 8));
      }),
    );
  });

  test('is none for one value, and at most (n - 1)/2 log(1 + 4n) for n equal ones', () => {
    assert.equal(logEvidence([3], 0), 0);
    assert.ok(Math.abs(logEvidence([1, 1, 1, 1, 1], 0) - 2 * Math.log(21)) < 1e-12);
    assert.ok(logEvidence([1, 1, 1], 1) < 0);
  });
});

suite('a confidence sequence', () => {
  test('holds the means that the evidence does not refute', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 20 }),
        fc.constantFrom(0.05, 0.01),
        (values, level) => {
          const { low, high } = confidenceSequence(values, level);
          fc.pre(Number.isFinite(low) && high - low > 1e-9);
          for (const end of [low, high]) {
            assert.ok(Math.abs(logEvidence(values, end) - Math.log(1 / level)) < 1e-6);
          }
        },
      ),
    );
  });

  test('has no bounds before the values allow any', () => {
    for (const values of [[1], [1, 1.1]]) {
      assert.deepEqual(confidenceSequence(values, 0.001 / values.length).low, Number.NEGATIVE_INFINITY);
    }
  });

  const noises: Readonly<Record<string, (random: Random) => number>> = {
    normal: (random) => random.normal(),
    uniform: (random) => random.uniform() - 0.5,
    'Student with 3 degrees of freedom': (random) =>
      random.normal() / Math.hypot(random.normal(), random.normal(), random.normal()),
  };
  for (const [name, noise] of Object.entries(noises)) {
    test(`ever misses the mean in at most 5% of 2,000 series with ${name} noise, looked at after each value`, () => {
      const random = Random.fromSeed('coverage', name);
      let missed = 0;
      for (let series = 0; series < 2000; series++) missed += misses(random, noise, 0.3, 0.05) ? 1 : 0;
      assert.ok(missed <= 0.05 * 2000, `${missed} missed`);
    });
  }

  test('excludes 0 after 5 to 7 values in most series whose mean is four standard deviations away', () => {
    const random = Random.fromSeed('power');
    let certain = 0;
    for (let series = 0; series < 500; series++) {
      const values = Array.from({ length: 7 }, () => 4 + random.normal());
      if (confidenceSequence(values, 0.05 / 8).low > 0) certain++;
    }
    assert.ok(certain >= 0.9 * 500, `${certain} certain`);
  });
});

/** Whether the true mean is outside at any of the looks. */
function misses(random: Random, noise: (random: Random) => number, center: number, level: number): boolean {
  const values: number[] = [];
  while (values.length < looks.last) {
    values.push(center + noise(random));
    if (values.length < looks.first) continue;
    const { low, high } = confidenceSequence(values, level);
    if (low > center || high < center) return true;
  }
  return false;
}
