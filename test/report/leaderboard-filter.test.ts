import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterLeaderboard } from '../../src/report/leaderboard-filter.ts';
import { rows } from './samples.ts';

test('filters combine, keep ranks, and the top counts what passes', () => {
  const ranks = (filter: Parameters<typeof filterLeaderboard>[1]): (number | null)[] =>
    filterLeaderboard(rows, filter).map(({ rank }) => rank);
  assert.deepEqual(ranks({}), [1, 2, 3, 4, null]);
  assert.deepEqual(ranks({ contains: ['sin'] }), [3, null]);
  assert.deepEqual(ranks({ contains: ['sin', 'exp'] }), [null]);
  assert.deepEqual(ranks({ contains: ['sin'], status: ['complete'] }), [3]);
  assert.deepEqual(ranks({ gated: true, kind: 'proposed' }), [1]);
  assert.deepEqual(ranks({ form: 'x*g(x)' }), [1, 2]);
  assert.deepEqual(ranks({ form: 'b(x, g(x))', contains: ['sin'], maxComplexity: 10 }), [3]);
  assert.deepEqual(ranks({ maxComplexity: 10 }), [3, 4]);
  assert.deepEqual(ranks({ kind: 'baseline', top: 1 }), [2]);
  assert.deepEqual(ranks({ aheadOf: 'ReLU' }), [1, 2, 3]);
  const [first, second] = filterLeaderboard(rows, {});
  assert.deepEqual(ranks({ aheadOf: String(first?.id) }), []);
  assert.deepEqual(ranks({ aheadOf: second?.expression ?? '', gated: true }), [1]);
  assert.deepEqual(ranks({ aheadOf: 'sigmoid(x)*x' }), [1]);
  assert.deepEqual(ranks({ status: ['diverged', 'crashed'] }), [null]);
});

test('unknown filters are refused with the nearest known one', () => {
  const refused = (filter: Parameters<typeof filterLeaderboard>[1], message: RegExp, hint: RegExp): void => {
    assert.throws(
      () => filterLeaderboard(rows, filter),
      (error: unknown) => {
        const { code, message: says, hint: does } = error as Record<string, string>;
        assert.equal(code, 'usage');
        assert.match(String(says), message);
        assert.match(String(does), hint);
        return true;
      },
    );
  };
  refused({ status: ['complet'] }, /unknown status/, /Did you mean "complete"/);
  refused({ status: ['refused'] }, /only trained ones/, /FROM candidates WHERE status = 'refused'/);
  refused({ kind: 'found' }, /unknown kind/, /baseline, proposed/);
  refused(
    { aheadOf: 'RELU' },
    /no function "RELU"/,
    /an id or formula of the leaderboard.*Did you mean "ReLU"/,
  );
  refused({ aheadOf: '99' }, /99 has no rank: diverged/, /an id or formula/);
  refused({ contains: ['sine'] }, /unknown operator/, /Did you mean "sin"/);
});

test('a name that is no operator is that of a primitive of the study', () => {
  const primitives = {
    names: ['beta*x', 'sin(x)', 'x1 + x2'],
    byCandidate: new Map([[3, new Set(['sin(x)', 'x1 + x2'])]]),
  };
  const ranks = (...contains: string[]): (number | null)[] =>
    filterLeaderboard(rows, { contains }, () => primitives).map(({ rank }) => rank);
  assert.deepEqual(ranks('sin(x)'), [3]);
  assert.deepEqual(ranks('sin', 'x1 + x2'), [3]);
  assert.deepEqual(ranks('beta*x'), []);
  assert.throws(() => ranks('beta * x'), {
    message: 'unknown operator or primitive "beta * x".',
    hint: 'Did you mean "beta*x"?',
  });
});
