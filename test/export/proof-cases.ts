import { knownFormula } from '../../src/catalog/catalog.ts';
import { derivative, parametersOf } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { type Expression, fold } from '../../src/expression/expression.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { type OperatorName, operatorFor, operatorNames } from '../../src/expression/operators.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { substitute } from '../../src/expression/substitute.ts';
import { baselineNames } from '../../src/search/baselines.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace, shippedSpaceNames } from '../../src/search-space/search-space.ts';

/** A function that every target is checked on. */
export interface ProofCase {
  readonly name: string;
  readonly kind: 'primitive' | 'baseline' | 'operator' | 'random';
  /** As the table shows it. */
  readonly title: string;
  readonly expression: Expression;
}

/**
 * Every operator, every primitive of the shipped spaces, all baselines, and random functions of one to three
 * units.
 */
export function proofCases(randomCount: number): readonly ProofCase[] {
  const cases: Omit<ProofCase, 'name'>[] = [];
  for (const name of baselineNames) {
    cases.push({ kind: 'baseline', title: name, expression: parse(knownFormula(name)) });
  }
  const seen = new Set<string>();
  for (const space of shippedSpaceNames().map((name) => loadSearchSpace(name))) {
    for (const { arity, formula, expression } of [...space.unary, ...space.binary]) {
      if (seen.has(`${arity} ${formula}`)) continue;
      seen.add(`${arity} ${formula}`);
      const full =
        arity === 1 ? expression : substitute(expression, { x1: parse('x'), x2: parse('theta[0.75]*x') });
      cases.push({ kind: 'primitive', title: formula, expression: full });
    }
  }
  for (const operator of operatorNames) {
    const { arity } = operatorFor(operator);
    cases.push({
      kind: 'operator',
      title: operator,
      expression: parse(
        operatorFormulas[operator] ?? (arity === 1 ? `${operator}(x)` : `${operator}(x, theta[0.75])`),
      ),
    });
  }
  for (const units of [1, 2, 3]) {
    const space = loadSearchSpace('extended', { units });
    const count = Math.ceil(randomCount / 3);
    const drawn = [...sampleCandidates(space, 20 * count, 'export')].filter(
      ({ refusal }) => refusal === undefined,
    );
    for (const { expression } of drawn.slice(0, count)) {
      cases.push({ kind: 'random', title: print(expression), expression });
    }
  }
  return cases.map((one, index) => ({ ...one, name: `Case${index}` }));
}

const operatorFormulas: Partial<Record<string, string>> = {
  add: 'x + theta[0.75]',
  sub: 'x - theta[0.75]',
  mul: 'x*theta[0.75]',
  div: 'x/theta[0.75]',
  // With a base that languages would take for -(x^theta) without parentheses.
  pow: '(-x)^theta[0.75]',
  neg: '-x',
  square: 'x^2',
  cube: 'x^3',
};

export const precisions = {
  float64: {
    epsilon: 2 ** -52,
    largest: Number.MAX_VALUE,
    smallest: 2 ** -1022,
    round: (value: number) => value,
  },
  float32: { epsilon: 2 ** -23, largest: 3.4028234663852886e38, smallest: 2 ** -126, round: Math.fround },
  bfloat16: { epsilon: 2 ** -7, largest: 3.3895313892515355e38, smallest: 2 ** -126, round: roundToBfloat16 },
} as const;

export type Precision = keyof typeof precisions;

/** What a function's values and derivatives are at one setting of its parameters. */
export interface Reference {
  readonly parameters: Readonly<Record<string, number>>;
  readonly x: readonly number[];
  /** By `value`, then by x and each parameter. */
  readonly outputs: readonly ReferenceOutput[];
}

export interface ReferenceOutput {
  readonly of: string;
  readonly exact: readonly number[];
  /**
   * What one rounding may move the output by, in units of the precision's epsilon; NaN where it is left out.
   */
  readonly scale: readonly number[];
  /** Why points were left out, with how many. */
  readonly leftOut: Readonly<Record<string, number>>;
}

const steps = Array.from({ length: 41 }, (_, index) => (index - 20) / 4);
const sizes = [
  0,
  1e-320,
  1e-310,
  1e-42,
  1e-40,
  1e-20,
  1e-6,
  0.01,
  0.3,
  1 / 3,
  0.999,
  1.001,
  6,
  9.5,
  20,
  88,
  1e4,
  Number.POSITIVE_INFINITY,
];
export const points = [...new Set(steps), ...sizes.flatMap((size) => [size, -size]), Number.NaN];

/** References for a precision: points and parameters are rounded to it first, everything else is float64. */
export function referencesOf(given: Expression, precision: Precision): readonly Reference[] {
  const { round } = precisions[precision];
  const expression = simplify(given);
  const parameters = parametersOf(expression);
  const names = ['x', ...parameters.map(({ name }) => name)];
  const derivatives = names.map((by) => derivative(expression, by));
  const x = points.map(round);
  const settings = parameters.length === 0 ? [0] : [0, 1];
  return settings.map((setting) => {
    const values = Object.fromEntries(
      parameters.map(({ name, initial }, index) => [
        name,
        round(setting === 0 ? initial : 0.625 - 1.375 * index),
      ]),
    );
    const value = output('value', expression, x, values, precision, undefined);
    const slopes = derivatives.map((slope, index) =>
      output(names[index] as string, slope, x, values, precision, { expression, exact: value.exact }),
    );
    return { parameters: values, x, outputs: [value, ...slopes] };
  });
}

