import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { replay } from '../../src/comparison/replay.ts';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import type { ControllerKind, Told } from '../../src/controllers/controller.ts';
import { controllers } from '../../src/controllers/controllers.ts';
import { parse } from '../../src/expression/notation.ts';
import type { Tokens } from '../../src/search-space/search-space.ts';
import { loadSearchSpace, tokensAt } from '../../src/search-space/search-space.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { toyCsv, toySpace, toyTable } from './toy.ts';

const folder = temporaryFolder({ after });
const space = toySpace(folder);
const usual = { seed: 1, evaluations: 5, batch: 32, proposals: 100 };

function formulas(scored: ScoredSpace, evaluated: readonly number[]): (string | undefined)[] {
  return evaluated.map((id) => scored.functions[id]?.formula);
}

test('each function is trained once, refused and known proposals cost nothing', () => {
  const scored = new ScoredSpace(space, toyTable(folder));
  const run = replay(controllers.exhaustive, { start: 0 }, scored, usual);
  assert.deepEqual(formulas(scored, run.evaluated), [
    'x^2',
    'x*sigmoid(x)',
    'x + sigmoid(x)',
    'sigmoid(x)^2',
    '2*sigmoid(x)',
  ]);
  assert.deepEqual([run.proposals, run.refused, run.known, run.ended], [8, 1, 2, 'evaluations']);
});

test('a run ends after so many evaluations, so many proposals, or where nothing is left', () => {
  const scored = new ScoredSpace(space, toyTable(folder));
  const run = (options: Partial<typeof usual>, start = 0) =>
    replay(controllers.exhaustive, { start }, scored, { ...usual, ...options });
  const two = run({ evaluations: 2 });
  assert.deepEqual([two.evaluated.length, two.proposals, two.ended], [2, 3, 'evaluations']);
  const six = run({ proposals: 6, batch: 4 });
  assert.deepEqual([six.evaluated.length, six.proposals, six.known, six.ended], [3, 6, 2, 'proposals']);
  const late = run({}, 3);
  assert.deepEqual([late.evaluated.length, late.proposals, late.known, late.ended], [4, 5, 1, 'exhausted']);
});

test('a controller is told whole batches in order, with the score of what is known and none for what failed or was refused', () => {
  const batches: (readonly Told[])[] = [];
  let position = 0;
  const recording: ControllerKind = {
    ...controllers.exhaustive,
    create: () => ({
      ask: (count) => Array.from({ length: count }, (): Tokens => tokensAt(space, position++ % 8)),
      tell: (results) => void batches.push(results),
      save: () => ({}),
    }),
  };
  replay(recording, {}, new ScoredSpace(space, toyTable(folder)), { ...usual, batch: 3 });
  assert.deepEqual(
    batches.map((batch) => batch.map(({ reward, rung, origin }) => [reward, rung, origin])),
    [
      [
        [null, 1, 'new'],
        [null, 0, 'refused'],
        [0.1, 1, 'new'],
      ],
      [
        [-0.2, 1, 'new'],
        [0.1, 1, 'known'],
        [-0.2, 1, 'known'],
      ],
      [
        [-0.5, 1, 'new'],
        [-0.1, 1, 'new'],
      ],
    ],
  );
});

test('functions that the table lacks are refused with the coverage, count as failed, or are left out', () => {
  const table = toyTable(folder, toyCsv.replace('x + sigmoid(x),complete,-0.2\n', ''));
  assert.throws(
    () => new ScoredSpace(space, table),
    /toy\.csv has 4 of the 5 functions of the space "toy"; it lacks x \+ sigmoid\(x\)\./,
  );
  const failed = new ScoredSpace(space, table, { missing: 'failed' });
  const counted = replay(controllers.exhaustive, { start: 0 }, failed, usual);
  assert.deepEqual([counted.evaluated.length, counted.refused, failed.reachable.length], [5, 1, 5]);
  const left = new ScoredSpace(space, table, { missing: 'refused' });
  const run = replay(controllers.exhaustive, { start: 0 }, left, usual);
  assert.deepEqual(
    [run.evaluated.length, run.refused, left.reachable.length, run.ended],
    [4, 3, 4, 'exhausted'],
  );
});

test('a table of another space, and one with a function in two rows, are refused', () => {
  const other = toyTable(folder, 'expression,status,score\nsin(x)*x,complete,1\n');
  assert.throws(() => new ScoredSpace(space, other, { missing: 'failed' }), /none of the 5 functions/);
  const twice = toyTable(folder, `${toyCsv}sigmoid(x) + sigmoid(x),complete,3\n`);
  assert.throws(() => new ScoredSpace(space, twice), /same function as 2\*sigmoid\(x\)/);
});

test('functions of a large space are looked up as they are proposed', () => {
  const large = loadSearchSpace('paper', { units: 2 });
  const table = toyTable(folder);
  const scored = new ScoredSpace(large, table, { missing: 'refused' });
  assert.ok(!scored.judgedWhole);
  assert.equal(replay(controllers.random, {}, scored, { ...usual, proposals: 50 }).proposals, 50);
  const strict = new ScoredSpace(large, table);
  assert.throws(() => replay(controllers.random, {}, strict, usual), /met so far/);
});

test('the target is found as a study finds it: equal, or equal once parameters are 1', () => {
  const scored = new ScoredSpace(space, toyTable(folder), { target: parse('x*sigmoid(beta*x)') });
  assert.deepEqual(
    scored.functions.filter(({ isTarget }) => isTarget).map(({ formula }) => formula),
    ['x*sigmoid(x)'],
  );
});
