import { derivative, parametersOf } from '../expression/derive.ts';
import { evaluate, type ParameterValues } from '../expression/evaluate.ts';
import type { Expression, VariableName } from '../expression/expression.ts';
import { print } from '../expression/notation.ts';
import { simplify } from '../expression/simplify.ts';
import { evaluateSingle } from '../expression/single-precision.ts';
import { variablesOf } from '../expression/structure.ts';
import { sameFunctions } from './behavior.ts';
import { fragileRegion, nonFiniteRegion, type Region } from './regions.ts';
import type { Primitive, SearchSpace } from './space.ts';

/** What `space check` finds out about one primitive. */
export interface PrimitiveCheck {
  readonly primitive: Primitive;
  /** By each variable and parameter, in this order, as formulas. */
  readonly derivatives: Readonly<Record<string, string>>;
  /** Where it is not finite as written, with all intermediate values in float32, at its initial values. */
  readonly notFinite: Region;
  /** Where its simplest form, which is trained, is lost in float32 though the function is finite. */
  readonly fragile: Region;
  /** The largest relative difference between a derivative and its difference quotient. */
  readonly derivativeError: number;
  readonly derivativeErrorBy: string;
  /** Inputs on which the value does not depend. */
  readonly unusedInputs: readonly VariableName[];
}

/** Differences above this count as a wrong derivative; the quotient's own error stays below 1e-6. */
export const derivativeTolerance = 1e-4;

/** Evaluates and derives a primitive and looks for where it is not finite. */
function checkPrimitive(primitive: Primitive): PrimitiveCheck {
  const { expression, arity } = primitive;
  const inputs: readonly VariableName[] = arity === 1 ? ['x'] : ['x1', 'x2'];
  const parameters = parametersOf(expression).map(({ name }) => name);
  const slopes = new Map([...inputs, ...parameters].map((name) => [name, derivative(expression, name)]));
  const errors = [...slopes].map(([name, slope]) => [name, largestError(expression, slope, name)] as const);
  const [worstBy, worst] = errors.reduce((a, b) => (b[1] > a[1] ? b : a));
  const notFinite = arity === 1 ? unaryRegion(expression) : binaryRegion(expression);
  return {
    primitive,
    derivatives: Object.fromEntries([...slopes].map(([name, slope]) => [name, print(slope)])),
    notFinite,
    fragile: arity === 1 ? fragileRegion(simplify(expression)) : nowhere,
    derivativeError: worst,
    derivativeErrorBy: worstBy,
    unusedInputs: inputs.filter((name) => !variablesOf(simplify(expression)).has(name)),
  };
}

/** What `space check` finds out about a space. */
export interface SpaceCheck {
  readonly primitives: readonly PrimitiveCheck[];
  /** Names of primitives of one arity that are the same function. */
  readonly duplicates: readonly (readonly string[])[];
  /** What a person should know; the space can be used all the same. */
  readonly warnings: readonly string[];
}

/** Looks at every primitive and at duplicates by behavior. */
export function checkSpace(space: SearchSpace): SpaceCheck {
  const primitives = [...space.unary, ...space.binary].map(checkPrimitive);
  const duplicates = [...sameFunctions(space.unary), ...sameFunctions(space.binary)];
  return {
    primitives,
    duplicates,
    warnings: [
      ...primitives.flatMap(warningsOf),
      ...duplicates.map((names) => `${names.join(' and ')} are the same function; one is enough.`),
    ],
  };
}

const nowhere: Region = { text: '', near: false };

function warningsOf({
  primitive,
  notFinite,
  fragile,
  derivativeError,
  derivativeErrorBy,
  unusedInputs,
}: PrimitiveCheck) {
  const { name, arity, place } = primitive;
  const warnings: string[] = [];
  if (notFinite.near) {
    const where = notFinite.text === 'everywhere' ? 'everywhere' : `for ${notFinite.text}`;
    warnings.push(`${name} is not finite ${where}: candidates that reach it are refused.`);
  }
  if (fragile.text !== '') {
    warnings.push(
      `${name} is lost in float32 for ${fragile.text}, where the function is finite: an intermediate value overflows.`,
    );
  }
  if (derivativeError > derivativeTolerance) {
    const error = derivativeError.toPrecision(2);
    warnings.push(
      `${name}: its derivative by ${derivativeErrorBy} differs from the difference quotient by ${error}.`,
    );
  }
  if (arity === 2 && unusedInputs.length > 0) {
    warnings.push(`${name} does not depend on ${unusedInputs.join(' and ')}.`);
  }
  return warnings.map((warning) => `${place}: ${warning}`);
}

