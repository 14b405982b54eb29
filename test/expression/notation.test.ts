import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ActivationSearchError } from '../../src/errors.ts';
import { call, equal, number, parameter, variable } from '../../src/expression/expression.ts';
import { type ParseOptions, parse, print } from '../../src/expression/notation.ts';
import { expressions } from '../support/expressions.ts';

const x = variable('x');
const anyVariable = { variables: ['x', 'x1', 'x2'] } as const;

function errorOf(text: string, options: ParseOptions = {}): ActivationSearchError {
  try {
    parse(text, options);
  } catch (error) {
    assert.ok(error instanceof ActivationSearchError, String(error));
    assert.equal(error.code, 'formula');
    return error;
  }
  throw new Error(`${text} was accepted`);
}

test('reading what was printed gives the same tree, whatever the tree', () => {
  const options = {
    variables: ['x', 'x1', 'x2'],
    numbers: fc.double({ noNaN: true, noDefaultInfinity: true }),
  } as const;
  fc.assert(
    fc.property(fc.oneof(expressions(options), expressions()), (expression) => {
      const text = print(expression);
      const again = parse(text, anyVariable);
      assert.ok(equal(again, expression), `${text} became ${print(again)}`);
      assert.equal(print(again), text);
    }),
    { numRuns: 1000 },
  );
});

test('formulas print with the parentheses that they need and no others', () => {
  const texts = [
    'x*sigmoid(beta*x)',
    'x - (beta - 1)',
    'x - beta - 1',
    'x/(beta*x)',
    'x/beta*x',
    'x*(beta*x)',
    '-x^2',
    '(-x)^2',
    '-x*beta',
    '(-x)*beta',
    '-2*x',
    '-(2*x)',
    '-(2^2)',
    '(-2)^2',
    '-(-x)',
    '2^x^3',
    '(2^x)^3',
    'x^(-2)',
    'x^(beta + 1)',
    '||x| - 1|',
    '|x|*|beta*|x||',
    'x + (-beta)',
    'x*(-beta)',
    'exp(-x^2)',
    'max(x, 0) + alpha[0.25]*min(x, 0)',
    'alpha[-0.5]*x',
    'pi*x',
    '-(pi*x)',
    '1e-7*x',
    '1e+21',
  ];
  for (const text of texts) assert.equal(print(parse(text)), text);
});

test('other spellings mean the same', () => {
  const spellings: readonly [string, string][] = [
    ['  x *\n sigmoid( beta * x )', 'x*sigmoid(beta*x)'],
    ['((x))', 'x'],
    ['abs(x)', '|x|'],
    ['x^-2', 'x^(-2)'],
    ['x*-beta', 'x*(-beta)'],
    ['x − β·x × 2 ÷ 3', 'x - beta*x*2/3'],
    ['π*x', 'pi*x'],
    ['.5*x + 1.', '0.5*x + 1'],
    ['1E3*x', '1000*x'],
    ['beta + beta[2]', 'beta[2] + beta[2]'],
    ['- -2*x', '2*x'],
    ['3.141592653589793', 'pi'],
  ];
  for (const [given, meant] of spellings) assert.equal(print(parse(given)), meant, given);
});

test('precedence is that of mathematics', () => {
  assert.ok(equal(parse('-x^2'), call('neg', call('square', x))));
  assert.ok(equal(parse('-2*x'), call('mul', number(-2), x)));
  assert.ok(equal(parse('-x*2'), call('neg', call('mul', x, number(2)))));
  assert.ok(equal(parse('x - 1 - x'), call('sub', call('sub', x, number(1)), x)));
  assert.ok(equal(parse('x^x^x'), call('pow', x, call('pow', x, x))));
  assert.ok(equal(parse('x^3'), call('cube', x)));
  assert.ok(equal(parse('alpha[0.25]'), parameter('alpha', 0.25)));
});

test('numbers are read and printed exactly', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const again = parse(print(number(value)));
      assert.ok(again.kind === 'number' && again.value === value);
    }),
  );
});

