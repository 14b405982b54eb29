import type { Expression } from '../expression/expression.ts';
import type { OperatorName } from '../expression/operators.ts';
import { dependsOnX } from '../expression/structure.ts';
import { type ExportedFunction, headLines, isKnownAs, operandNames } from './exported-function.ts';
import { encodeModel, type OnnxFunction, type OnnxNode } from './onnx-format.ts';

type Name = string;

/**
 * Nodes of one function body: each method adds one and returns the name of its value, which begins with a
 * capital as no parameter does.
 */
class Body {
  readonly nodes: OnnxNode[] = [];
  readonly #numbers = new Map<number, Name>();

  node(operator: string, ...inputs: readonly Name[]): Name {
    const output = `${operator}_${this.nodes.length + 1}`;
    this.nodes.push({ operator, inputs, outputs: [output], attributes: {} });
    return output;
  }

  /** A scalar of x's type. */
  number(value: number): Name {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const constant = `Number_${this.nodes.length + 1}`;
    this.nodes.push({
      operator: 'Constant',
      inputs: [],
      outputs: [constant],
      attributes: { value_float: value },
    });
    const output = this.node('CastLike', constant, 'x');
    this.#numbers.set(value, output);
    return output;
  }
}

type Row = (body: Body, a: Name, b: Name) => Name;

function one(operator: string): Row {
  return (body, a) => body.node(operator, a);
}

function two(operator: string): Row {
  return (body, a, b) => body.node(operator, a, b);
}

const rows = {
  add: two('Add'),
  sub: two('Sub'),
  mul: two('Mul'),
  div: two('Div'),
  pow: two('Pow'),
  neg: one('Neg'),
  abs: one('Abs'),
  square: (body, a) => body.node('Mul', a, a),
  cube: (body, a) => body.node('Mul', a, body.node('Mul', a, a)),
  sqrt: one('Sqrt'),
  exp: one('Exp'),
  // exp(a) - 1 = tanh(a/2)*(exp(a) + 1) keeps its digits near 0.
  expm1: (body, a) =>
    body.node(
      'Mul',
      body.node('Tanh', body.node('Mul', a, body.number(0.5))),
      body.node('Add', body.node('Exp', a), body.number(1)),
    ),
  log: one('Log'),
  log1p,
  sin: one('Sin'),
  cos: one('Cos'),
  sinh: one('Sinh'),
  cosh: one('Cosh'),
  tanh: one('Tanh'),
  asinh: one('Asinh'),
  atan: one('Atan'),
  sinc: (body, a) =>
    body.node(
      'Where',
      body.node('Equal', a, body.number(0)),
      body.number(1),
      body.node('Div', body.node('Sin', a), a),
    ),
  dsinc: sincSlope,
  erf: one('Erf'),
  erfc,
  sigmoid: one('Sigmoid'),
  softplus: (body, a) =>
    body.node(
      'Add',
      body.node('Max', a, body.number(0)),
      log1p(body, body.node('Exp', body.node('Neg', body.node('Abs', a)))),
    ),
  max: two('Max'),
  min: two('Min'),
  sign: one('Sign'),
  step: (body, a) =>
    body.node('Mul', body.node('Add', body.node('Sign', a), body.number(1)), body.number(0.5)),
  masked: (body, a, b) =>
    body.node('Where', body.node('Equal', b, body.number(0)), body.number(0), body.node('Mul', a, b)),
} as const satisfies Record<OperatorName, Row>;

/** Functions that are one standard operator. */
const standard: readonly {
  readonly formula: string;
  readonly operator: string;
  readonly attributes?: Readonly<Record<string, number>>;
}[] = [
  { formula: 'max(x, 0)', operator: 'Relu' },
  { formula: 'max(x, 0.01*x)', operator: 'LeakyRelu', attributes: { alpha: 0.01 } },
  { formula: 'max(x, 0) + expm1(min(x, 0))', operator: 'Elu' },
  {
    formula: '1.0507*(max(x, 0) + 1.6733*expm1(min(x, 0)))',
    operator: 'Selu',
    attributes: { alpha: 1.6733, gamma: 1.0507 },
  },
  { formula: 'x*sigmoid(x)', operator: 'Swish' },
  { formula: 'x*erfc(-x/sqrt(2))/2', operator: 'Gelu' },
  { formula: 'x*tanh(softplus(x))', operator: 'Mish' },
  { formula: 'softplus(x)', operator: 'Softplus' },
  { formula: 'x/(1 + |x|)', operator: 'Softsign' },
  { formula: 'x*min(max(x/6 + 0.5, 0), 1)', operator: 'HardSwish' },
  { formula: 'min(max(x/6 + 0.5, 0), 1)', operator: 'HardSigmoid', attributes: { alpha: 1 / 6 } },
];

