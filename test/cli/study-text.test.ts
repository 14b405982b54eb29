import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { countsText } from '../../src/cli/study-text.ts';

const none = { diverged: 0, stoppedEarly: 0, timedOut: 0, crashed: 0, byRung: [] };

test('counts say what are parts of what', () => {
  const counts = { ...none, proposed: 1152, evaluated: 672, refused: 192, known: 227 };
  assert.equal(
    countsText({ ...counts, diverged: 167, stoppedEarly: 331 }),
    '1152 proposed: 672 trained, of which 167 diverged and 331 were stopped early; 192 refused; 227 known; 61 not begun',
  );
  assert.equal(
    countsText({ ...counts, timedOut: 1 }, 'waiting'),
    '1152 proposed: 672 trained, of which 1 timed out; 192 refused; 227 known; 61 waiting',
  );
  assert.equal(
    countsText({
      ...none,
      proposed: 3,
      evaluated: 3,
      refused: 0,
      known: 0,
      crashed: 1,
      diverged: 1,
      stoppedEarly: 1,
    }),
    '3 proposed: 3 trained, of which 1 diverged, 1 crashed and 1 was stopped early; 0 refused; 0 known',
  );
});

test('the parts of the counts add up to what was proposed', () => {
  const sizes = fc.record({
    evaluated: fc.nat(2000),
    refused: fc.nat(2000),
    known: fc.nat(2000),
    left: fc.nat(100),
    failed: fc.nat(2000),
  });
  fc.assert(
    fc.property(sizes, ({ evaluated, refused, known, left, failed }) => {
      const proposed = evaluated + refused + known + left;
      const diverged = Math.min(failed, evaluated);
      const text = countsText({ ...none, proposed, evaluated, refused, known, diverged });
      const [all = '', parts = ''] = text.split(' proposed: ');
      const sum = parts.split('; ').reduce((total, part) => total + Number.parseInt(part, 10), 0);
      assert.equal(sum, Number(all));
    }),
  );
});
