import { ActivationSearchError } from '../errors.ts';
import { type Expression, fold } from '../expression/expression.ts';
import { type OperatorName, operatorFor } from '../expression/operators.ts';
import type { ActivationParameter } from './activation.ts';
import { gradientSteps } from './gradient-steps.ts';
import { Graph } from './graph.ts';
import type { NodeId } from './graph-node.ts';

/**
 * What z, the argument of the function, is made of x by, in the same pass:
 * - plain: z = x
 * - bias: z = x + bias; the bias is the first parameter
 * - normalized: z = (x - mean)*scale + shift, the first three parameters
 * - normalized-sum: the same plus a second input
 */
export type ProgramForm = 'plain' | 'bias' | 'normalized' | 'normalized-sum';

/** What a pass takes from a graph, and what of it is wanted. */
export interface Pass {
  /** Numbers of the graph's inputs, in order. */
  readonly inputs: readonly number[];
  readonly parameters: number;
  /** One value for each element. */
  readonly outputs: readonly NodeId[];
  /** One value for each channel: the sum over all rows. */
  readonly sums: readonly NodeId[];
}

/** A function and its gradients in one graph. */
export interface FunctionGraph {
  readonly graph: Graph;
  /** The function's own parameters, in order of appearance. */
  readonly parameters: readonly ActivationParameter[];
  /** x, and the second input where there is one, to y. */
  readonly forward: Pass;
  /**
   * x, dy and the second input to dz, and the sums of the gradients by the parameters. A normalized form has
   * in place of its three the sums of dz and of dz*(x - mean).
   */
  readonly backward: () => Pass;
  /** The same with dy as a sum of two terms; the second is the last input. */
  readonly backwardOfSum: () => Pass;
}

/** Refuses a function that does not depend on x. */
export function functionGraph(expression: Expression, form: ProgramForm): FunctionGraph {
  const graph = new Graph();
  const inputs = formInputs(graph, form);
  const trace = traceForward(graph, expression, inputs);
  const y = (trace.places.at(-1) as Place).node;
  if (!graph.facts.dependsOnInput(y)) {
    throw new ActivationSearchError('formula', 'the function does not depend on x, and cannot be trained.');
  }
  const parameters = inputs.parameterCount + trace.parameters.length;
  const besides = inputs.second ? [2] : [];
  const backward = (dy: NodeId, terms: readonly number[]): Pass => {
    const gradients = traceBackward(graph, trace.places, dy);
    const gradientBy = (node: NodeId) => gradients.get(node) ?? graph.literal(0);
    const dz = gradientBy(inputs.z);
    return {
      inputs: [0, 1, ...besides, ...terms],
      parameters,
      outputs: [dz],
      sums: [...inputs.sums(dz), ...trace.parameters.map(({ node }) => gradientBy(node))],
    };
  };
  return {
    graph,
    parameters: trace.parameters.map(({ name, initial }) => ({ name, initial })),
    forward: { inputs: [0, ...besides], parameters, outputs: [y], sums: [] },
    backward: () => backward(graph.input(1), []),
    backwardOfSum: () => backward(graph.add(graph.input(1), graph.input(3)), [3]),
  };
}

interface FormInputs {
  readonly z: NodeId;
  /** Parameters of the form, before the function's own. */
  readonly parameterCount: number;
  readonly second: boolean;
  readonly sums: (dz: NodeId) => readonly NodeId[];
}

/** Input 0 is x, 1 is dy, 2 the second input, 3 the second term of dy. */
function formInputs(graph: Graph, form: ProgramForm): FormInputs {
  const x = graph.input(0);
  if (form === 'plain') return { z: x, parameterCount: 0, second: false, sums: () => [] };
  if (form === 'bias') {
    const z = graph.add(x, graph.parameter(0));
    return { z, parameterCount: 1, second: false, sums: (dz) => [dz] };
  }
  const centered = graph.sub(x, graph.parameter(0));
  const normalized = graph.add(graph.mul(centered, graph.parameter(1)), graph.parameter(2));
  const second = form === 'normalized-sum';
  const z = second ? graph.add(normalized, graph.input(2)) : normalized;
  return { z, parameterCount: 3, second, sums: (dz) => [dz, graph.mul(dz, centered)] };
}

/**
 * One place in the expression: a leaf, or an operator over earlier places. Different places may be one node.
 */
interface Place {
  readonly node: NodeId;
  readonly operator?: OperatorName;
  /** Indices of places. */
  readonly operands: readonly number[];
}

interface Trace {
  /** Operands before operators; the last is the whole. */
  readonly places: readonly Place[];
  readonly parameters: readonly (ActivationParameter & { readonly node: NodeId })[];
}

function traceForward(graph: Graph, expression: Expression, { z, parameterCount }: FormInputs): Trace {
  const places: Place[] = [];
  const known = new Map<string, number>();
  const parameters = new Map<string, ActivationParameter & { readonly node: NodeId }>();
  const place = (key: string, make: () => Place): number => {
    const index = known.get(key) ?? places.push(make()) - 1;
    known.set(key, index);
    return index;
  };
  const leaf = (node: NodeId) => place(`${node}`, () => ({ node, operands: [] }));
  const whole = fold<number>(expression, {
    number: ({ value }) => leaf(graph.literal(value)),
    variable: ({ name }) => {
      if (name === 'x') return leaf(z);
      throw new ActivationSearchError('formula', `a function of x is needed, this one has ${name}.`);
    },
    parameter: ({ name, initial }) => {
      const parameter = parameters.get(name) ?? {
        name,
        initial,
        node: graph.parameter(parameterCount + parameters.size),
      };
      parameters.set(name, parameter);
      return leaf(parameter.node);
    },
    call: ({ operator }, operands) =>
      place(`${operator}(${operands.join(',')})`, () => {
        const [a, b = a] = operands.map((operand) => (places[operand] as Place).node) as [NodeId, NodeId?];
        return { node: graph.apply(operator, a, b), operator, operands };
      }),
  });
  return { places: places.slice(0, whole + 1), parameters: [...parameters.values()] };
}

/** The gradient by each leaf that has one, by reverse accumulation. */
function traceBackward(graph: Graph, places: readonly Place[], dy: NodeId): ReadonlyMap<NodeId, NodeId> {
  const steps = gradientSteps(graph);
  const gradients: (NodeId | undefined)[] = new Array(places.length);
  gradients[places.length - 1] = dy;
  const leaves = new Map<NodeId, NodeId>();
  for (let index = places.length - 1; index >= 0; index--) {
    const { operator, operands, node: y } = places[index] as Place;
    const d = gradients[index];
    if (d === undefined) continue;
    if (operator === undefined) {
      leaves.set(y, d);
      continue;
    }
    const [a, b = a] = operands.map((operand) => (places[operand] as Place).node) as [NodeId, NodeId?];
    const parts = operatorFor(operator).derivative(steps, { a, b, y, d });
    operands.forEach((operand, position) => {
      const part = parts[position] as NodeId;
      if (graph.value((places[operand] as Place).node) !== undefined || graph.value(part) === 0) return;
      const before = gradients[operand];
      gradients[operand] = before === undefined ? part : graph.add(before, part);
    });
  }
  return leaves;
}
