import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../src/random.ts';
import { estimateClasses, estimateShare } from '../../src/search-space/estimate.ts';

suite('the share estimated from a sample', () => {
  test("has Wilson's interval", () => {
    const { value, low, high } = estimateShare(10, 100);
    assert.equal(value, 0.1);
    assert.ok(Math.abs(low - 0.0552291370606751) < 1e-12, `${low}`);
    assert.ok(Math.abs(high - 0.17436566150491345) < 1e-12, `${high}`);
  });

  test('stays within 0 and 1 and is never sure of either', () => {
    assert.equal(estimateShare(0, 50).low, 0);
    assert.ok(estimateShare(0, 50).high > 0.05);
    assert.ok(estimateShare(50, 50).low < 0.95);
    assert.ok(estimateShare(50, 50).high <= 1);
  });
});

suite('the number of classes estimated from a sample', () => {
  test('is the number seen where each was seen more than once', () => {
    assert.deepEqual(estimateClasses([2, 3, 9]), { value: 3, low: 3, high: 3 });
  });

  test('adds the unseen as Chao1 does', () => {
    const { value, low, high } = estimateClasses([1, 1, 1, 1, 2, 2, 5]);
    assert.equal(value, 7 + (4 * 3) / (2 * 3));
    assert.ok(low > 7 && low < value && high > value);
  });

  test('holds the true number in its interval in about 95 of 100 samples where all classes are alike', () => {
    const random = Random.fromSeed('classes');
    let held = 0;
    for (let repeat = 0; repeat < 200; repeat++) {
      const counts = new Map<number, number>();
      for (let draw = 0; draw < 400; draw++) {
        const drawn = random.index(500);
        counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
      }
      const { low, high } = estimateClasses(counts.values());
      if (low <= 500 && high >= 500) held++;
    }
    assert.ok(held >= 180, `${held} of 200`);
  });
});
