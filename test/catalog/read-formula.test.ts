import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFormula } from '../../src/catalog/read-formula.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { sameFunction } from '../../src/expression/fingerprint.ts';
import { parse, print } from '../../src/expression/notation.ts';

const gelu = '0.5*x*(1 + erf(x/sqrt(2)))';
const geluByTanh = '0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))';

/** What frameworks mean, in our notation. */
const understood: readonly (readonly [given: string, meant: string])[] = [
  ['torch.sigmoid(x) * x', 'sigmoid(x)*x'],
  ['F.softplus(x)', 'softplus(x)'],
  ['F.softplus(x, beta=2)', 'softplus(2*x)/2'],
  ['torch.nn.functional.gelu(x)', gelu],
  ["F.gelu(x, approximate='tanh')", geluByTanh],
  ['nn.GELU()(x)', gelu],
  ["nn.GELU(approximate='tanh')(x)", geluByTanh],
  ['jax.nn.gelu(x)', geluByTanh],
  ['nn.gelu(x)', geluByTanh],
  ['jax.nn.gelu(x, approximate=False)', gelu],
  ['tf.nn.gelu(x)', gelu],
  ['keras.activations.gelu(x, approximate=True)', geluByTanh],
  ['keras.activations.gelu(x)', gelu],
  ['keras.ops.gelu(x)', geluByTanh],
  ['ops.gelu(x, approximate=False)', gelu],
  ['ops.leaky_relu(x)', 'max(x, 0.2*x)'],
  ['torch.max(input=x, other=0)', 'max(x, 0)'],
  ['np.tanh(x)', 'tanh(x)'],
  ['np.sinc(x)', 'sinc(pi*x)'],
  ['torch.sinc(x)', 'sinc(pi*x)'],
  ['sympy.sinc(x)', 'sinc(x)'],
  ['x*tanh(log(1+exp(x)))', 'x*tanh(log(1 + exp(x)))'],
  ['Max(0, x)', 'max(0, x)'],
  ['Max(0, x, sin(x))', 'max(max(0, x), sin(x))'],
  ['Abs(x)', '|x|'],
  ['x**2', 'x^2'],
  ['x**0.5', 'x^0.5'],
  ['-x**2', '-x^2'],
  ['e^x', 'exp(x)'],
  ['np.e**(-x)', 'exp(-x)'],
  ['math.pi*x', 'pi*x'],
  ['torch.where(x > 0, x, 0.01*x)', 'max(x, 0) + 0.01*min(x, 0)'],
  ['np.where(x <= 1, x, 1)', 'min(x, 1)'],
  ['Piecewise((x, x > 0), (0.01*x, True))', 'max(x, 0.01*x)'],
  ['Piecewise((1, x > 1), (-1, x < -1), (x, True))', 'min(max(x, -1), 1)'],
  ['jnp.where(x > 0, x, jnp.expm1(x))', 'max(x, 0) + expm1(min(x, 0))'],
  ['F.leaky_relu(x, 0.2)', 'max(x, 0.2*x)'],
  ['F.leaky_relu(x)', 'max(x, 0.01*x)'],
  ['tf.nn.leaky_relu(x)', 'max(x, 0.2*x)'],
  ['nn.LeakyReLU(negative_slope=0.3)(x)', 'max(x, 0.3*x)'],
  ['nn.ReLU(inplace=True)(x)', 'max(x, 0)'],
  ['F.elu(x, alpha=0.5)', 'max(x, 0) + 0.5*expm1(min(x, 0))'],
  ['F.selu(x)', '1.0507009873554805*(max(x, 0) + 1.6732632423543772*expm1(min(x, 0)))'],
  ['torch.clamp(x, min=-1, max=1)', 'min(max(x, -1), 1)'],
  ['x.clamp(-1, 1)', 'min(max(x, -1), 1)'],
  ['torch.clamp(x, min=0)', 'max(x, 0)'],
  ['torch.clamp(x, max=6)', 'min(x, 6)'],
  ['np.clip(x, 0, None)', 'max(x, 0)'],
  ['jnp.clip(x, None, 6)', 'min(x, 6)'],
  ['x.sigmoid()*x', 'sigmoid(x)*x'],
  ['x * x.tanh()', 'x*tanh(x)'],
  ['F.hardswish(x)', 'x*min(max(x/6 + 0.5, 0), 1)'],
  ['F.relu6(x + 3)/6', 'min(max(x + 3, 0), 6)/6'],
  ['np.logaddexp(x, 0)', 'softplus(x)'],
  ['np.logaddexp(sin(x), -exp(x))', 'log(exp(sin(x)) + exp(-exp(x)))'],
  ['np.maximum(x, 0)', 'max(x, 0)'],
  ['np.power(x, 2)', 'x^2'],
  ['np.maximum(tanh(x), x)', 'max(tanh(x), x)'],
  ['torch.mul(torch.sigmoid(x), x)', 'x*sigmoid(x)'],
  ['torch.clamp(sin(x), min(x, 0), x^2)', 'min(max(sin(x), min(x, 0)), x^2)'],
  ['F.leaky_relu(beta*x, beta)', 'max(beta*x, 0) + beta*min(beta*x, 0)'],
  ['Heaviside(x)', 'step(x)'],
  ['σ(x)', 'sigmoid(x)'],
  ['sgn(x)', 'sign(x)'],
  ['ReLU(x)', 'max(x, 0)'],
  ['GELU(x)', gelu],
  ['leaky_relu(x)', 'max(x, 0.01*x)'],
  ['hardswish(x)', 'x*min(max(x/6 + 0.5, 0), 1)'],
  ['log10(x + 10)', 'log(x + 10)/log(10)'],
  ['swish(x)', 'x*sigmoid(x)'],
  ['Mish(2*x)', '2*x*tanh(softplus(2*x))'],
  ['PReLU(x)', 'max(x, 0) + alpha[0.25]*min(x, 0)'],
  ['alpha[0.5]*relu(x)', 'alpha[0.5]*max(x, 0)'],
];

