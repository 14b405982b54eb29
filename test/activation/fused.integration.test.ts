// Needs TensorFlow and the fused kernel's addon.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { compileFused } from '../../src/activation/fused.ts';
import { fusedAddon } from '../../src/activation/fused-addon.ts';
import { programLayout } from '../../src/activation/program-format.ts';
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

const addon = fusedAddon();

test("the compiler's instructions are the interpreter's", () => {
  assert.equal(addon.layout(), programLayout);
});

test('programs are compiled when a layer first asks for their form', () => {
  const terms = Array.from({ length: 65 }, (_, index) => `p${index}*sin(${index}*x)`);
  const activation = compileFused(parse(terms.join(' + ')));
  assert.equal(activation.parameters.length, 65);
  assert.throws(() => activation.pair('plain'), /room for 256 and 64/);
});

for (const instructionSet of addon.instructionSets()) {
  suite(`fused activations with ${instructionSet}`, () => {
    assert.ok(addon.chooseInstructionSet(instructionSet));
    after(() => {
      addon.chooseInstructionSet(addon.instructionSets()[0] as string);
      releaseConstants();
      assert.equal(liveTensors(), 0, 'tensors are left over');
    });

    test('the native kernel is really used', () => {
      addon.chooseInstructionSet(instructionSet);
      assert.equal(addon.instructionSet(), instructionSet);
      const before = addon.calls().program;
      assert.deepEqual(checkRandom(parse('x*sigmoid(beta*x)'), Random.fromSeed('used')), []);
      assert.equal(addon.calls().program, before + 2);
    });

    for (const name of operatorNames) {
      test(`the operator ${name} has its value and slope at ordinary and at special points`, () => {
        for (const second of operatorFor(name).arity === 2 ? [0.5, -2, 1, 0] : [0]) {
          const operands = [variable('x'), parameter('beta')].slice(0, operatorFor(name).arity);
          const e = call(name, ...operands);
          assert.deepEqual(specialDisagreements(compileFused(e), e, second), []);
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
      const random = Random.fromSeed('primitives');
      for (const space of ['paper', 'extended']) {
        const { unary, binary } = loadSearchSpace(space);
        for (const { formula } of [...unary, ...binary]) {
          const e = parse(formula.replaceAll('x1', '(x + sin(x))').replaceAll('x2', 'tanh(x)'));
          if (!print(e).includes('x')) continue;
          assert.deepEqual(checkRandom(e, random), [], formula);
        }
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
        // All of 2,000 on the fastest set; the others share everything but the compiler's flags with it.
        const count = instructionSet === addon.instructionSets()[0] ? 1000 : 60;
        for (const { expression, refusal } of sampleCandidates(
          loadSearchSpace('paper', { units }),
          count,
          1,
        )) {
          if (refusal) continue;
          compared += 1;
          assert.deepEqual(checkRandom(expression, random), [], print(expression));
        }
        assert.ok(compared > count / 2, `only ${compared} were compared`);
      });
    }

    test('where a gradient of 0 meets an infinite slope, or the other way round, the slope is the limit', () => {
      assert.deepEqual(
        flatPlaceDisagreements((formula) => compileFused(parse(formula))),
        [],
      );
    });

    test('every number of channels from 1 to 130, and larger ones, gives what one channel gives', () => {
      const activation = compileFused(parse('x*sigmoid(beta*x) + alpha*exp(-x^2)'));
      const random = Random.fromSeed('channels');
      for (const channels of [
        ...Array.from({ length: 130 }, (_, index) => index + 1),
        511,
        512,
        513,
        784,
        1500,
      ]) {
        for (const rows of [1, 7, 150]) {
          if (rows * channels > 40_000) continue;
          const inputs = randomInputs(activation, random, rows, channels);
          const outputs = run(activation, inputs);
          const e = parse('x*sigmoid(beta*x) + alpha*exp(-x^2)');
          assert.deepEqual(disagreements(e, inputs, outputs), [], `${rows} x ${channels}`);
        }
      }
    });
  });
}

function checkRandom(expression: Expression, random: Random, size = 2): string[] {
  const activation = compileActivation(expression, 'fused');
  const inputs = randomInputs(activation, random, 13, 3, size);
  return disagreements(simplify(expression), inputs, run(activation, inputs));
}
