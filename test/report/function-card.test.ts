import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { knownFunctions } from '../../src/catalog/catalog.ts';
import { call, variable } from '../../src/expression/expression.ts';
import { parse } from '../../src/expression/notation.ts';
import { operatorFor, operatorNames } from '../../src/expression/operators.ts';
import { cardFacts, cardLines } from '../../src/report/function-card.ts';
import { mathml } from '../../src/report/mathml.ts';

test('a card says in words what the function is like', () => {
  const lines = Object.fromEntries(cardLines(cardFacts(parse('x*sigmoid(beta*x)'))));
  assert.deepEqual(lines, {
    'Known as':
      'Swish (P. Ramachandran, B. Zoph, Q. V. Le: Searching for Activation Functions, arXiv:1710.05941, 2017)',
    Parameters: 'beta, from 1',
    Structure: 'complexity 6; b(x, g(x))',
    'On [-5, 5]': 'from -0.2785 to 4.967',
    Monotone: 'no',
    Turns: 'minimum -0.2785 at -1.278',
    Zeros: '0',
    'Asymptote left': 'y = 0',
    'Asymptote right': 'y = x',
    'For x from N(0, 1)': 'mean 0.2066, variance 0.3131',
    'Lipschitz bound': '1.1',
  });
});

test('a card lists a few of many turns', () => {
  const lines = new Map(cardLines(cardFacts(parse('sin(9*x)'))));
  assert.match(lines.get('Turns') ?? '', /^maximum 1 at -4.712; minimum -1 at \S+; .*; and 24 more$/);
  assert.equal(lines.get('Asymptote left'), 'none that values show');
});

test('every operator is typeset as well-formed MathML', () => {
  for (const name of operatorNames) {
    const x = variable('x');
    const text = mathml(operatorFor(name).arity === 1 ? call(name, x) : call(name, x, x));
    const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
      text,
      'text/xml',
    );
    assert.equal(documentElement?.tagName, 'math', name);
  }
});

test('formulas and slopes are typeset without inline styles, which the policy of the pages refuses', () => {
  const fractions = ['sin(x)/(1 + x^2)', 'erf(x)/x'];
  for (const formula of [...fractions, ...knownFunctions().map((known) => known.formula)]) {
    const { value, slope } = cardFacts(parse(formula)).typeset;
    assert.doesNotMatch(value + slope, / style=/, formula);
  }
});