test('formulas of other languages mean what they mean there', () => {
  for (const [given, meant] of understood) {
    const [read, wanted] = [readFormula(given), parse(meant)];
    assert.ok(sameFunction(read, wanted), `${given} became ${print(read)}`);
    assert.ok(sameFunction(parse(print(read)), wanted), 'what is printed is our notation');
    for (const x of [-3.3, -0.4, 0.7, 2.9]) {
      const [a, b] = [evaluate(read, { x }), evaluate(wanted, { x })];
      assert.ok(
        Object.is(a, b) || Math.abs(a - b) <= 1e-14 * Math.max(1, Math.abs(b)),
        `${given} at ${x}: ${a}, ${b}`,
      );
    }
  }
});

test('where both sides of a condition meet, the value there is theirs, and infinity on the other side does not matter', () => {
  const elu = readFormula('torch.where(x > 0, x, torch.exp(x) - 1)');
  assert.deepEqual(
    [0, 800, -800].map((x) => evaluate(elu, { x })),
    [0, 800, -1],
  );
});

test('what is ours stays ours', () => {
  for (const text of [
    'x*sigmoid(beta*x)',
    'sigma*x',
    'exp(1)^x',
    'max(x, 0) + alpha[0.25]*min(x, 0)',
    'mean*x',
  ]) {
    assert.equal(print(readFormula(text)), print(parse(text)), text);
  }
});

const refused: readonly (readonly [text: string, column: number, message: RegExp, hint: RegExp])[] = [
  ['x*torch.softmax(x)', 3, /torch\.softmax mixes channels/, /formula of x/],
  ['F.rrelu(x)', 1, /is random/, /./],
  ['x*foo.bar(x)', 3, /"foo" is no module/, /torch, jax, np/],
  ['torch.wobble(x)', 1, /torch\.wobble is not understood/, /what it does/],
  ['F.leaky_relu(x, slop=0.1)', 17, /no argument "slop"/, /x, alpha/],
  ['np.max(x, axis=0)', 11, /np\.max takes no argument "axis"/, /value by value/],
  ['x*torch.max(x, dim=1)', 16, /torch\.max takes no argument "dim"/, /value by value/],
  ['F.relu(x, 2)', 11, /one argument less/, /x/],
  ['torch.clamp(x)', 1, /lacks low and high/, /clamp/],
  ['torch.clamp(x, None)', 1, /lacks low and high/, /clamp/],
  ['tf.clip_by_value(x, 1)', 1, /lacks the argument high/, /clip_by_value/],
  ['toString*x', 1, /toString cannot name a parameter/, /another name/],
  ['constructor*x', 1, /constructor cannot name a parameter/, /another name/],
  ['np.constructor*x', 1, /np\.constructor cannot name a parameter/, /./],
  ['constructor(x)', 1, /unknown function "constructor"/, /./],
  ['x.valueOf()', 1, /x\.valueOf is not understood/, /what it does/],
  ["F.gelu(x, 'constructor')", 11, /approximate is "tanh" or "none"/, /default/],
  ['relu(constructor)', 6, /constructor cannot name a parameter/, /another name/],
  ['nn.ReLU()', 1, /lacks its operand/, /nn\.ReLU\(\)\(x\)/],
  ['torch.where(x, x, 0)', 13, /condition is missing/, /x > 0/],
  ['torch.where(x == 0, 1, x)', 13, /"==" is not understood/, /> and </],
  ['Piecewise((x, x > 0))', 1, /True/, /Piecewise/],
  ['x > 0', 3, /">" cannot stand here/, /where\(x > 0/],
  ['y = x', 3, /"="/, /right-hand side/],
  ["F.gelu(x, approximate='maybe')", 11, /approximate is "tanh" or "none"/, /default/],
  ['x*relu', 3, /without an operand/, /relu\(x\)/],
  ['x*sigmod(x)', 3, /unknown function "sigmod"/, /"sigmoid"/],
  ['x(2)', 1, /unknown function "x"/, /x\*\(/],
];

test('what is not understood is named with its column', () => {
  for (const [text, column, message, hint] of refused) {
    assert.throws(
      () => readFormula(text),
      (error) => {
        assert.ok(error instanceof ActivationSearchError, `${text}: ${error}`);
        assert.match(error.message, message, text);
        assert.match(error.hint ?? '', hint, text);
        assert.equal(error.place?.column, column, text);
        return true;
      },
    );
  }
});