type Point = Partial<Readonly<Record<VariableName, number>>>;

function unaryRegion(expression: Expression): Region {
  return nonFiniteRegion((x) => evaluateSingle(expression, { x }), 'x');
}

/** The region of one input if only that input decides; else the share of [-5, 5]^2. */
function binaryRegion(expression: Expression): Region {
  for (const input of ['x1', 'x2'] as const) {
    const other = input === 'x1' ? 'x2' : 'x1';
    const regions = [-2.5, 1, 3].map((value) =>
      nonFiniteRegion((at) => evaluateSingle(expression, { [other]: value, [input]: at }), input),
    );
    const [region] = regions;
    if (region?.text && regions.every(({ text }) => text === region.text)) return region;
  }
  const bad = squarePoints.filter((point) => !Number.isFinite(evaluateSingle(expression, point)));
  const [first] = bad;
  if (!first) return nowhere;
  const share = ((100 * bad.length) / squarePoints.length).toPrecision(2);
  return { text: `${share}% of [-5, 5]^2, such as x1 = ${first.x1}, x2 = ${first.x2}`, near: true };
}

/** 41 by 41 points of [-5, 5]^2. */
const squarePoints: readonly { x1: number; x2: number }[] = Array.from({ length: 41 * 41 }, (_, index) => ({
  x1: (index % 41) / 4 - 5,
  x2: Math.floor(index / 41) / 4 - 5,
}));

/**
 * The largest relative difference between a derivative and the central difference quotient in float64, at 64
 * points of [-5, 5] off the usual kinks, with parameters at their initial and at other values. Points next to
 * a kink, where the quotients from both sides differ, and points where the function is not finite do not
 * count.
 */
function largestError(expression: Expression, slope: Expression, by: string): number {
  const settings = [{}, otherValues(expression)];
  const errors = settings.flatMap((parameters) =>
    checkPoints.map((point) => errorAt(expression, slope, by, point, parameters)),
  );
  return Math.max(0, ...errors);
}

function errorAt(
  expression: Expression,
  slope: Expression,
  by: string,
  point: Required<Point>,
  parameters: ParameterValues,
): number {
  const initial = parametersOf(expression).find(({ name }) => name === by)?.initial;
  const center = initial === undefined ? point[by as VariableName] : (parameters[by] ?? initial);
  const step = 1e-5 * Math.max(1, Math.abs(center));
  const value = (at: number): number =>
    initial === undefined
      ? evaluate(expression, { ...point, [by]: at, parameters })
      : evaluate(expression, { ...point, parameters: { ...parameters, [by]: at } });
  const [below, here, above] = [value(center - step), value(center), value(center + step)] as const;
  if (![below, here, above].every(Number.isFinite)) return 0;
  const [left, right] = [(here - below) / step, (above - here) / step];
  const scale = Math.max(1, Math.abs(left), Math.abs(right), Math.abs(here));
  if (Math.abs(left - right) > 1e-2 * scale) return 0;
  const given = evaluate(slope, { ...point, parameters });
  const error = Math.abs(given - (left + right) / 2) / scale;
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

function otherValues(expression: Expression): ParameterValues {
  return Object.fromEntries(parametersOf(expression).map(({ name }, index) => [name, 0.7 + 0.6 * index]));
}

const checkPoints: readonly Required<Point>[] = Array.from({ length: 64 }, (_, index) => {
  const spread = (ratio: number): number => ((((index + 1) * ratio) % 1) - 0.5) * 10;
  // Multiples of the golden ratio and of the square root of 2 fill [-5, 5] evenly.
  return { x: spread(0.6180339887), x1: spread(0.6180339887), x2: spread(Math.SQRT2) };
});
