import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type Contestant, compare } from '../../src/comparison/compare.ts';
import { contestant } from '../../src/comparison/contestant.ts';
import { bandOf, quantile } from '../../src/comparison/quantiles.ts';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import { controllerKind } from '../../src/controllers/controllers.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { parse } from '../../src/expression/notation.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { toyCsv, toySpace, toyTable } from './toy.ts';

const folder = temporaryFolder({ after });
const space = toySpace(folder);
const scored = new ScoredSpace(space, toyTable(folder), { target: parse('x*sigmoid(beta*x)') });
const options = { evaluations: 5, batch: 4, proposals: 100, seeds: [1, 2, 3] };
const named = (...names: string[]): Contestant[] => names.map((name) => contestant(name, space));
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is not ${expected}`);

test('best scores, regret and the target of a run are those counted by hand', () => {
  const { best, worst, results } = compare(named('exhaustive', 'exhaustive:start=3'), scored, options);
  assert.deepEqual(
    [best.formula, best.score, worst.formula, worst.score],
    ['x*sigmoid(x)', 0.1, 'sigmoid(x)^2', -0.5],
  );
  const [whole, late] = results;
  // x^2 fails: until the first score, a run stands at the worst.
  assert.deepEqual(
    whole?.curve.map((standing) => standing.best.median),
    [-0.5, 0.1, 0.1, 0.1, 0.1],
  );
  assert.deepEqual(
    late?.curve.map((standing) => standing.best.median),
    [-0.2, 0.1, 0.1, 0.1, 0.1],
  );
  near(whole?.meanRegret.median, 0.6 / 5);
  near(late?.meanRegret.median, 0.3 / 5);
  assert.deepEqual(
    whole?.curve.map(({ found }) => found),
    [0, 1, 1, 1, 1],
  );
  assert.deepEqual(whole?.runs[0]?.target, 2);
  assert.deepEqual([late?.runs[0]?.evaluations, late?.runs[0]?.ended], [4, 'exhausted']);
});

test('a target that is not found counts as never, in band and share', () => {
  const { results } = compare(named('exhaustive:start=6', 'exhaustive'), scored, options);
  assert.deepEqual(results[0]?.target, { median: Infinity, low: Infinity, high: Infinity, found: 0 });
  assert.equal(results[0]?.runs[0]?.target, null);
  assert.equal(results[1]?.against?.target.less, 1);
});

test('a controller that the seed does not change counts as one run, not as many', () => {
  const { results } = compare(named('random', 'exhaustive'), scored, {
    ...options,
    seeds: Array.from({ length: 9 }, (_, index) => index + 1),
  });
  assert.ok((results[1]?.against?.meanRegret.pValue as number) >= 2 / 10);
  assert.equal(results[0]?.against, null);
});

test('runs that never find the target are as many as were made, not one', () => {
  const random = controllerKind('random');
  const blind: Contestant = {
    label: 'blind',
    options: {},
    kind: {
      ...random,
      create: (searched, seed, own) => {
        const controller = random.create(searched, seed, own);
        const isTarget = (id: number | undefined) => id !== undefined && scored.functions[id]?.isTarget;
        return {
          ask: (count) => controller.ask(count).filter((tokens) => !isTarget(scored.judge(tokens))),
          tell: (results) => controller.tell(results),
          save: () => controller.save(),
        };
      },
    },
  };
  const seeds = Array.from({ length: 9 }, (_, index) => index + 1);
  const { results } = compare([...named('random'), blind], scored, { ...options, seeds });
  assert.deepEqual(
    results.map(({ target }) => target.found),
    [9, 0],
  );
  // All of one sample above all of the other: two of the ways to divide 18 runs.
  near(results[1]?.against?.target.pValue, 2 / 48620);
});

test('the same seeds give the same comparison', () => {
  const twice = [0, 1].map(() => compare(named('random', 'evolution'), scored, options));
  assert.deepEqual(twice[0], twice[1]);
});

test('a table without any score is refused', () => {
  const failed = toyTable(folder, toyCsv.replaceAll(/complete,.*/g, 'crashed,'));
  assert.throws(
    () => compare(named('random'), new ScoredSpace(space, failed), options),
    /no function of the space has a score/,
  );
});

test('the band of 21 runs has the second and the twentieth at its ends', () => {
  const values = Array.from({ length: 21 }, (_, index) => 20 - index);
  assert.deepEqual(bandOf(values), { median: 10, low: 1, high: 19 });
  assert.deepEqual(bandOf([3]), { median: 3, low: 3, high: 3 });
  assert.deepEqual(bandOf([1, 2, Infinity, Infinity]).median, Infinity);
  assert.equal(quantile(Float64Array.of(1, 2, 4), 0.75), 3);
});

test('quantiles never decrease and lie within the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
      (values) => {
        const { low, median, high } = bandOf(values);
        return Math.min(...values) <= low && low <= median && median <= high && high <= Math.max(...values);
      },
    ),
  );
});

test('options of a controller are read from its name', () => {
  assert.deepEqual(contestant('exhaustive:start=2,end=5', space).options, { start: 2, end: 5 });
  assert.deepEqual(contestant('exhaustive:{"start": 3}', space).options, { start: 3 });
  assert.equal(contestant('random', space).label, 'random');
  const mistakes: readonly [string, RegExp][] = [
    ['randon', /unknown controller "randon"/],
    ['exhaustive:strat=2', /no option "strat"/],
    ['exhaustive:start', /"start" in "exhaustive:start" is no option and its value/],
    ['exhaustive:start=2,start=3', /gives "start" twice/],
    ['exhaustive:start=soon', /controller "exhaustive"/],
    ['exhaustive:{"start": 3', /no JSON object/],
    ['exhaustive:start=8', /start 8 leaves nothing/],
  ];
  for (const [written, message] of mistakes) {
    assert.throws(
      () => contestant(written, space),
      (error) =>
        error instanceof ActivationSearchError && error.exitCode === 2 && message.test(error.message),
      written,
    );
  }
});
