import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../../src/expression/evaluate.ts';
import { FunctionIndex, sameAtInitialOne, sameFunction } from '../../src/expression/fingerprint.ts';
import { parse } from '../../src/expression/notation.ts';
import { parametersOf } from '../../src/expression/parameters.ts';
import { refuse } from '../../src/expression/refusal.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { Random } from '../../src/random.ts';
import { countSpace, type SpaceCount } from '../../src/search-space/count.ts';
import {
  createSearchSpace,
  describeTokens,
  enumerateTokens,
  loadSearchSpace,
  type SearchSpace,
  tokensToExpression,
} from '../../src/search-space/search-space.ts';

const paper = loadSearchSpace('paper');

function exact(count: SpaceCount): Record<string, number> {
  const reasons = Object.entries(count.refusedByReason).map(([code, { value }]) => [code, value]);
  return { refused: count.refused.value, distinct: count.distinct.value, ...Object.fromEntries(reasons) };
}

/** Every string by itself, as the search would judge them one after the other. */
function countOneByOne(space: SearchSpace): Record<string, number> {
  const counts: Record<string, number> = { refused: 0, distinct: 0 };
  const index = new FunctionIndex();
  for (const tokens of enumerateTokens(space)) {
    const expression = simplify(tokensToExpression(space, tokens));
    const code = refuse(expression)?.code;
    if (code !== undefined) {
      counts.refused = (counts.refused ?? 0) + 1;
      counts[code] = (counts[code] ?? 0) + 1;
    } else if (index.find(expression) === undefined) {
      index.add(expression, index.size);
      counts.distinct = (counts.distinct ?? 0) + 1;
    }
  }
  return counts;
}

suite("the paper's space", () => {
  test('has exactly the 25 unary and 10 binary primitives of the paper', () => {
    assert.deepEqual(
      paper.unary.map(({ name }) => name),
      [
        ...['x', '-x', '|x|', 'x^2', 'x^3', 'sqrt(x)', 'beta*x', 'x + beta', 'log(|x| + eps)', 'exp(x)'],
        ...['sin(x)', 'cos(x)', 'sinh(x)', 'cosh(x)', 'tanh(x)', 'asinh(x)', 'atan(x)', 'sinc(x)'],
        ...['max(x, 0)', 'min(x, 0)', 'sigmoid(x)', 'log(1 + exp(x))', 'exp(-x^2)', 'erf(x)', 'beta'],
      ],
    );
    assert.deepEqual(
      paper.binary.map(({ name }) => name),
      [
        ...['x1 + x2', 'x1 * x2', 'x1 - x2', 'x1 / (x2 + eps)', 'max(x1, x2)', 'min(x1, x2)'],
        ...['sigmoid(x1) * x2', 'exp(-beta*(x1 - x2)^2)', 'exp(-beta*|x1 - x2|)', 'beta*x1 + (1 - beta)*x2'],
      ],
    );
  });

  test('states with a reason where each parameter starts', () => {
    for (const { name, expression, note } of [...paper.unary, ...paper.binary]) {
      const [parameter] = parametersOf(expression);
      if (parameter) assert.ok(note.includes(`beta starts at ${parameter.initial}`), name);
    }
  });

  test('has, on 200 points of N(0, 4) clipped to ±5 and every parameter at 1, 490 strings that are not finite, all through the square root, and 2,844 different functions', () => {
    const random = Random.fromSeed('points');
    const x = Float64Array.from({ length: 200 }, () => Math.min(5, Math.max(-5, 2 * random.normal())));
    const root = paper.unary.findIndex(({ name }) => name === 'sqrt(x)');
    const functions = new Set<string>();
    const notFinite: boolean[] = [];
    for (const tokens of enumerateTokens(paper)) {
      const expression = tokensToExpression(paper, tokens);
      const ones = Object.fromEntries(parametersOf(expression).map(({ name }) => [name, 1]));
      const values = compile(expression)(x, ones);
      const key = Array.from(values, (value) => (Math.abs(value) < 1e-9 ? '0' : value.toPrecision(8))).join();
      if (values.every(Number.isFinite)) functions.add(key);
      else notFinite.push(tokens[2] === root || tokens[3] === root);
    }
    assert.deepEqual(notFinite, new Array(490).fill(true));
    assert.equal(functions.size, 2844);
  });

  test('is counted: 6,250 strings, 1,204 refused, 3,197 different functions to train', () => {
    const count = countSpace(paper);
    assert.equal(count.strings, 6250n);
    assert.equal(count.sampled, undefined);
    assert.deepEqual(exact(count), {
      'not-finite': 490,
      'too-steep': 455,
      affine: 130,
      constant: 129,
      refused: 1204,
      distinct: 3197,
    });
  });

  test('holds Swish once with its trainable beta, and eight times once every beta is 1', () => {
    const swish = parse('x*sigmoid(beta*x)');
    const which = (same: typeof sameFunction): string[] =>
      [...enumerateTokens(paper)]
        .filter((tokens) => same(tokensToExpression(paper, tokens), swish))
        .map((tokens) => describeTokens(paper, tokens));
    assert.deepEqual(which(sameFunction), ['unit 1: sigmoid(x1) * x2 with x1 = beta*x of x, x2 = x of x']);
    assert.equal(which(sameAtInitialOne).length, 8);
  });
});

suite('counting', () => {
  test('gives what judging one string after the other gives', () => {
    const small = loadSearchSpace('small');
    assert.deepEqual(exact(countSpace(small)), countOneByOne(small));
  });

  test('estimates the refused of a sample so that the true figure lies within the interval, for nearly every seed', () => {
    let held = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { refused, sampled } = countSpace(paper, { sample: 400, seed });
      assert.equal(sampled, 400);
      if (refused.low <= 1204 && 1204 <= refused.high) held++;
    }
    assert.ok(held >= 16, `${held} of 20`);
  });

  test('estimates no more distinct functions than there are', () => {
    const { distinct } = countSpace(paper, { sample: 3000, seed: 1 });
    assert.ok(distinct.low <= 3197 && distinct.value > 1000, `${distinct.value}`);
  });

  test('of a sample is reproducible and depends on the seed', () => {
    const large = loadSearchSpace('paper', { units: 3 });
    const first = countSpace(large, { sample: 200, seed: 1 });
    assert.deepEqual(countSpace(large, { sample: 200, seed: 1 }), first);
    assert.notDeepEqual(countSpace(large, { sample: 200, seed: 2 }), first);
    assert.equal(first.strings, large.size);
  });

  test('looks at all strings where the sample would be larger', () => {
    assert.equal(countSpace(loadSearchSpace('small'), { sample: 108 }).sampled, undefined);
  });

  test('tells its progress up to the end', () => {
    const shares: number[] = [];
    countSpace(loadSearchSpace('small'), { onProgress: (share) => shares.push(share) });
    assert.ok(shares.length > 10);
    assert.ok(shares.every((share, index) => share > 0 && share <= 1 && share > (shares[index - 1] ?? 0)));
  });

  test('knows symmetric primitives with parameters and lists them once', () => {
    const only = (name: string) => paper.binary.filter((primitive) => primitive.name === name);
    for (const { name } of paper.binary) {
      const space = createSearchSpace({ ...paper, unary: paper.unary.slice(5, 9), binary: only(name) });
      assert.deepEqual(exact(countSpace(space)), { ...countOneByOne(space) }, name);
    }
  });
});
