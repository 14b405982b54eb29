import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../src/report/findings.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import { candidate } from './candidates.ts';

/** Ten of each kind: scores from the first, failures where it is null. */
function study(having: Partial<Candidate>, lacking: Partial<Candidate>): readonly Candidate[] {
  return Array.from({ length: 10 }, (_, index) => [
    candidate(
      2 * index + 1,
      having.score == null ? having : { ...having, score: having.score + index / 100 },
    ),
    candidate(
      2 * index + 2,
      lacking.score == null ? lacking : { ...lacking, score: lacking.score + index / 100 },
    ),
  ]).flat();
}

test('a finding holds where the functions that have the property are better', () => {
  const [simple, gated, periodic, division] = findings(
    study({ score: 0.5, gated: true, complexity: 2 }, { score: 0, complexity: 9 }),
  );
  for (const finding of [simple, gated]) {
    assert.deepEqual([finding?.verdict, finding?.better], ['holds here', 1]);
    assert.ok((finding?.pValue ?? 1) < 1e-4);
  }
  // Nothing has the property, so nothing can be said.
  for (const finding of [periodic, division]) {
    assert.deepEqual([finding?.verdict, finding?.better, finding?.pValue], ['undecided here', null, null]);
  }
});

test('failures are behind all scores, and a harm that helps is the opposite', () => {
  const division = findings(study({ expression: 'tanh(x)/(1 + x)', score: 0.2 }, { score: null }))[3];
  assert.deepEqual([division?.verdict, division?.better], ['the opposite holds here', 1]);
  const periodic = findings(study({ expression: 'x + sin(x)', score: null }, { score: -3 }))[2];
  assert.deepEqual(
    [periodic?.verdict, periodic?.better, periodic?.having.failed],
    ['the opposite holds here', 0, 10],
  );
});

test('division by a number is none, sinc is periodic and tanh is not', () => {
  const counts = (expression: string) =>
    findings([candidate(1, { expression, score: 0 })]).map(({ having }) => having.count);
  assert.deepEqual(counts('x/sqrt(2)').slice(2), [0, 0]);
  assert.deepEqual(counts('1/(1 + |x|)').slice(2), [0, 1]);
  assert.deepEqual(counts('sinc(x)').slice(2), [1, 0]);
  assert.deepEqual(counts('tanh(x) + asinh(x)').slice(2), [0, 0]);
});

test('baseline functions, refused and known ones are no evidence', () => {
  const others: readonly Candidate[] = [
    candidate(-1, { kind: 'baseline', score: 1 }),
    candidate(1, { status: 'refused' }),
    candidate(2, { status: 'known', sameAs: 3 }),
    candidate(3, { status: 'waiting' }),
  ];
  for (const { having, lacking } of findings(others)) assert.equal(having.count + lacking.count, 0);
});
