import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Graph } from '../../src/activation/graph.ts';
import type { NodeId } from '../../src/activation/graph-node.ts';

suite('the graph of a function and its gradients', () => {
  const create = () => {
    const graph = new Graph();
    return { graph, x: graph.input(0), y: graph.input(2), beta: graph.parameter(0) };
  };
  /** The node in words: `mul(in0, 2)`. */
  const show = (graph: Graph, id: NodeId): string => {
    const node = graph.nodes[id];
    if (node?.kind === 'literal') return String(node.value);
    if (node?.kind === 'input') return `in${node.index}`;
    if (node?.kind === 'parameter') return `p${node.index}`;
    return `${node?.name}(${node?.operands.map((operand) => show(graph, operand)).join(', ')})`;
  };

  test('equal steps on equal operands are one node, in either order of sums and products', () => {
    const { graph, x, y } = create();
    assert.equal(graph.unary('exp', x), graph.unary('exp', x));
    assert.equal(graph.mul(x, y), graph.mul(y, x));
    assert.equal(graph.add(x, y), graph.add(y, x));
    assert.notEqual(graph.sub(x, y), graph.sub(y, x));
  });

  test('literals are folded and neutral steps vanish', () => {
    const { graph, x } = create();
    const literal = (value: number) => graph.literal(value);
    assert.equal(graph.value(graph.mul(literal(3), literal(4))), 12);
    assert.equal(graph.value(graph.sub(literal(3), literal(4))), -1);
    assert.equal(graph.value(graph.div(literal(3), literal(4))), 0.75);
    assert.equal(graph.value(graph.unary('square', literal(3))), 9);
    assert.equal(graph.mul(x, literal(1)), x);
    assert.equal(graph.add(literal(0), x), x);
    assert.equal(graph.div(x, literal(1)), x);
    assert.equal(graph.neg(graph.neg(x)), x);
    assert.equal(graph.value(graph.masked(x, literal(0))), 0);
  });

  test('factors join, signs turn sums into differences', () => {
    const { graph, x, y } = create();
    const twice = graph.mul(x, graph.literal(2));
    assert.equal(show(graph, graph.mul(graph.literal(-3), twice)), 'mul(in0, -6)');
    assert.equal(graph.mul(twice, graph.literal(0.5)), x);
    assert.equal(show(graph, graph.add(x, graph.neg(y))), 'sub(in0, in2)');
    assert.equal(show(graph, graph.sub(x, graph.neg(y))), 'add(in0, in2)');
  });

  test('small powers are products and roots', () => {
    const { graph, x } = create();
    const power = (exponent: number) => show(graph, graph.pow(x, graph.literal(exponent)));
    assert.equal(power(3), 'cube(in0)');
    assert.equal(power(4), 'square(square(in0))');
    assert.equal(power(1.5), 'mul(in0, sqrt(in0))');
    assert.equal(power(-2), 'div(1, square(in0))');
    assert.equal(power(0.3), 'pow(in0, 0.3)');
  });

  test('a mask is only paid for where its factor may be infinite', () => {
    const { graph, x, y, beta } = create();
    assert.equal(show(graph, graph.masked(x, y)), 'masked(in0, in2)');
    assert.match(show(graph, graph.masked(beta, y)), /^mul\(/);
    assert.match(show(graph, graph.masked(graph.unary('tanh', x), y)), /^mul\(/);
  });

  test('a gate changes nothing else: factors and signs pass it, and it keeps the place of what it gates', () => {
    const { graph, x, y } = create();
    const later = graph.unary('exp', x);
    const gate = graph.gated(graph.mul(graph.neg(x), graph.literal(2)), y);
    assert.equal(show(graph, gate), 'mul(gated(in0, in2), -2)');
    assert.equal(show(graph, graph.mul(later, graph.gated(x, y))), 'mul(gated(in0, in2), exp(in0))');
  });

  test('intervals tell where a value may be 0 or infinite', () => {
    const { graph, x } = create();
    const { facts } = graph;
    const size = graph.unary('abs', x);
    assert.ok(facts.mayBeZero(size));
    assert.ok(!facts.mayBeZero(graph.add(size, graph.literal(1))));
    assert.ok(facts.mayBeInfinite(graph.div(graph.literal(1), size)));
    assert.ok(!facts.mayBeInfinite(graph.unary('exp', x)));
  });
});