function output(
  of: string,
  expression: Expression,
  x: readonly number[],
  parameters: Readonly<Record<string, number>>,
  precision: Precision,
  whole: { readonly expression: Expression; readonly exact: readonly number[] } | undefined,
): ReferenceOutput {
  const leftOut: Record<string, number> = {};
  const exact = x.map((each) => evaluate(expression, { x: each, parameters }));
  const scale = x.map((each, index) => {
    const value = exact[index] as number;
    const reason = whyLeftOut(expression, each, parameters, precision, whole, index, value);
    if (reason !== undefined) {
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
      return Number.NaN;
    }
    if (!Number.isFinite(value)) return 0;
    const floor = whole === undefined ? Math.min(1, Math.abs(each)) : 1;
    return Math.abs(value) + sensitivity(expression, each, parameters, precisions[precision].epsilon) + floor;
  });
  return { of, exact, scale, leftOut };
}

function whyLeftOut(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  precision: Precision,
  whole: { readonly expression: Expression; readonly exact: readonly number[] } | undefined,
  index: number,
  value: number,
): string | undefined {
  if (whole && !Number.isFinite(whole.exact[index])) return 'the value is not finite';
  if (whole && Number.isNaN(value)) return 'the derivative is no number';
  if (whole && hangsOnRounding(expression, x, parameters, precision))
    return 'rounding decides on a side of a kink';
  const parts = whole ? [expression, whole.expression] : [expression];
  if (parts.some((part) => leavesRange(part, x, parameters, precision))) {
    return 'an intermediate value leaves the range';
  }
  if (parts.some((part) => cancels(part, x, parameters, precision)))
    return 'a difference loses all its digits';
  return undefined;
}

/** Whether a part that is finite in float64 overflows, or one that is not 0 becomes 0 or subnormal. */
function leavesRange(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  precision: Precision,
): boolean {
  const { largest, smallest } = precisions[precision];
  let leaves = false;
  fold<number>(expression, {
    number: (node) => node.value,
    variable: () => x,
    parameter: (node) => parameters[node.name] ?? node.initial,
    call: (node, [a, b]) => {
      const value = operatorFor(node.operator).evaluate(a as number, b as number);
      const size = Math.abs(value);
      if (size > largest && size < Number.POSITIVE_INFINITY) leaves = true;
      if (size > 0 && size < smallest) leaves = true;
      return value;
    },
  });
  return leaves;
}

/** Whether a sum that is not 0 is so much smaller than its terms that their roundings are as large. */
function cancels(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  precision: Precision,
): boolean {
  const { epsilon } = precisions[precision];
  let isLost = false;
  disturbed(expression, x, parameters, 0, 0, (operator, a, b) => {
    if (operator !== 'add' && operator !== 'sub') return;
    const value = Math.abs(operator === 'add' ? a + b : a - b);
    if (value > 0 && value <= 2 * epsilon * Math.max(Math.abs(a), Math.abs(b))) isLost = true;
  });
  return isLost;
}

/**
 * Whether roundings may change the sign of what a sign or step in the derivative takes, where it is not 0.
 */
function hangsOnRounding(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  precision: Precision,
): boolean {
  const unit = 4 * precisions[precision].epsilon;
  const run = (which: number): readonly number[] => {
    const signs: number[] = [];
    disturbed(expression, x, parameters, unit, which, (operator, a) => {
      if (operator === 'sign' || operator === 'step') signs.push(Math.sign(a));
    });
    return signs;
  };
  const exact = run(0);
  return disturbances.some((which) =>
    run(which).some((sign, index) => exact[index] !== 0 && sign !== exact[index]),
  );
}

/**
 * How much the output moves, per unit, when every intermediate value is off by a relative unit: the most of
 * eight tries.
 */
function sensitivity(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  epsilon: number,
): number {
  // Several roundings at once, so that a tie that rounding may decide is seen.
  const unit = 4 * epsilon;
  const exact = disturbed(expression, x, parameters, unit, 0);
  const most = Math.max(
    ...disturbances.map((which) => Math.abs(disturbed(expression, x, parameters, unit, which) - exact)),
  );
  return Number.isFinite(most) ? most / unit : 0;
}

const disturbances = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * The value with every intermediate value off by up to a relative unit, each run in its own way; run 0 is
 * exact.
 */
function disturbed(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  unit: number,
  which: number,
  see: (operator: OperatorName, a: number, b: number) => void = () => undefined,
): number {
  let count = 0;
  return fold<number>(expression, {
    number: (node) => node.value,
    variable: () => x,
    parameter: (node) => parameters[node.name] ?? node.initial,
    call: (node, [a, b]) => {
      count++;
      see(node.operator, a as number, b as number);
      const value = operatorFor(node.operator).evaluate(a as number, b as number);
      const turn = (count * 8 + which) * 0.7548776662466927;
      return which === 0 ? value : value * (1 + unit * (2 * (turn - Math.floor(turn)) - 1));
    },
  });
}

function roundToBfloat16(value: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  if (!Number.isFinite(value)) return value;
  const word = bits.getUint32(0);
  bits.setUint32(0, ((word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000) >>> 0);
  return bits.getFloat32(0);
}
