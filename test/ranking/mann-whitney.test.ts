import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mannWhitneyTest } from '../../src/ranking/mann-whitney.ts';
import '../support/expressions.ts';

test('exact p-values are those of the tables: 2 of the 20 ways to divide six values', () => {
  assert.deepEqual(mannWhitneyTest([1, 2, 3], [4, 5, 6]), { less: 1, pValue: 0.1 });
  assert.deepEqual(mannWhitneyTest([4, 5, 6], [1, 2, 3]), { less: 0, pValue: 0.1 });
  assert.equal(mannWhitneyTest([1], [2, 3, 4]).pValue, 0.5);
});

test('what is all tied tells nothing, and infinite values have ranks', () => {
  assert.deepEqual(mannWhitneyTest([1, 1], [1, 1, 1]), { less: 0.5, pValue: 1 });
  const never = Number.POSITIVE_INFINITY;
  assert.deepEqual(mannWhitneyTest([1, 2, 3], [never, never, never]), { less: 1, pValue: 0.1 });
  assert.throws(() => mannWhitneyTest([], [1]), /two samples/);
  assert.throws(() => mannWhitneyTest([Number.NaN], [1]), /NaN/);
});

test('exact p-values with ties are those of all permutations counted one by one', () => {
  const values = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(values, values, (first, second) => {
      assert.ok(Math.abs(mannWhitneyTest(first, second).pValue - permutationTest(first, second)) < 1e-12);
    }),
  );
});

test('exchanging the samples exchanges who is less and leaves the p-value', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, values, (first, second) => {
      const [one, other] = [mannWhitneyTest(first, second), mannWhitneyTest(second, first)];
      assert.ok(Math.abs(one.less + other.less - 1) < 1e-12);
      assert.ok(Math.abs(one.pValue - other.pValue) < 1e-12);
    }),
  );
});

test('large samples agree with SciPy, with ties and without', () => {
  // scipy.stats.mannwhitneyu(x, y, method="asymptotic") of SciPy 1.17.1
  const first = Array.from({ length: 120 }, (_, index) => (index * 37) % 101);
  const second = Array.from({ length: 150 }, (_, index) => ((index * 53) % 113) + 3);
  near(mannWhitneyTest(first, second).pValue, 0.01661508699574254);
  const tied = (values: readonly number[]): number[] => values.map((value) => Math.floor(value / 20));
  near(mannWhitneyTest(tied(first), tied(second)).pValue, 0.021792693165055277);
});

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-10, `${actual} is not ${expected}`);
}

/** Every way to divide the values, by the sums of their ranks: slow and plain. */
function permutationTest(first: readonly number[], second: readonly number[]): number {
  const values = [...first, ...second];
  const rank = (value: number): number =>
    values.filter((other) => other < value).length +
    (values.filter((other) => other === value).length + 1) / 2;
  const ranks = values.map(rank);
  const mean = (first.length * (values.length + 1)) / 2;
  const distance = (sum: number): number => Math.abs(sum - mean);
  const own = distance(ranks.slice(0, first.length).reduce((sum, each) => sum + each, 0));
  let [far, all] = [0, 0];
  for (let chosen = 0; chosen < 2 ** values.length; chosen++) {
    const picked = ranks.filter((_, index) => (chosen >> index) & 1);
    if (picked.length !== first.length) continue;
    all += 1;
    if (distance(picked.reduce((sum, each) => sum + each, 0)) >= own - 1e-9) far += 1;
  }
  return far / all;
}
