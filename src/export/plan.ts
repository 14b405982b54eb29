import type { CallNode } from '../expression/expression.ts';
import { type OperatorName, operatorNames } from '../expression/operators.ts';
import { dependsOnX } from '../expression/structure.ts';
import { autodiffIsRight } from './autodiff.ts';
import { type Block, type Language, writeBlock } from './code.ts';
import { type ExportedFunction, isKnownAs, operandNames } from './exported-function.ts';
import { freeName, isTakenName } from './taken-names.ts';

/** A target with automatic differentiation. */
export interface Framework {
  readonly language: Language;
  /** Definitions of the functions that rows call and the framework lacks. */
  readonly helpers: Helpers;
  /** Functions of x that the framework has itself, value and gradient. */
  readonly own: readonly { readonly formula: string; readonly text: string }[];
  /**
   * Operators whose row the framework does not derive as the operator itself; a row `withNumber` counts too.
   */
  readonly unsafe: readonly OperatorName[];
  /** A constant, and a value that depends on parameters alone, in x's shape. */
  readonly fill: (value: string) => string;
  readonly broadcast: (value: string) => string;
}

export type Helpers = Partial<Readonly<Record<OperatorName, string>>>;

/** How a framework's function is written. */
export interface FunctionPlan {
  readonly helpers: readonly string[];
  /** Assignments before the value. */
  readonly lines: readonly string[];
  readonly value: string;
  /** The gradient where the framework's own would be wrong. */
  readonly slopes?: Slopes;
}

export interface Slopes {
  readonly lines: readonly string[];
  /** By x and by each parameter: 0, 1 or a name. */
  readonly results: readonly string[];
}

/**
 * The framework's own function where there is one; else the plain formula, whose gradient is left to the
 * framework where that is right, and given where not.
 */
export function planFunction(exported: ExportedFunction, framework: Framework): FunctionPlan {
  const { language, helpers, own, unsafe } = framework;
  const { program, derivatives } = exported;
  const known = own.find(({ formula }) => isKnownAs(exported, formula));
  if (known) return { helpers: [], lines: [], value: known.text };
  const operands = operandNames(exported);
  const forward = writeBlock([program], language, operands);
  const isUnsafe = ({ operator, operands }: CallNode) =>
    unsafe.includes(operator) ||
    (language.withNumber?.[operator] !== undefined && operands.some(({ kind }) => kind === 'number'));
  const value = sized(exported, forward.results[0] as string, framework);
  if (autodiffIsRight(program, isUnsafe)) {
    return { helpers: helpersFor([forward], helpers), lines: forward.lines, value };
  }
  const names = localNames(operands, (name) => `d${name}`);
  const block = writeBlock(derivatives, language, [...operands, ...names]);
  const isShort = (text: string) => /^\w+$/.test(text);
  const slopes = {
    lines: [
      ...block.lines,
      ...block.results.flatMap((text, index) =>
        isShort(text) ? [] : [language.assign(names[index] as string, text)],
      ),
    ],
    results: block.results.map((text, index) => (isShort(text) ? text : (names[index] as string))),
  };
  return { helpers: helpersFor([forward, block], helpers), lines: forward.lines, value, slopes };
}

/** A name for a value of generated code that belongs to each operand, apart from these and each other. */
export function localNames(
  operands: readonly string[],
  nameOf: (operand: string) => string,
): readonly string[] {
  const names: string[] = [];
  for (const operand of operands) {
    const used = [...operands, ...names];
    names.push(freeName(nameOf(operand), (one) => isTakenName(one) || used.includes(one)));
  }
  return names;
}

/** Definitions that these blocks need, each once. */
export function helpersFor(blocks: readonly Block[], helpers: Helpers): readonly string[] {
  const used = operatorNames.filter((name) => blocks.some(({ operators }) => operators.has(name)));
  return [...new Set(used.flatMap((name) => helpers[name] ?? []))];
}

/** `grad * dx` for each slope; a slope of 0 or 1 needs no product. */
export function gradients(
  slopes: Slopes,
  gradient: string,
  zero: string,
  product: Product,
): readonly string[] {
  return slopes.results.map((slope) => {
    if (slope === '0') return zero;
    return slope === '1' ? gradient : product(gradient, slope);
  });
}

type Product = (gradient: string, slope: string) => string;

function sized({ program }: ExportedFunction, value: string, { fill, broadcast }: Framework): string {
  if (dependsOnX(program)) return value;
  return program.kind === 'number' ? fill(value) : broadcast(value);
}
