import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parse, print } from '../../src/expression/notation.ts';
import { Random } from '../../src/random.ts';
import {
  areTokens,
  describeTokens,
  enumerateTokens,
  indexOfTokens,
  loadSearchSpace,
  neighbors,
  restoreSpace,
  sampleTokens,
  storeSpace,
  tokensAt,
  tokensToExpression,
} from '../../src/search-space/search-space.ts';

const small = loadSearchSpace('small');
const spaces = [1, 2, 3].flatMap((units) => [
  loadSearchSpace('paper', { units }),
  loadSearchSpace('small', { units }),
  loadSearchSpace('extended', { units }),
]);

/** Tokens of `space` by the primitives' names: [input 1, input 2, unary 1, unary 2, binary] a unit. */
function tokensOf(
  space: ReturnType<typeof loadSearchSpace>,
  ...units: [number, number, string, string, string][]
): number[] {
  const at = (list: readonly { name: string }[], name: string): number => {
    const index = list.findIndex((primitive) => primitive.name === name);
    assert.notEqual(index, -1, `${name} is in ${space.name}`);
    return index;
  };
  return units.flatMap(([input1, input2, unary1, unary2, binary]) => [
    input1,
    input2,
    at(space.unary, unary1),
    at(space.unary, unary2),
    at(space.binary, binary),
  ]);
}

suite('token sequences', () => {
  test('count as in the paper: 6,250, 1.56e8 and 8.8e12 strings for one, two and three core units', () => {
    const sizes = [1, 2, 3].map((units) => loadSearchSpace('paper', { units }).size);
    assert.deepEqual(sizes, [6_250n, 6_250n * 25_000n, 6_250n * 25_000n * 56_250n]);
  });

  test('have five positions a unit, whose inputs are x or the output of an earlier unit', () => {
    const space = loadSearchSpace('paper', { units: 3 });
    assert.deepEqual(space.tokenCounts, [1, 1, 25, 25, 10, 2, 2, 25, 25, 10, 3, 3, 25, 25, 10]);
  });

  test('and their numbers are one to one, however large the space is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...spaces), fc.bigInt({ min: 0n, max: 2n ** 64n }), (space, number) => {
        const index = number % space.size;
        const tokens = tokensAt(space, index);
        assert.ok(areTokens(space, tokens));
        assert.equal(indexOfTokens(space, tokens), index);
      }),
    );
  });

  test('refuse numbers and tokens that are not of the space', () => {
    assert.throws(() => tokensAt(small, small.size), RangeError);
    assert.throws(() => tokensAt(small, -1), RangeError);
    for (const bad of [
      [],
      [0, 0, 0, 0],
      [0, 0, 0, 0, 3],
      [0, 0, 0.5, 0, 0],
      [0, 0, Number.NaN, 0, 0],
      [1, 0, 0, 0, 0],
    ]) {
      assert.throws(() => indexOfTokens(small, bad), RangeError);
      assert.throws(() => tokensToExpression(small, bad), RangeError);
      assert.throws(() => neighbors(small, bad), RangeError);
    }
  });

  test('are enumerated in the order of their numbers, from any number on', () => {
    const all = [...enumerateTokens(small)];
    assert.equal(all.length, 108);
    all.forEach((tokens, index) => {
      assert.deepEqual(tokens, tokensAt(small, index));
    });
    assert.deepEqual([...enumerateTokens(small, 100)], all.slice(100));
    assert.deepEqual([...enumerateTokens(small, 108n)], []);
    const large = loadSearchSpace('paper', { units: 3 });
    const [last, ...none] = enumerateTokens(large, large.size - 1n);
    assert.deepEqual(
      last,
      large.tokenCounts.map((count) => count - 1),
    );
    assert.deepEqual(none, []);
  });

  test('are sampled uniformly and reproducibly', () => {
    const draw = (seed: number): string[] => {
      const random = Random.fromSeed(seed);
      return Array.from({ length: 10_800 }, () => sampleTokens(small, random).join());
    };
    const drawn = draw(1);
    assert.deepEqual(drawn, draw(1));
    assert.notDeepEqual(drawn, draw(2));
    const counts = new Map<string, number>();
    for (const key of drawn) counts.set(key, (counts.get(key) ?? 0) + 1);
    assert.equal(counts.size, 108);
    // Chi-square with 107 degrees of freedom: 99.99% of uniform samples stay below 168.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    assert.ok(chiSquare < 168, `${chiSquare}`);
  });

  test('have as neighbors all sequences that differ in exactly one token, each once', () => {
    const space = loadSearchSpace('paper', { units: 2 });
    const tokens = sampleTokens(space, Random.fromSeed(3));
    const near = neighbors(space, tokens);
    assert.equal(
      near.length,
      space.tokenCounts.reduce((sum, count) => sum + count - 1, 0),
    );
    assert.equal(new Set(near.map((other) => other.join())).size, near.length);
    for (const other of near) {
      assert.equal(other.filter((token, position) => token !== tokens[position]).length, 1);
    }
  });

  test('are described unit by unit', () => {
    const space = loadSearchSpace('paper', { units: 2 });
    const tokens = tokensOf(space, [0, 0, 'x', 'beta*x', 'x1 + x2'], [1, 0, 'tanh(x)', '|x|', 'max(x1, x2)']);
    assert.equal(
      describeTokens(space, tokens),
      'unit 1: x1 + x2 with x1 = x of x, x2 = beta*x of x\n' +
        'unit 2: max(x1, x2) with x1 = tanh(x) of unit 1, x2 = |x| of x',
    );
  });
});

suite('composition', () => {
  test('renames the parameters of different primitives apart', () => {
    const space = loadSearchSpace('paper');
    const tokens = tokensOf(space, [0, 0, 'beta*x', 'x + beta', 'beta*x1 + (1 - beta)*x2']);
    const expected = 'beta3[0.5]*(beta*x) + (1 - beta3[0.5])*(x + beta2[0])';
    assert.equal(print(tokensToExpression(space, tokens)), expected);
  });

  test('keeps one set of parameters for a unit whose output is used twice', () => {
    const space = loadSearchSpace('paper', { units: 2 });
    const tokens = tokensOf(space, [0, 0, 'beta*x', 'x', 'x1 + x2'], [1, 1, 'sin(x)', 'beta*x', 'x1 * x2']);
    assert.equal(print(tokensToExpression(space, tokens)), 'sin(beta*x + x)*(beta2*(beta*x + x))');
  });

  test('gives the last unit as the candidate, also where it uses no other', () => {
    const space = loadSearchSpace('small', { units: 2 });
    const tokens = tokensOf(
      space,
      [0, 0, 'tanh(x)', 'x', 'x1 + x2'],
      [0, 0, 'beta*x', 'x', 'sigmoid(x1) * x2'],
    );
    assert.equal(print(tokensToExpression(space, tokens)), print(parse('sigmoid(beta*x)*x')));
  });

  test('takes the parameter names of a space as they are, whatever their digits', () => {
    const tokens = tokensOf(small, [0, 0, 'beta*x', 'beta*x', 'x1 * x2']);
    assert.equal(print(tokensToExpression(small, tokens)), 'beta*x*(beta2*x)');
  });
});

suite('a stored space', () => {
  test('comes back from JSON as the same space', () => {
    for (const space of spaces) {
      const restored = restoreSpace(JSON.parse(JSON.stringify(storeSpace(space))));
      assert.deepEqual(restored, space);
    }
  });
});
