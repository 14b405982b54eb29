import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neutralUnits, type UnitPrimitives } from '../../src/controllers/neutral.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { loadSearchSpace, type SearchSpace } from '../../src/search-space/search-space.ts';

/** Names of a unit's primitives. */
function written({ unary, binary }: SearchSpace, [first, second, both]: UnitPrimitives): string {
  return [unary[first], unary[second], binary[both]].map((one) => one?.name).join(' | ');
}

function valueAt({ unary, binary }: SearchSpace, [first, second, both]: UnitPrimitives, x: number): number {
  const of = (primitives: SearchSpace['unary'], place: number) =>
    (primitives[place] as SearchSpace['unary'][number]).expression;
  const [x1, x2] = [first, second].map((place) => evaluate(of(unary, place), { x })) as [number, number];
  return evaluate(of(binary, both), { x1, x2 });
}

test('every neutral unit of the paper space is x itself, with parameters at their initial values', () => {
  const space = loadSearchSpace('paper');
  const units = neutralUnits(space);
  for (const unit of units) {
    for (const x of [-3.9, -0.7, 0.01, 1.3, 4]) {
      const value = valueAt(space, unit, x);
      assert.ok(Math.abs(value - x) < 1e-12, `${written(space, unit)} is ${value} at ${x}`);
    }
  }
  const names = units.map((unit) => written(space, unit));
  for (const known of ['x | x | max(x1, x2)', 'x | beta | x1 * x2', 'max(x, 0) | min(x, 0) | x1 + x2']) {
    assert.ok(names.includes(known), known);
  }
});

test('a space without any has the one unit that comes nearest to x', () => {
  const space = loadSearchSpace('small');
  assert.deepEqual(
    neutralUnits(space).map((unit) => written(space, unit)),
    ['x | gaussian | x1 + x2'],
  );
});
