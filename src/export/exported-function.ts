import { ActivationSearchError } from '../errors.ts';
import { derivative, parametersOf } from '../expression/derive.ts';
import { call, type Expression, fold, number } from '../expression/expression.ts';
import { sameFunction } from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { operatorFor, operatorNames } from '../expression/operators.ts';
import { renameParameters } from '../expression/parameters.ts';
import { simplify } from '../expression/simplify.ts';

/** What is to be exported: a function, its name, and what is known of it. */
export interface ExportRequest {
  readonly expression: Expression;
  /** Letters and digits such as `Swish` or `ReLU`; the function is called `swish`, `relu`. */
  readonly name: string;
  /** Sentences for the file's head: study, score, date. */
  readonly notes: readonly string[];
  /** Values after training by layer and channel; each parameter's initial value where it is missing. */
  readonly trained?: TrainedValues;
}

export type TrainedValues = Readonly<Record<string, readonly (readonly number[])[]>>;

/** A function as the targets write it. */
export interface ExportedFunction {
  readonly className: string;
  readonly functionName: string;
  /** As the person gave it, in one line. */
  readonly formula: string;
  /** Simplified to stable forms, its parameters renamed where a language reserves their names. */
  readonly expression: Expression;
  /** The expression with its constant parts worked out. */
  readonly program: Expression;
  readonly parameters: readonly ExportedParameter[];
  /** By x, then by each parameter, constant parts worked out. */
  readonly derivatives: readonly Expression[];
  readonly notes: readonly string[];
}

export interface ExportedParameter {
  readonly name: string;
  readonly initial: number;
  /** Learned values by layer and channel. */
  readonly trained?: readonly (readonly number[])[];
}

/** Names that a language or a base class takes for itself. */
const reserved = new Set(
  `and as assert async await break build call case cast catch channels char class config const continue ctx def default
  del delete device do double dtype dy else elif except extends extern enum
   final finally float for forward from
  function global goto grad if import in init inline input int interface is jax jnp keras lambda let long math name new
  nn nonlocal not null ops or params pass primals private raise register restrict return rngs self save short signed
  sizeof static struct super switch sympy sympify tangents tf this throw torch training true try type typeof union
  unsigned upstream value var void volatile weights while with x_dot yield`.split(/\s+/),
);

export function exportedFunction(request: ExportRequest): ExportedFunction {
  const simplified = simplify(request.expression);
  const names = new Map(parametersOf(simplified).map(({ name }) => [name, safeName(name)] as const));
  const expression = renameParameters(simplified, names);
  const parameters = parametersOf(simplified).map(({ name, initial }) => {
    const trained = request.trained?.[name];
    const parameter = { name: names.get(name) as string, initial: trained ? mean(trained) : initial };
    return trained ? { ...parameter, trained } : parameter;
  });
  return {
    className: request.name,
    functionName: functionName(request.name, [...names.values()]),
    formula: print(request.expression),
    expression,
    program: foldNumbers(expression),
    parameters,
    derivatives: ['x', ...parameters.map(({ name }) => name)].map((by) =>
      foldNumbers(derivative(expression, by)),
    ),
    notes: request.notes,
  };
}

/** Whether the function is, exactly, one that has a name without parameters. */
export function isKnownAs({ expression, parameters }: ExportedFunction, formula: string): boolean {
  return parameters.length === 0 && sameFunction(expression, parse(formula));
}

/** The head of a file: formula and notes, one a line. */
export function headLines({ className, formula, notes }: ExportedFunction): readonly string[] {
  return [`${className}: ${formula}`, ...notes];
}

function safeName(name: string): string {
  return reserved.has(name) || /^[a-z]+\d*f$/.test(name) ? `${name}_` : name;
}

/** In lower case, apart from the parameters and from what libraries call functions of their own. */
function functionName(className: string, parameters: readonly string[]): string {
  const name = safeName(className.toLowerCase());
  return parameters.includes(name) || operatorNames.some((one) => one === name) ? `${name}_` : name;
}

function mean(layers: readonly (readonly number[])[]): number {
  const values = layers.flat();
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Parts without x and parameters become their number in float64. */
function foldNumbers(expression: Expression): Expression {
  return fold<Expression>(expression, {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => node,
    call: (node, operands) => {
      const values = operands.map((operand) => (operand.kind === 'number' ? operand.value : undefined));
      if (values.includes(undefined)) return call(node.operator, ...operands);
      const value = operatorFor(node.operator).evaluate(values[0] as number, values[1] as number);
      if (Number.isFinite(value)) return number(value);
      throw new ActivationSearchError('formula', `${print(node)} is ${value}, not a finite number.`, {
        hint: 'Leave that part out of the formula.',
      });
    },
  });
}
