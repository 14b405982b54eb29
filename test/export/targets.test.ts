import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { exportFunction, targetNames, targets } from '../../src/export/targets.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { call, type Expression, number, parameter, variable } from '../../src/expression/expression.ts';
import { parse } from '../../src/expression/notation.ts';
import { type OperatorName, operatorFor, operatorNames } from '../../src/expression/operators.ts';
import { goldenContent, goldenFile, goldenNames, textTargets } from './golden.ts';

const anyFunction = { name: 'Probe', notes: ['A note.'] };

function everyOperator(): readonly Expression[] {
  return operatorNames.map((name) =>
    call(name, ...[variable('x'), parameter('beta', 0.75)].slice(0, operatorFor(name).arity)),
  );
}

suite('every target', () => {
  for (const target of targetNames) {
    test(`${target} writes every operator, and a formula that none simplifies`, () => {
      for (const expression of [...everyOperator(), parse('beta'), parse('max(2, x)^x - 1e-20*x')]) {
        const content = exportFunction({ ...anyFunction, expression }, target);
        assert.ok(content.length > 0);
        if (typeof content === 'string') assert.doesNotMatch(content, /undefined|\$[abAB]|NaN|\[object/);
      }
    });

    test(`${target} says formula and notes, and ends in a line end if it is text`, () => {
      const content = exportFunction({ ...anyFunction, expression: parse('x*sigmoid(beta*x)') }, target);
      const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
      for (const part of ['x*sigmoid(beta*x)', 'Probe', 'A note.']) assert.ok(text.includes(part), part);
      if (typeof content === 'string') assert.match(content, /[^\n]\n$/);
    });

    test(`${target} refuses a constant part that is not finite`, () => {
      if (target === 'latex' || target === 'sympy') return;
      const request = { ...anyFunction, expression: parse('x + log(0)') };
      assert.throws(() => exportFunction(request, target), { code: 'formula' });
    });
  }

  test('files of one target end alike, and none is called as another', () => {
    for (const target of targetNames) assert.match(targets[target].ending, /^\.[a-z]+$/);
  });
});

test('code is as reviewed, character for character', () => {
  for (const name of goldenNames) {
    for (const target of textTargets) {
      const file = goldenFile(name, target);
      assert.equal(goldenContent(name, target), readFileSync(file, 'utf8'), file);
    }
  }
});

test('whole numbers that no int32 holds are floats in Python: JAX refuses them as they are', () => {
  for (const target of ['pytorch', 'jax', 'flax', 'keras'] as const) {
    const code = String(
      exportFunction({ ...anyFunction, expression: parse('sinc(x) + 5000000000*sin(x)') }, target),
    );
    assert.match(code, /5000000000\.0/, target);
    // A quotient of two literals is a float before the framework sees it.
    const whole = code.replaceAll(/"""[\s\S]*?"""/g, '').match(/(?<![\w.]|1 \/ )\d{10,}(?![\d.])/g);
    assert.equal(whole, null, target);
  }
});

test('the own kernel of a framework is taken where the function is one, and only there', () => {
  const torch = (formula: string) =>
    exportFunction({ ...anyFunction, expression: parse(formula) }, 'pytorch');
  assert.match(String(torch('x/(1 + exp(-x))')), /F\.silu\(x\)/);
  assert.match(String(torch('x*(1 + erf(x/sqrt(2)))/2')), /F\.gelu\(x\)/);
  assert.doesNotMatch(String(torch('x*sigmoid(1.5*x)')), /F\.silu|autograd/);
  assert.match(String(torch('max(x, 0)')), /autograd\.Function/);
});

test('a kernel is not taken for a function with another slope or value at a tie', () => {
  for (const target of ['pytorch', 'jax', 'keras'] as const) {
    for (const formula of ['max(x, expm1(min(x, 0)))', 'x*sigmoid(x) + (1 - |sign(x)|)']) {
      const text = String(exportFunction({ ...anyFunction, expression: parse(formula) }, target));
      assert.doesNotMatch(text, /\b(elu|silu)\(/, `${target} ${formula}`);
    }
  }
});

test('in PyTorch a sigmoid or tanh overwrites the value that it is taken of, where nothing else reads that', () => {
  const torch = (formula: string) =>
    String(exportFunction({ ...anyFunction, expression: parse(formula) }, 'pytorch'));
  assert.match(torch('x*tanh(1 - x)'), /x \* torch\.tanh_\(1 - x\)/);
  for (const formula of ['x*tanh(x)', 'beta*x*tanh(beta*x)', 'tanh(sigmoid(x))', 'x*tanh(beta)']) {
    assert.match(torch(formula), /torch\.tanh\(/, formula);
    assert.doesNotMatch(torch(formula), /torch\.\w+_\(/, formula);
  }
});

test('names that a language takes are changed everywhere alike', () => {
  const expression = parse('lambda*tanh(in*x) + grad');
  for (const target of ['pytorch', 'jax', 'keras', 'sympy', 'c', 'tfjs'] as const) {
    const text = String(exportFunction({ ...anyFunction, expression }, target));
    for (const name of ['lambda_', 'in_', 'grad_']) assert.ok(text.includes(name), `${target} ${name}`);
  }
});

test('a name that is taken gets an underscore, and a number where another parameter has that', () => {
  const names = (formula: string) => {
    const text = String(exportFunction({ ...anyFunction, expression: parse(formula) }, 'json'));
    return (JSON.parse(text) as { parameters: { name: string }[] }).parameters.map(({ name }) => name);
  };
  assert.deepEqual(names('lambda*x + lambda_*sin(x)'), ['lambda_2', 'lambda_']);
  assert.deepEqual(names('trainable*sin(x)'), ['trainable_2'], 'trainable_ is a member of tfjs layers');
  assert.deepEqual(names('beta*x + beta2*sin(x) + alpha'), ['beta', 'beta2', 'alpha']);
  const taken = `sp auto y gradient saved inputs false null export eval arguments typedef apply half h args
    num_parameters`.split(/\s+/);
  for (const name of taken) assert.deepEqual(names(`${name}*sin(x)`), [`${name}_`]);
});

test('a value of generated code has no name of a parameter', () => {
  const formula = '|x|^0.5 + dx*x*sin(x^dx) + mul_1*sin(x*dx*x) + x*dx*x + x_dot*iv_1*o*x';
  const parameters = ['dx', 'mul_1', 'x_dot', 'iv_1', 'o'];
  for (const target of ['pytorch', 'jax', 'keras', 'tfjs', 'c'] as const) {
    const text = String(exportFunction({ ...anyFunction, expression: parse(formula) }, target));
    for (const name of [...parameters, 'do']) {
      assert.doesNotMatch(text, new RegExp(`^ *(const |const float )?${name} = `, 'm'), `${target} ${name}`);
    }
  }
});

test('each derivative has a variable of its own', () => {
  const expression = parse('max(dx*x, x_*x^2)');
  for (const target of ['pytorch', 'jax', 'keras', 'tfjs'] as const) {
    const text = String(exportFunction({ ...anyFunction, expression }, target));
    const made = [...text.matchAll(/^ *(?:const )?(d+x_*\d*) = /gm)].map((match) => match[1]);
    assert.equal(made.length, 3, `${target}: ${made}`);
    assert.equal(new Set(made).size, 3, `${target}: ${made}`);
  }
});

test('a function is not called as its parameter, a module or a function of a library', () => {
  const text = (name: string) =>
    String(exportFunction({ name, notes: [], expression: parse('x*sigmoid(beta*x)') }, 'sympy'));
  assert.match(text('X'), /^x_ = x \*/m);
  assert.match(text('Sp'), /^sp_ = x \*/m);
  assert.match(text('Beta'), /^beta_ = x \*/m);
  assert.match(text('Floor'), /^floor_ = x \*/m);
  const torch = String(
    exportFunction({ name: 'F', notes: [], expression: parse('x*sigmoid(x)') }, 'pytorch'),
  );
  assert.match(torch, /^class F_\(nn\.Module\)/m);
});

test('SymPy reads a negated base as one', () => {
  const text = (formula: string) =>
    String(exportFunction({ ...anyFunction, expression: parse(formula) }, 'sympy'));
  assert.match(text('(-x)^beta'), /^probe = \(-x\) \*\* beta$/m);
  assert.match(text('-x^beta'), /^probe = -\(?x \*\* beta\)?$/m);
});

test('LaTeX groups the base of a power, and gives no letter to two parameters', () => {
  const text = (formula: string) =>
    String(exportFunction({ ...anyFunction, expression: parse(formula) }, 'latex'))
      .split('\n')
      .at(-2);
  assert.equal(text('(x^2)^2'), 'f(x) = {({x}^{2})}^{2}');
  assert.equal(text('exp(x)^2'), 'f(x) = {(e^{x})}^{2}');
  assert.equal(text('log1p(-3*x)'), 'f(x) = \\log\\left(-3 \\, x + 1\\right)');
  assert.equal(text('(x/(1 + |x|))^2'), 'f(x) = {(\\frac{x}{\\left|x\\right| + 1})}^{2}');
  assert.equal(text('sin(x)*(x/2)'), 'f(x) = \\sin\\left(x\\right) \\, \\frac{x}{2}');
  assert.equal(
    text('beta2*x + beta_2*sin(x) + beta3'),
    'f(x) = \\beta_{2} \\, x + \\beta_{4} \\, \\sin\\left(x\\right) + \\beta_{3}',
  );
  assert.equal(text('x_*sin(x)'), 'f(x) = x_{2} \\, \\sin\\left(x\\right)');
});

test('trained values stand by layer and channel where a module takes them, and as their mean elsewhere', () => {
  const trained = { beta: [[0.5, 1.5], [Math.fround(0.1)]] };
  const request = { ...anyFunction, expression: parse('x*sigmoid(beta*x)'), trained };
  const mean = (2 + Math.fround(0.1)) / 3;
  for (const target of ['pytorch', 'flax', 'keras'] as const) {
    assert.match(String(exportFunction(request, target)), /\[0\.5, 1\.5\],\n\s+\[0\.1\],/);
  }
  assert.ok(String(exportFunction(request, 'c')).includes(`#define PROBE_BETA ${mean}f`));
});

test('trained values that are whole numbers are floats in Python: nobody trains integers', () => {
  const request = { ...anyFunction, expression: parse('x*sigmoid(beta*x)'), trained: { beta: [[1, -2]] } };
  for (const target of ['pytorch', 'flax', 'keras'] as const) {
    assert.match(String(exportFunction(request, target)), /"beta": \[\n +\[1\.0, -2\.0\],/);
  }
});

test('JSON holds the function: read back, it has the same values', () => {
  type Node = {
    number?: number;
    variable?: 'x';
    parameter?: string;
    operator?: OperatorName;
    operands?: Node[];
  };
  const initials = new Map<string, number>();
  const read = (node: Node): Expression => {
    if (node.number !== undefined) return number(node.number);
    if (node.variable !== undefined) return variable(node.variable);
    if (node.parameter !== undefined) return parameter(node.parameter, initials.get(node.parameter));
    return call(node.operator as OperatorName, ...(node.operands as Node[]).map(read));
  };
  const expression = parse('max(x, 0.1*x) + alpha[0.3]*erfc(x - 1e-7)');
  const document = JSON.parse(String(exportFunction({ ...anyFunction, expression }, 'json'))) as {
    formula: string;
    parameters: { name: string; initial: number }[];
    expression: Node;
  };
  for (const { name, initial } of document.parameters) initials.set(name, initial);
  for (const x of [-3, -0.5, 0, 0.25, 7]) {
    assert.equal(evaluate(read(document.expression), { x }), evaluate(parse(document.formula), { x }));
  }
});
