import { ActivationSearchError } from '../errors.ts';
import { type Expression, fold, type ParameterNode } from '../expression/expression.ts';
import type { OperatorName } from '../expression/operators.ts';
import type { Activation } from './activation.ts';
import { Graph, type NodeId } from './composed-graph.ts';
import { composedOperators } from './composed-operators.ts';
import { createProgram, reachable } from './composed-program.ts';

/** What a pass costs, without the network around it. */
export interface ComposedSize {
  /** TensorFlow operations of a forward and of a backward pass. */
  readonly forward: number;
  readonly backward: number;
  /** Tensors of the shape of x that lie between the two. */
  readonly saved: number;
}

export interface ComposedActivation extends Activation {
  readonly size: ComposedSize;
}

/**
 * An expression as single TensorFlow operations. The backward pass is worked out once, by reverse accumulation over
 * the expression; whatever value both passes need is kept from the forward pass, which costs memory and saves time.
 */
export function compileComposed(expression: Expression): ComposedActivation {
  const graph = new Graph();
  const trace = traceForward(graph, expression);
  const { y, parameters } = trace;
  if (graph.extent(y) !== 'full') {
    throw new ActivationSearchError('formula', 'the function does not depend on x, and cannot be trained.');
  }
  const x = graph.input('x', 'full');
  const dy = graph.input('dy', 'full');
  const parameterInputs = parameters.map((parameter) => parameterInput(graph, parameter));
  const gradients = traceBackward(graph, trace, dy);
  const gradientOf = (id: NodeId) => gradients.get(id) ?? graph.operation('ZerosLike', id);
  const outputs = [gradientOf(x), ...parameterInputs.map(gradientOf)];

  const forward = reachable(graph, [y]);
  const saved = savedNodes(graph, outputs, forward, parameterInputs);
  const forwardInputs = [x, ...parameterInputs];
  const trainingProgram = createProgram(graph, forwardInputs, [y, ...saved]);
  const inferenceProgram = createProgram(graph, forwardInputs, [y]);
  const backwardProgram = createProgram(graph, [...saved, ...parameterInputs, dy], outputs);
  return {
    backend: 'composed',
    parameters: parameters.map(({ name, initial }) => ({ name, initial })),
    size: {
      forward: trainingProgram.length,
      backward: backwardProgram.length,
      saved: saved.filter((id) => graph.extent(id) === 'full').length,
    },
    forward(given, values, training) {
      const [first, ...rest] = (training ? trainingProgram : inferenceProgram).run([given, ...values]);
      return { y: first as number, saved: rest };
    },
    backward(kept, values, gradient) {
      const [first, ...rest] = backwardProgram.run([...kept, ...values, gradient]);
      return { dx: first as number, dParameters: rest };
    },
  };
}

/** One place in the expression: a leaf, or an operator over earlier places. Different places may be one node. */
interface Place {
  readonly node: NodeId;
  readonly operator?: OperatorName;
  /** Indices of places. */
  readonly operands: readonly number[];
}

interface Trace {
  /** Operands before operators; the last is the whole. */
  readonly places: readonly Place[];
  readonly y: NodeId;
  /** In order of appearance. */
  readonly parameters: readonly ParameterNode[];
}

function traceForward(graph: Graph, expression: Expression): Trace {
  const places: Place[] = [];
  const known = new Map<string, number>();
  const parameters = new Map<string, ParameterNode>();
  const place = (key: string, make: () => Place): number => {
    let index = known.get(key);
    if (index === undefined) {
      index = places.push(make()) - 1;
      known.set(key, index);
    }
    return index;
  };
  const leaf = (node: NodeId) => place(`${node}`, () => ({ node, operands: [] }));
  const whole = fold<number>(expression, {
    number: ({ value }) => leaf(graph.constant(value)),
    variable: ({ name }) => {
      if (name === 'x') return leaf(graph.input('x', 'full'));
      throw new ActivationSearchError('formula', `a function of x is needed, this one has ${name}.`);
    },
    parameter: (node) => {
      if (!parameters.has(node.name)) parameters.set(node.name, node);
      return leaf(parameterInput(graph, node));
    },
    call: ({ operator }, operands) =>
      place(`${operator}(${operands.join(',')})`, () => {
        const [a, b] = operands.map((operand) => (places[operand] as Place).node) as [NodeId, NodeId];
        return { node: composedOperators[operator].forward(graph, a, b), operator, operands };
      }),
  });
  return { places, y: (places[whole] as Place).node, parameters: [...parameters.values()] };
}

/**
 * The gradient by each leaf that has one. What has one number a channel gets the sum over all other axes.
 */
function traceBackward(graph: Graph, { places }: Trace, dy: NodeId): ReadonlyMap<NodeId, NodeId> {
  const shares: NodeId[][] = places.map(() => []);
  shares.at(-1)?.push(dy);
  const leaves = new Map<NodeId, NodeId>();
  for (let index = places.length - 1; index >= 0; index--) {
    const { operator, operands, node: y } = places[index] as Place;
    const terms = shares[index] as NodeId[];
    if (terms.length === 0) continue;
    const gradient = graph.sum(terms);
    if (operator === undefined) {
      leaves.set(y, gradient);
      continue;
    }
    const nodes = operands.map((operand) => (places[operand] as Place).node);
    const [a, b] = nodes as [NodeId, NodeId];
    // Every rule is linear in c: constant factors wait until the end, where those of a whole chain are one.
    const { base, factor } = graph.split(gradient);
    const given = composedOperators[operator].backward(graph, { a, b, y, c: base });
    operands.forEach((operand, position) => {
      const share = graph.mul(given[position] as NodeId, graph.constant(factor));
      const extent = graph.extent(nodes[position] as NodeId);
      if (extent === 'scalar' || graph.value(share) === 0) return;
      shares[operand]?.push(extent === 'channels' ? graph.sumToChannels(share) : share);
    });
  }
  return leaves;
}

/** What the backward pass takes from the forward pass; parameters are at hand in both. */
function savedNodes(
  graph: Graph,
  outputs: readonly NodeId[],
  forward: ReadonlySet<NodeId>,
  parameters: readonly NodeId[],
): NodeId[] {
  const saved = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const node = graph.nodes[id];
    if (forward.has(id) && node?.kind !== 'constant' && !parameters.includes(id)) saved.add(id);
    else if (node?.kind === 'operation') node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  return [...saved];
}

function parameterInput(graph: Graph, { name }: ParameterNode): NodeId {
  return graph.input(`parameter ${name}`, 'channels');
}
