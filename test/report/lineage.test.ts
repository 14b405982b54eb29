import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalForms, likelyLineages } from '../../src/report/lineage.ts';
import { Store } from '../../src/storage/store.ts';
import { candidate } from './candidates.ts';
import { studiesFile } from './plots/golden.ts';

test('a lineage goes back one choice at a time, to the best that had a score before', () => {
  const of = (number: number, batch: number, tokens: readonly number[], score: number | null) =>
    candidate(number, { batch, tokens, score, expression: `f${number}` });
  const candidates = [
    candidate(-1, { kind: 'baseline', tokens: null, score: 9, batch: 0 }),
    of(1, 1, [0, 0, 0], 0.1),
    of(2, 1, [0, 0, 9], 0.2),
    of(3, 1, [0, 5, 1], null),
    of(4, 2, [0, 0, 1], 0.3),
    // Of the same batch as the child: it had no score yet.
    of(5, 3, [0, 2, 1], 0.9),
    of(6, 3, [0, 1, 1], 0.5),
  ];
  const lineageOf = likelyLineages(candidates);
  const lineage = (number: number): readonly number[] => {
    const one = candidates.find((each) => each.number === number);
    assert.ok(one);
    return lineageOf(one).map((relative) => relative.number);
  };
  assert.deepEqual([6, 4, 1, -1].map(lineage), [[4, 2], [2], [], []]);
});

test('equal forms are the other formulas of known proposals', () => {
  const store = Store.open(studiesFile, { readonly: true });
  const candidates = store.candidatesOf(store.study('golden').id);
  const known = candidates.filter(({ sameAs }) => sameAs !== null);
  assert.equal(known.length, 1);
  for (const { sameAs, expression } of known) {
    const owner = candidates.find(({ id }) => id === sameAs);
    assert.ok(owner);
    const expected = expression === owner.expression ? [] : [expression];
    assert.deepEqual(equalForms(store, owner), expected);
  }
  store.close();
});
