import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { curvePlot } from '../../src/terminal/curve-plot.ts';

const screen = { colors: createColors(false), unicode: true };

test('a plot is exactly as large as asked, whatever the function', () => {
  const value = fc.oneof(
    fc.double({ min: -1e9, max: 1e9 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0),
  );
  const size = fc.record({
    width: fc.integer({ min: 15, max: 150 }),
    height: fc.integer({ min: 5, max: 50 }),
  });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 2, maxLength: 300 }),
      size,
      fc.boolean(),
      (values, { width, height }, unicode) => {
        const curve = { values: Float64Array.from(values), style: 'solid' } as const;
        const lines = curvePlot(
          [curve, { ...curve, style: 'dashed' }],
          { from: -5, to: 5, width, height },
          { ...screen, unicode },
        );
        assert.equal(lines.length, height);
        for (const line of lines) assert.ok(line.length <= width, `${line.length} > ${width}`);
        if (!unicode) assert.match(lines.join('\n'), /^[\x20-\x7e\n]*$/);
      },
    ),
  );
});

test('the plot of ReLU in ASCII', () => {
  const values = Float64Array.from({ length: 101 }, (_, index) => Math.max(0, (index - 50) / 10));
  const options = { from: -5, to: 5, width: 28, height: 7 };
  assert.deepEqual(curvePlot([{ values, style: 'solid' }], options, { ...screen, unicode: false }), [
    '     5           |         *',
    '                 |       **',
    '                 |     **',
    '                 |   **',
    '                 | **',
    '     0 ************---------',
    '       -5        0         5',
  ]);
});
