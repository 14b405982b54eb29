import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownFunctions } from '../../src/catalog/catalog.ts';
import { describeRecognition, recognize } from '../../src/catalog/recognize.ts';
import { parse, print } from '../../src/expression/notation.ts';

function recognized(formula: string): string {
  const recognition = recognize(parse(formula));
  return recognition ? describeRecognition(recognition) : 'new';
}

test('each function of the catalog is recognized as itself', () => {
  for (const { name, expression, also } of knownFunctions()) {
    for (const spelling of [expression, ...also]) {
      const found = recognize(spelling);
      assert.deepEqual(
        [found?.known.name, found?.kind, found?.atStart],
        [name, 'equal', false],
        print(spelling),
      );
    }
  }
});

test('functions are recognized by what they do, with the kind of match', () => {
  const expected: readonly [string, string][] = [
    ['x/(1 + exp(-x))', 'SiLU'],
    ['x*exp(x)/(1 + exp(x))', 'SiLU'],
    ['x*sigmoid(gamma[0.5]*x)', 'Swish'],
    ['-x*sigmoid(-x)', 'SiLU mirrored: f(-x)'],
    ['min(x, 0)', 'ReLU mirrored: -f(-x)'],
    ['-max(x, 0)', 'ReLU mirrored: -f(x)'],
    ['3*max(x, 0)', 'ReLU scaled: 3*f(x)'],
    ['2*x*sigmoid(3*x)', 'SiLU scaled: 0.666667*f(3*x)'],
    ['x*erfc(-x/sqrt(2))', 'GELU scaled: 2*f(x)'],
    ['sigmoid(2*x) - sigmoid(-2*x)', 'Tanh'],
    ['2*sigmoid(x) - 1', 'Tanh scaled: f(0.5*x)'],
    ['sin(7.3*x)', 'Sine scaled: f(7.3*x)'],
    ['erf(1.234567890123*x)', 'Error function scaled: f(1.23457*x)'],
    ['max(x, 0) + 0.3*expm1(min(x, 0))', 'Parametric ELU scale with alpha = 0.3'],
    ['max(x, 0.2*x)', 'PReLU with alpha = 0.2'],
    ['beta*max(x, 0)', 'ReLU, with parameters at their initial values'],
    ['1/(1 + |x|)', 'new'],
    ['x*cos(x) + 0.1', 'new'],
    ['min(max(x, 0), 4000)', 'new'],
    ['max(x, 0) + 1e-4*sin(x)', 'new'],
  ];
  for (const [formula, wanted] of expected) assert.equal(recognized(formula), wanted, formula);
});

test('without scales only equal and mirrored functions are looked for', () => {
  assert.equal(recognize(parse('2*x*sigmoid(3*x)'), { scales: false }), undefined);
  assert.equal(recognize(parse('min(x, 0)'), { scales: false })?.kind, 'mirrored');
});