/** A model whose one node is a function of the domain `activation_search`, written in standard operators. */
export function onnxModel(exported: ExportedFunction): Uint8Array {
  return encodeModel({
    function: functionOf(exported),
    documentation: headLines(exported).join('\n'),
    parameters: exported.parameters,
  });
}

function functionOf(exported: ExportedFunction): OnnxFunction {
  const { className, program } = exported;
  const head = { name: className, inputs: operandNames(exported) };
  const own = standard.find(({ formula }) => isKnownAs(exported, formula));
  if (own) {
    const { operator, attributes = {} } = own;
    return { ...head, nodes: [{ operator, inputs: ['x'], outputs: ['y'], attributes }] };
  }
  const body = new Body();
  const value = add(body, program, new Map());
  const last = dependsOnX(program)
    ? body.node('Identity', value)
    : body.node('Expand', value, body.node('Shape', 'x'));
  const nodes = body.nodes.map((node) => (node.outputs[0] === last ? { ...node, outputs: ['y'] } : node));
  return { ...head, nodes };
}

function add(body: Body, node: Expression, known: Map<Expression, Name>): Name {
  if (node.kind === 'number') return body.number(node.value);
  if (node.kind !== 'call') return node.name;
  const earlier = known.get(node);
  if (earlier !== undefined) return earlier;
  const [a, b] = node.operands.map((operand) => add(body, operand, known)) as [Name, Name?];
  const name = (rows[node.operator] as Row)(body, a, b ?? a);
  known.set(node, name);
  return name;
}

/** 2 atanh(a/(2 + a)) near 0, where log(1 + a) loses the digits of a. */
function log1p(body: Body, a: Name): Name {
  const quotient = body.node('Div', a, body.node('Add', a, body.number(2)));
  const near = body.node('Mul', body.node('Atanh', quotient), body.number(2));
  const far = body.node('Log', body.node('Add', a, body.number(1)));
  return body.node('Where', body.node('Less', body.node('Abs', a), body.number(0.5)), near, far);
}

/** 1 - erf(a) with its digits kept for large a (W. H. Press et al., Numerical Recipes, section 6.2). */
function erfc(body: Body, a: Name): Name {
  const size = body.node('Abs', a);
  const t = body.node(
    'Div',
    body.number(1),
    body.node('Add', body.node('Mul', size, body.number(0.5)), body.number(1)),
  );
  const terms = [
    -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ];
  const series = polynomial(body, t, 0.17087277, terms);
  const tail = body.node('Mul', t, body.node('Exp', body.node('Sub', series, body.node('Mul', size, size))));
  const isNegative = body.node('Less', a, body.number(0));
  return body.node('Where', isNegative, body.node('Sub', body.number(2), tail), tail);
}

/** The derivative of sin(a)/a, by its series below 1 where the quotient cancels. */
function sincSlope(body: Body, a: Name): Name {
  const square = body.node('Mul', a, a);
  const near = body.node(
    'Mul',
    a,
    polynomial(body, square, -1 / 3991680, [1 / 45360, -1 / 840, 1 / 30, -1 / 3]),
  );
  const sinc = body.node('Div', body.node('Sin', a), a);
  const far = body.node('Div', body.node('Sub', body.node('Cos', a), sinc), a);
  return body.node('Where', body.node('Less', body.node('Abs', a), body.number(1)), near, far);
}

/** By Horner's rule, the highest coefficient first. */
function polynomial(body: Body, x: Name, highest: number, rest: readonly number[]): Name {
  return rest.reduce(
    (sum, term) => body.node('Add', body.node('Mul', sum, x), body.number(term)),
    body.number(highest),
  );
}
