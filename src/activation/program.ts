import { ActivationSearchError } from '../errors.ts';
import { type Expression, fold } from '../expression/expression.ts';
import type { OperatorName } from '../expression/operators.ts';
import type { ActivationParameter } from './activation.ts';
import type { Program } from './program-format.ts';
import { type NodeId, ProgramGraph } from './program-graph.ts';
import { lower } from './program-lowering.ts';
import { programOperators } from './program-operators.ts';

/**
 * What z, the argument of the function, is made of x by, in the same pass:
 * - plain: z = x
 * - bias: z = x + bias; the bias is the first parameter
 * - normalized: z = (x - mean)*scale + shift, the first three parameters
 * - normalized-sum: the same plus a second input
 */
export type ProgramForm = 'plain' | 'bias' | 'normalized' | 'normalized-sum';

/**
 * A function as two programs. Forward: x (and the second input) to y. Backward: x, dy (and the second input) to dz, and the
 * sum over all rows of the gradient by each parameter. Sums come in the order of the parameters; a normalized form has in
 * place of its three the sums of dz and of dz*(x - mean).
 */
export interface ProgramPair {
  /** The function's own parameters, in order of appearance. */
  readonly parameters: readonly ActivationParameter[];
  readonly forward: Program;
  readonly backward: Program;
  /** Backward with dy as two terms that are still to be added: the second is the last input. */
  readonly backwardOfSum: Program;
}

/** Refuses a function that does not depend on x, and one too long for the interpreter's registers. */
export function compileProgram(expression: Expression, form: ProgramForm): ProgramPair {
  const graph = new ProgramGraph();
  const inputs = formInputs(graph, form);
  const trace = traceForward(graph, expression, inputs);
  const { places, parameters } = trace;
  const y = (places.at(-1) as Place).node;
  if (!graph.dependsOnInput(y)) {
    throw new ActivationSearchError('formula', 'the function does not depend on x, and cannot be trained.');
  }
  const size = { parameters: inputs.parameterCount + parameters.length };
  const besides = inputs.second ? [2] : [];
  const backward = (dy: NodeId, terms: readonly number[]): Program => {
    const gradients = traceBackward(graph, places, dy);
    const dz = gradients.get(inputs.z) ?? graph.literal(0);
    const dParameters = trace.parameterNodes.map((node) => gradients.get(node) ?? graph.literal(0));
    return lower(graph, {
      ...size,
      inputs: [0, 1, ...besides, ...terms],
      outputs: [dz],
      sums: [...inputs.sums(dz), ...dParameters],
    });
  };
  return {
    parameters,
    forward: lower(graph, { ...size, inputs: [0, ...besides], outputs: [y], sums: [] }),
    backward: backward(graph.input(1), []),
    backwardOfSum: backward(graph.add(graph.input(1), graph.input(3)), [3]),
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
function formInputs(graph: ProgramGraph, form: ProgramForm): FormInputs {
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
  readonly parameters: readonly ActivationParameter[];
  readonly parameterNodes: readonly NodeId[];
}

function traceForward(graph: ProgramGraph, expression: Expression, { z, parameterCount }: FormInputs): Trace {
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
        const [a, b] = operands.map((operand) => (places[operand] as Place).node) as [NodeId, NodeId];
        return { node: programOperators[operator].forward(graph, a, b), operator, operands };
      }),
  });
  const listed = [...parameters.values()];
  return {
    places: places.slice(0, whole + 1),
    parameters: listed.map(({ name, initial }) => ({ name, initial })),
    parameterNodes: listed.map(({ node }) => node),
  };
}

/** The gradient by each leaf that has one, by reverse accumulation. */
function traceBackward(
  graph: ProgramGraph,
  places: readonly Place[],
  dy: NodeId,
): ReadonlyMap<NodeId, NodeId> {
  const gradients: (NodeId | undefined)[] = new Array(places.length);
  gradients[places.length - 1] = dy;
  const leaves = new Map<NodeId, NodeId>();
  for (let index = places.length - 1; index >= 0; index--) {
    const { operator, operands, node: y } = places[index] as Place;
    const c = gradients[index];
    if (c === undefined) continue;
    if (operator === undefined) {
      leaves.set(y, c);
      continue;
    }
    const [a, b] = operands.map((operand) => (places[operand] as Place).node) as [NodeId, NodeId];
    const shares = programOperators[operator].backward(graph, { a, b, y, c });
    operands.forEach((operand, position) => {
      const share = shares[position] as NodeId;
      if (graph.value((places[operand] as Place).node) !== undefined || graph.value(share) === 0) return;
      const before = gradients[operand];
      gradients[operand] = before === undefined ? share : graph.add(before, share);
    });
  }
  return leaves;
}