const mistakes: readonly (readonly [text: string, column: number, message: RegExp, hint: RegExp])[] = [
  ['', 1, /empty/, /sigmoid/],
  ['x*sigmod(x)', 3, /unknown function "sigmod"/, /"sigmoid"/],
  ['x*sigmod', 3, /sigmod is not known/, /sigmoid\(x\)/],
  ['x*sigmoid', 3, /without an operand/, /sigmoid\(x\)/],
  ['wobble(x)', 1, /unknown function/, /Known: .*tanh/],
  ['2x', 2, /operator is missing/, /2\*x/],
  ['x x', 3, /operator is missing/, /x\*x/],
  ['2(x + 1)', 2, /operator is missing/, /2\*\(/],
  ['(x)(x)', 4, /operator is missing/, /\*/],
  ['x(2)', 1, /unknown function "x"/, /x\*\(/],
  ['x**2', 2, /"\*\*"/, /x\^2/],
  ['x²', 2, /"²"/, /x\^2/],
  ['f = x', 3, /"="/, /right-hand side/],
  ['(x', 1, /never closed/, /"\)"/],
  ['|x', 1, /never closed/, /"\|"/],
  ['x)', 2, /cannot stand here/, /operand is missing/],
  ['max(x)', 1, /takes two operands, not 1/, /max\(x, 0\)/],
  ['sin()', 1, /takes one operand, not 0/, /sin\(x\)/],
  ['sin(x, x)', 1, /takes one operand, not 2/, /sin\(x\)/],
  ['x1 + x', 1, /x1 is not known here/, /binary primitive/],
  ['Beta*x', 1, /Beta cannot name a parameter/, /lower-case/],
  ['e^x', 1, /e cannot name/, /exp\(1\)/],
  ['nan', 1, /nan cannot name/, /finite/],
  ['alpha[0.1]*x + alpha[0.2]', 16, /two initial values, 0.1 and 0.2/, /same parameter/],
  ['beta[x]', 6, /initial value of beta is not a number/, /beta\[0.25\]/],
  ['beta[', 6, /not a number/, /beta\[0.25\]/],
  ['pi[2]', 1, /no initial value/, /parameter/],
  ['1e999*x', 1, /too large/, /1.8e308/],
  ['1e-999*x', 1, /too small/, /0/],
  ['1.2.3', 1, /one decimal point/, /comma/],
  ['x $ 2', 3, /"\$" means nothing/, /^$/],
  ['x + 😀', 5, /"😀" means nothing/, /^$/],
];

test('a mistake is named with its column and what to do', () => {
  for (const [text, column, message, hint] of mistakes) {
    const error = errorOf(text);
    assert.match(error.message, message, text);
    assert.match(error.hint ?? '', hint, text);
    assert.deepEqual(error.place, { line: 1, column }, text);
  }
});

test('a formula that stops short says so', () => {
  for (const text of ['x +', 'x*', '-', 'x^', 'max(x,', '2*(']) {
    assert.match(errorOf(text).message, /ends where an operand should stand|never closed/, text);
  }
});

test('the place of a mistake counts from where the formula stands in its file', () => {
  const place = { file: 'space.yaml', line: 12, column: 7 };
  assert.deepEqual(errorOf('x*sigmod(x)', place).place, { file: 'space.yaml', line: 12, column: 9 });
  assert.deepEqual(errorOf('x*\n  sigmod(x)', place).place, { file: 'space.yaml', line: 13, column: 3 });
});

test('the message shows the line with a caret under the mistake', () => {
  assert.match(errorOf('x*sigmod(x)').message, /\n {2}x\*sigmod\(x\)\n {4}\^$/);
});

test('deep nesting and long formulas are refused, not overflowed by', () => {
  assert.match(errorOf(`${'('.repeat(9_000)}x${')'.repeat(9_000)}`).message, /nested more than 200 deep/);
  assert.match(errorOf(`${'|'.repeat(10_000)}x`).message, /nested more than 200 deep/);
  assert.match(errorOf(`${'-'.repeat(10_000)}x`).message, /nested more than 200 deep/);
  assert.match(errorOf(`${'sin('.repeat(4_000)}x`).message, /nested more than 200 deep/);
  assert.match(errorOf(`x${'^x'.repeat(9_000)}`).message, /nested more than 200 deep/);
  assert.match(errorOf(`x${'+x'.repeat(9_000)}`).message, /more than 400 operators in a chain/);
  assert.match(errorOf('x'.repeat(20_001)).message, /longer than 20000 characters/);
});

test('any text either is a formula or is refused with a place', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          'x',
          '1',
          '.5',
          '+',
          '-',
          '*',
          '/',
          '^',
          '(',
          ')',
          '|',
          ',',
          '[',
          ']',
          'beta',
          'exp',
          'max',
          ' ',
        ),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const expression = parse(given);
        assert.ok(equal(parse(print(expression)), expression));
      } catch (error) {
        assert.ok(
          error instanceof ActivationSearchError && error.place?.line !== undefined,
          `${given}: ${error}`,
        );
      }
    }),
    { numRuns: 2000 },
  );
});

test('binary primitives are formulas of x1 and x2 only', () => {
  const options = { variables: ['x1', 'x2'] } as const;
  assert.equal(print(parse('x1/(x2 + 1e-5)', options)), 'x1/(x2 + 0.00001)');
  assert.match(errorOf('x1*x', options).hint ?? '', /x1 and x2/);
});

test('where parameter names are listed no other is a parameter', () => {
  assert.equal(print(parse('slope*x', { parameters: ['slope'] })), 'slope*x');
  assert.match(errorOf('slop*x', { parameters: ['slope'] }).hint ?? '', /"slope"/);
});
