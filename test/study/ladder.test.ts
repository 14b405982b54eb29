import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenOfLadder, Ladder, promoted, promotedCount, type Rung } from '../../src/study/ladder.ts';

const first: Rung = {
  children: [{ name: 'a', steps: 20 }],
  seeds: [1],
  share: 0.5,
  finalists: null,
  parsimony: 0,
  race: null,
  earlyStop: null,
};
const second: Rung = {
  ...first,
  children: [
    { name: 'a', steps: 20 },
    { name: 'b', steps: 40 },
  ],
  seeds: [1, 2],
  share: null,
};
const finals: Rung = { ...second, seeds: [1, 2, 3], finalists: 4 };

test('a rung trains the seeds of its first child, then those of the next', () => {
  const ladder = new Ladder([first, second]);
  assert.deepEqual(ladder.trialsOn(1), [{ child: 'a', seed: 1, steps: 20 }]);
  assert.deepEqual(ladder.trialsOn(2), [
    { child: 'a', seed: 1, steps: 20 },
    { child: 'a', seed: 2, steps: 20 },
    { child: 'b', seed: 1, steps: 40 },
    { child: 'b', seed: 2, steps: 40 },
  ]);
  assert.deepEqual(childrenOfLadder([first, second]), ['a', 'b']);
});

test('a trial is of the lowest rung that asks for it', () => {
  const ladder = new Ladder([first, second]);
  assert.equal(ladder.rungOf({ child: 'a', seed: 1, steps: 20 }), 1);
  assert.equal(ladder.rungOf({ child: 'a', seed: 2, steps: 20 }), 2);
  assert.equal(ladder.rungOf({ child: 'a', seed: 1, steps: 40 }), 0);
});

test('batches climb the whole ladder, or up to its finals', () => {
  const plain = new Ladder([first, second]);
  assert.deepEqual([plain.height, plain.batchHeight], [2, 2]);
  const ladder = new Ladder([first, second, finals]);
  assert.deepEqual([ladder.height, ladder.batchHeight], [3, 2]);
  assert.equal(ladder.rung(3), finals);
  const twoFinals = new Ladder([first, { ...second, finalists: 8 }, finals]);
  assert.deepEqual([twoFinals.height, twoFinals.batchHeight], [3, 1]);
  assert.throws(() => ladder.rung(4), /no rung 4/);
});

test('the share that goes on is rounded up, and is at least one candidate', () => {
  assert.deepEqual(
    [1, 2, 3, 10, 100].map((scored) => promotedCount(0.07, scored)),
    [1, 1, 1, 1, 7],
  );
  assert.equal(promotedCount(0.25, 0), 0);
});

test('the best of those with a score go on', () => {
  const scores = [0.1, null, 0.3, 0.3, 0.2, 0.3];
  const candidates = scores.map((score, id) => ({ id, complexity: 1, score, rung: 1, versusRelu: 1 }));
  assert.deepEqual(
    promoted(candidates, 0.4, 0).map(({ id }) => id),
    [2, 3],
  );
});

test('with parsimony a simpler function goes on before one that is a little better', () => {
  const candidates = [
    { id: 1, complexity: 12, score: 0.035, rung: 1, versusRelu: 1 },
    { id: 2, complexity: 4, score: 0.03, rung: 1, versusRelu: 1 },
    { id: 3, complexity: 4, score: 0.01, rung: 1, versusRelu: 1 },
    { id: 4, complexity: 4, score: null, rung: 1, versusRelu: null },
  ];
  const first = (parsimony: number): number[] => promoted(candidates, 0.6, parsimony).map(({ id }) => id);
  assert.deepEqual(first(0), [1, 2]);
  assert.deepEqual(first(0.001), [2, 1]);
  assert.deepEqual(first(0.004), [2, 3]);
});
