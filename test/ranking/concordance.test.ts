import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { variance } from '../../src/ranking/comparisons.ts';
import { kendallW, pairedShare } from '../../src/ranking/concordance.ts';

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

suite("Kendall's W", () => {
  test("agrees with scipy's Friedman statistic over m (n - 1), ties included", () => {
    close(
      kendallW([
        [1, 2, 3, 4, 5],
        [2, 1, 3, 5, 4],
        [1, 3, 2, 4, 5],
      ]),
      0.8444444444444438,
    );
    close(
      kendallW([
        [1, 2, 2, 4],
        [1, 3, 2, 4],
        [2, 2, 3, 1],
      ]),
      0.2976190476190476,
    );
  });

  test('is 1 where all agree and 0 where two are opposite', () => {
    close(
      kendallW([
        [3, 1, 2],
        [30, 10, 20],
      ]),
      1,
    );
    close(
      kendallW([
        [1, 2, 3],
        [3, 2, 1],
      ]),
      0,
    );
    assert.ok(Number.isNaN(kendallW([[1], [2]])));
  });

  test('is unknown where a ranking is', () => {
    const unknown = [1, 2, 3, 4].map(() => Number.NaN);
    assert.ok(Number.isNaN(kendallW([[1, 2, 3, 4], unknown])));
  });
});

suite('the share of variance that pairing takes away', () => {
  test('is 1 - var(a - b) / (var(a) + var(b)) over all pairs', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 5 }), (series) => {
        fc.pre(series.some((one) => variance(one) > 0));
        let [paired, unpaired] = [0, 0];
        series.forEach((a, index) => {
          for (const b of series.slice(0, index)) {
            paired += variance(a.map((value, place) => value - (b[place] as number)));
            unpaired += variance(a) + variance(b);
          }
        });
        close(pairedShare(series), 1 - paired / unpaired);
      }),
    );
  });

  test('is 1 for series that differ by a constant, and nothing for one series', () => {
    close(
      pairedShare([
        [1, 5, 2],
        [11, 15, 12],
      ]),
      1,
    );
    assert.ok(Number.isNaN(pairedShare([[1, 2, 3]])));
  });
});
