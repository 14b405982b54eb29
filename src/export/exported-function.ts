import { ActivationSearchError } from '../errors.ts';
import { tolerance } from '../expression/agreement.ts';
import { derivative, parametersOf } from '../expression/derive.ts';
import { evaluate } from '../expression/evaluate.ts';
import { call, type Expression, fold, number } from '../expression/expression.ts';
import { sameFunction } from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { operatorFor, operatorNames } from '../expression/operators.ts';
import { renameParameters } from '../expression/parameters.ts';
import { simplify } from '../expression/simplify.ts';
import { freeName, freeParameterNames, isTakenForClass, isTakenForFunction } from './taken-names.ts';

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

export function exportedFunction(request: ExportRequest): ExportedFunction {
  const simplified = simplify(request.expression);
  const names = freeParameterNames(parametersOf(simplified).map(({ name }) => name));
  const expression = renameParameters(simplified, names);
  const parameters = parametersOf(simplified).map(({ name, initial }) => {
    const trained = request.trained?.[name];
    const parameter = { name: names.get(name) as string, initial: trained ? mean(trained) : initial };
    return trained ? { ...parameter, trained } : parameter;
  });
  return {
    className: freeName(request.name, isTakenForClass),
    functionName: functionNameOf(request.name, [...names.values()]),
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

/**
 * Whether the function is, exactly, one that has a name without parameters: with its values and slopes at
 * ties too.
 */
export function isKnownAs({ expression, parameters }: ExportedFunction, formula: string): boolean {
  const known = parse(formula);
  if (parameters.length > 0 || !sameFunction(expression, known)) return false;
  const pairs = [
    [expression, known],
    [derivative(expression, 'x'), derivative(known, 'x')],
  ] as const;
  return ties.every((x) =>
    pairs.every(([a, b]) => Math.abs(evaluate(a, { x }) - evaluate(b, { x })) <= tolerance),
  );
}

/** Where the functions with names have kinks. */
const ties = [-3, 0, 3];

/** The function's operands by name: x and the parameters. */
export function operandNames({ parameters }: ExportedFunction): readonly string[] {
  return ['x', ...parameters.map(({ name }) => name)];
}

/** The head of a file: formula and notes, one a line. */
export function headLines({ className, formula, notes }: ExportedFunction): readonly string[] {
  return [`${className}: ${formula}`, ...notes];
}

/** In lower case, apart from the parameters and from what languages and libraries call their own. */
function functionNameOf(className: string, parameters: readonly string[]): string {
  const isOperator = (name: string) => operatorNames.some((one) => one === name);
  return freeName(
    className.toLowerCase(),
    (name) => isTakenForFunction(name) || isOperator(name) || parameters.includes(name),
  );
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
