import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { worthOfNeighbors } from '../../src/fidelity/nearest-outputs.ts';

const example = (formula: string, value: number) => ({ expression: parse(formula), value });
const sigmoids = [
  example('x*sigmoid(1.1*x)', 1),
  example('x*sigmoid(0.9*x)', 2),
  example('x*sigmoid(beta[1.2]*x)', 6),
];
const others = [example('cos(x)', 100), example('-x', -50), example('x^2', 7)];

test('a function is guessed to be worth what the three with the nearest outputs are worth, in any order', () => {
  const swish = parse('x*sigmoid(x)');
  assert.equal(worthOfNeighbors(swish, [...sigmoids, ...others]), 3);
  assert.equal(worthOfNeighbors(swish, [...others, ...sigmoids].reverse()), 3);
});

test('a function that is not finite is nobody’s neighbor while there are others', () => {
  const examples = [...sigmoids, example('log(x)', 1000)];
  assert.equal(worthOfNeighbors(parse('x'), examples), 3);
});

test('two examples are too few', () => {
  assert.ok(Number.isNaN(worthOfNeighbors(parse('x'), sigmoids.slice(0, 2))));
});
