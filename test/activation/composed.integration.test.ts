// Needs TensorFlow.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { compileComposed } from '../../src/activation/composed.ts';
import { call, type Expression, parameter, variable } from '../../src/expression/expression.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { operatorFor, operatorNames } from '../../src/expression/operators.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { Random } from '../../src/random.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { liveTensors, releaseConstants } from '../../src/tensorflow.ts';
import { disagreements, run } from './compare.ts';
import { flatPlaceDisagreements } from './flat-places.ts';
import { knownFunctions, randomInputs } from './samples.ts';
import { specialDisagreements } from './special-points.ts';

suite('composed activations', () => {
  after(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  for (const name of operatorNames) {
    test(`the operator ${name} has its value and slope at ordinary and at special points`, () => {
      for (const second of operatorFor(name).arity === 2 ? [0.5, -2, 1, 0] : [0]) {
        const operands = [variable('x'), parameter('beta')].slice(0, operatorFor(name).arity);
        const e = call(name, ...operands);
        assert.deepEqual(specialDisagreements(compileComposed(e), e, second), []);
      }
    });
  }

  test('both operands of a binary operator may depend on x', () => {
    for (const name of operatorNames.filter((operator) => operatorFor(operator).arity === 2)) {
      const e = call(name, parse('exp(beta*x)'), parse('1.5 + sin(x)'));
      assert.deepEqual(checkRandom(e, Random.fromSeed('binary', name)), [], print(e));
    }
  });

  test('every primitive of the shipped spaces agrees with the float64 reference, gradients included', () => {
    const spaces = ['paper', 'extended'].map((name) => loadSearchSpace(name));
    const [unary, binary] = [spaces.flatMap((space) => space.unary), spaces.flatMap((space) => space.binary)];
    const random = Random.fromSeed('primitives');
    const formulas = [...unary, ...binary].map(({ formula }) =>
      formula.replaceAll('x1', '(x + sin(x))').replaceAll('x2', 'tanh(x)'),
    );
    for (const formula of formulas) {
      const e = parse(formula);
      if (!print(e).includes('x')) continue;
      assert.deepEqual(checkRandom(e, random), [], formula);
    }
  });

  test("the paper's comparison functions agree, at large inputs too", () => {
    const random = Random.fromSeed('known functions');
    for (const formula of Object.values(knownFunctions)) {
      for (const size of [0.01, 1, 30]) {
        assert.deepEqual(checkRandom(parse(formula), random, size), [], formula);
      }
    }
  });

  for (const units of [1, 2, 3]) {
    test(`random candidates of ${units} core units agree`, () => {
      const random = Random.fromSeed('random candidates', units);
      let compared = 0;
      for (const { expression, refusal } of sampleCandidates(loadSearchSpace('paper', { units }), 250, 1)) {
        if (refusal) continue;
        compared += 1;
        assert.deepEqual(checkRandom(expression, random), [], print(expression));
      }
      assert.ok(compared > 150, `only ${compared} were compared`);
    });
  }

  test('the comparison notices an error of one part in a thousand', () => {
    const e = parse('x*sigmoid(beta*x)');
    const activation = compileComposed(e);
    const inputs = randomInputs(activation, Random.fromSeed('notice'), 10, 2);
    const right = run(activation, inputs);
    const wrong = (values: Float32Array) => values.map((value) => value * 1.001);
    assert.deepEqual(disagreements(e, inputs, right), []);
    assert.notDeepEqual(disagreements(e, inputs, { ...right, y: wrong(right.y) }), []);
    assert.notDeepEqual(disagreements(e, inputs, { ...right, dx: wrong(right.dx) }), []);
    const dParameters = right.dParameters.map(wrong);
    assert.notDeepEqual(disagreements(e, inputs, { ...right, dParameters }), []);
  });

  test('ties split the slope evenly', () => {
    for (const [formula, slope] of [
      ['max(x, 0)', 0.5],
      ['min(x, 0)', 0.5],
      ['|x|', 0],
      ['max(x, -x)', 0],
      ['max(x, beta*x)', 1],
    ] as const) {
      const activation = compileComposed(parse(formula));
      const inputs = {
        rows: 1,
        channels: 1,
        x: new Float32Array(1),
        dy: Float32Array.of(1),
        parameters: { beta: Float32Array.of(1) },
      };
      assert.equal(run(activation, inputs).dx[0], slope, formula);
    }
  });

  test('where a gradient of 0 meets an infinite slope, or the other way round, the slope is the limit', () => {
    assert.deepEqual(
      flatPlaceDisagreements((formula) => compileComposed(parse(formula))),
      [],
    );
  });

  test('a parameter that occurs twice gets the sum of both gradients', () => {
    const e = parse('beta*x*sigmoid(beta*x) + beta');
    assert.deepEqual(checkRandom(e, Random.fromSeed('twice')), []);
    assert.deepEqual(
      compileComposed(e).parameters.map(({ name }) => name),
      ['beta'],
    );
  });

  test('forms that share a value as one operation keep separate gradients', () => {
    for (const formula of ['x^3 + x^2*x', '-(-x) + x', 'x + 0*x + x', '(x + beta) + (beta + x)']) {
      assert.deepEqual(checkRandom(parse(formula), Random.fromSeed(formula)), [], formula);
    }
  });

  test('a function that is not a function of x is refused', () => {
    assert.throws(() => compileActivation(parse('beta + 1'), 'composed'), /does not depend on x/);
    assert.throws(
      () => compileActivation(call('add', variable('x1'), variable('x2')), 'composed'),
      /function of x/,
    );
  });

  test('known functions take few operations', () => {
    const size = (formula: string) => compileComposed(simplify(parse(formula))).size;
    assert.deepEqual(size(knownFunctions.ReLU), { forward: 1, backward: 4, saved: 1 });
    assert.deepEqual(size(knownFunctions.Swish), { forward: 3, backward: 7, saved: 2 });
  });
});

function checkRandom(expression: Expression, random: Random, size = 2): string[] {
  const activation = compileActivation(expression, 'composed');
  const inputs = randomInputs(activation, random, 13, 3, size);
  return disagreements(simplify(expression), inputs, run(activation, inputs));
}
