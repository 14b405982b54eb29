import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportTarget } from '../../src/search/target.ts';
import { type Candidate, storedCandidate, type TargetMatch } from '../../src/study/candidate.ts';
import { sampleCandidate, scored } from '../storage/samples.ts';

function candidate(number: number, target: TargetMatch | null = null): Candidate {
  const ids = { id: 10 * number, studyId: 1, batch: 1, sameAs: null };
  return storedCandidate(sampleCandidate(number, { target }), ids);
}

test('the first proposal of each way of equality is reported, with its rank among the scored', () => {
  const candidates = [
    scored({ ...candidate(-1, 'equal'), kind: 'baseline' }, 9),
    scored(candidate(1), 0.3),
    scored(candidate(2, 'equal-at-1'), 0.1),
    scored(candidate(3, 'equal'), 0.2),
    scored(candidate(4, 'equal'), 0.4),
    candidate(5, 'equal'),
  ];
  const { formula, found } = reportTarget('x*sigmoid(x)', candidates) ?? {};
  assert.equal(formula, 'x*sigmoid(x)');
  assert.deepEqual(
    found?.map(({ match, number, rank, ranked }) => [match, number, rank, ranked]),
    [
      ['equal', 3, 3, 4],
      ['equal-at-1', 2, 4, 4],
    ],
  );
});

test('one that is not begun is not found, and one without a score has no rank', () => {
  assert.deepEqual(reportTarget('x', [candidate(1, 'equal')])?.found, []);
  const failed = { ...candidate(1, 'equal'), status: 'diverged', rung: 1 } as const;
  assert.deepEqual(
    reportTarget('x', [failed])?.found.map(({ rank, ranked }) => [rank, ranked]),
    [[null, 0]],
  );
  assert.equal(reportTarget(null, [failed]), null);
});
