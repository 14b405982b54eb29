import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../src/expression/evaluate.ts';
import { call, variable } from '../../src/expression/expression.ts';
import { evaluateWide } from '../../src/expression/high-precision.ts';
import { parse } from '../../src/expression/notation.ts';
import { operatorFor, operatorNames } from '../../src/expression/operators.ts';

/** Values of mpmath with 40 digits. */
const known: readonly (readonly [string, string, string])[] = [
  ['erf(x)', '0.3', '0.328626759459127427638914'],
  ['erf(x)', '6.5', '0.9999999999999999999615785'],
  ['erfc(x)', '0.3', '0.671373240540872572361086'],
  ['erfc(x)', '6.9', '1.703604192965690510854268e-22'],
  ['erfc(x)', '7.1', '1.007340252085838775128871e-23'],
  ['erfc(x)', '-8', '2'],
  ['erfc(x)', '25', '8.300172571196522752044013e-274'],
  ['exp(-x)*sigmoid(x)', '-1e12', '1'],
  ['exp(-x)*sigmoid(x)', '2', '0.1192029220221175559402709'],
  ['x*(sqrt(x^2 + 1) - x)', '1e12', '0.499999999999999999999999875'],
  ['asinh(asinh(x))', '-1e12', '-4.037174098858505974302121'],
  ['tanh(x)', '0.1', '0.09966799462495581711830508'],
  ['softplus(x)*exp(-x)', '-40', '0.9999999999999999978758229'],
  ['softplus(x)*exp(-x)', '3', '0.1517802268982071665607582'],
  ['sinc(x)', '2.5', '0.2393888576415825976207419'],
  ['dsinc(x)', '2.5', '-0.4162129892754065249816979'],
  ['expm1(x)', '0.001', '0.001000500166708341668055754'],
  ['atan(x)^1.5 + sinh(x) - cosh(x)', '2', '1.029619159936998529451856'],
];

test('values have the digits of mpmath', () => {
  for (const [formula, x, value] of known) {
    const got = evaluateWide(parse(formula), x);
    const error = got.minus(value).abs().div(got.abs());
    assert.ok(error.lt(1e-23), `${formula} at ${x}: ${got.toPrecision(25)}, not ${value}`);
  }
});

test('every operator agrees with its value in float64', () => {
  for (const name of operatorNames) {
    const x = variable('x');
    const expression = operatorFor(name).arity === 1 ? call(name, x) : call(name, x, call('sin', x));
    for (const at of [-7.3, -1.2, -0.4, 0, 1e-9, 0.6, 3.1, 9.4]) {
      const [wide, usual] = [evaluateWide(expression, at).toNumber(), evaluate(expression, { x: at })];
      if (Number.isNaN(usual)) assert.ok(Number.isNaN(wide), `${name} at ${at}`);
      else if (!Number.isFinite(usual))
        assert.equal(Math.abs(wide), Number.POSITIVE_INFINITY, `${name} at ${at}`);
      else
        assert.ok(
          Math.abs(wide - usual) <= 1e-13 * Math.max(1, Math.abs(usual)),
          `${name} at ${at}: ${wide}, ${usual}`,
        );
    }
  }
});
