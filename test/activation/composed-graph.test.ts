import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Graph, type NodeId } from '../../src/activation/composed-graph.ts';

suite('the graph of TensorFlow operations', () => {
  const create = () => {
    const graph = new Graph();
    return {
      graph,
      x: graph.input('x', 'full'),
      y: graph.input('y', 'full'),
      beta: graph.input('beta', 'channels'),
    };
  };
  /** The node in words: `Mul(x, 2)`. */
  const show = (graph: Graph, id: NodeId): string => {
    const node = graph.nodes[id];
    if (node?.kind === 'constant') return String(node.value);
    if (node?.kind === 'input') return node.name;
    return `${node?.operation}(${node?.inputs.map((input) => show(graph, input)).join(', ')})`;
  };

  test('equal operations on equal operands are one node, in either order of sums and products', () => {
    const { graph, x, y } = create();
    assert.equal(graph.operation('Exp', x), graph.operation('Exp', x));
    assert.equal(graph.mul(x, y), graph.mul(y, x));
    assert.equal(graph.add(x, y), graph.add(y, x));
    assert.notEqual(graph.sub(x, y), graph.sub(y, x));
  });

  test('constants are folded and neutral steps vanish', () => {
    const { graph, x } = create();
    const constant = (value: number) => graph.constant(value);
    assert.equal(graph.value(graph.mul(constant(3), constant(4))), 12);
    assert.equal(graph.value(graph.sub(constant(3), constant(4))), -1);
    assert.equal(graph.value(graph.div(constant(3), constant(4))), 0.75);
    assert.equal(graph.mul(x, constant(1)), x);
    assert.equal(graph.add(constant(0), x), x);
    assert.equal(graph.div(x, constant(1)), x);
    assert.equal(graph.neg(graph.neg(x)), x);
    assert.equal(graph.value(graph.masked(x, constant(0))), 0);
  });

  test('factors join, signs turn sums into differences', () => {
    const { graph, x, y } = create();
    const twice = graph.mul(x, graph.constant(2));
    assert.equal(show(graph, graph.mul(graph.constant(-3), twice)), 'Mul(x, -6)');
    assert.equal(graph.mul(twice, graph.constant(0.5)), x);
    assert.equal(show(graph, graph.add(x, graph.neg(y))), 'Sub(x, y)');
    assert.equal(show(graph, graph.sub(x, graph.neg(y))), 'AddV2(x, y)');
    assert.deepEqual(graph.split(graph.neg(twice)), { base: x, factor: -2 });
  });

  test('many terms are added at once, negative ones taken off', () => {
    const { graph, x, y, beta } = create();
    const [u, v] = [graph.operation('Exp', x), graph.operation('Exp', y)];
    assert.equal(show(graph, graph.sum([x])), 'x');
    assert.equal(show(graph, graph.sum([x, y, u, graph.neg(v)])), 'Sub(AddN(x, y, Exp(x)), Exp(y))');
    assert.equal(show(graph, graph.sum([graph.neg(x), graph.neg(y)])), 'Neg(AddV2(x, y))');
    const other = graph.input('gamma', 'channels');
    assert.match(show(graph, graph.sum([beta, other, graph.operation('Exp', beta)])), /^AddV2\(/);
  });

  test('a value depends on x, on the channel, or on nothing', () => {
    const { graph, x, beta } = create();
    assert.equal(graph.extent(graph.mul(x, beta)), 'full');
    assert.equal(graph.extent(graph.operation('Exp', beta)), 'channels');
    assert.equal(graph.extent(graph.operation('Exp', graph.constant(1))), 'scalar');
    assert.equal(graph.extent(graph.sumToChannels(graph.mul(x, beta))), 'channels');
    assert.equal(graph.sumToChannels(beta), beta);
    assert.equal(show(graph, graph.sumToChannels(graph.mul(x, graph.constant(2)))), 'Mul(BiasAddGrad(x), 2)');
  });

  test('a mask is only paid for where its factor may be infinite', () => {
    const { graph, x, y, beta } = create();
    assert.equal(show(graph, graph.masked(x, y)), 'MulNoNan(x, y)');
    assert.match(show(graph, graph.masked(beta, y)), /^Mul\(/);
  });
});
