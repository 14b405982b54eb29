import type { Expression } from '../expression/expression.ts';
import { parametersOf, renameParameters } from '../expression/parameters.ts';
import { type Language, type Row, writeFormula } from './code.ts';
import { type ExportedFunction, headLines } from './exported-function.ts';

const language: Language = {
  rows: {
    add: { text: '$a + $b', precedence: 1, operands: [1, 2] },
    sub: { text: '$a - $b', precedence: 1, operands: [1, 2] },
    mul: { text: '$a \\, $b', precedence: 3, operands: [3, 4] },
    // As the base of a power these need parentheses, in a product not.
    div: { text: '\\frac{$a}{$b}', precedence: 4, operands: [0, 0] },
    pow: power('{$a}^{$b}'),
    neg: { text: '-$a', precedence: 2, operands: [3, 3] },
    abs: '\\left|$a\\right|',
    square: power('{$a}^{2}'),
    cube: power('{$a}^{3}'),
    sqrt: '\\sqrt{$a}',
    exp: { text: 'e^{$a}', precedence: 4, operands: [0, 0] },
    expm1: '\\left(e^{$a} - 1\\right)',
    // The 1 stands behind: before a sign, 1 + -x.
    log1p: '\\log\\left($a + 1\\right)',
    ...named({ log: '\\log', sin: '\\sin', cos: '\\cos', sinh: '\\sinh', cosh: '\\cosh', tanh: '\\tanh' }),
    ...named({ atan: '\\arctan', asinh: operatorName('arsinh'), erf: operatorName('erf') }),
    ...named({ erfc: operatorName('erfc'), sinc: operatorName('sinc'), dsinc: `${operatorName('sinc')}'` }),
    ...named({ sigmoid: '\\sigma', softplus: operatorName('softplus'), sign: operatorName('sign') }),
    ...named({ step: '\\theta' }),
    max: '\\max\\left($a, $b\\right)',
    min: '\\min\\left($a, $b\\right)',
    masked: { text: '$a \\, $b', precedence: 3, operands: [3, 4] },
  },
  number,
  assign: (name, text) => `${name} = ${text}`,
};

const greek = new Set(
  'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi omega'.split(
    ' ',
  ),
);

/** One formula for a paper. */
export function latexFormula(exported: ExportedFunction): string {
  const comments = headLines(exported).map((line) => `% ${line}\n`);
  return `${comments.join('')}f(x) = ${latexOf(exported.expression)}\n`;
}

/** An expression as LaTeX that stands in math mode. */
export function latexOf(expression: Expression): string {
  const letters = lettersOf(parametersOf(expression).map(({ name }) => name));
  return writeFormula(renameParameters(expression, letters), language);
}

/** A letter for each name. Where beta2 and beta_2 would have the same, the second gets another number. */
function lettersOf(names: readonly string[]): ReadonlyMap<string, string> {
  const letters = names.map(letterOf);
  const used = new Set([...notForParameters, ...letters]);
  return new Map(
    names.map((name, index) => {
      const letter = letters[index] as string;
      const isFirst = letters.indexOf(letter) === index && !notForParameters.includes(letter);
      return [name, isFirst ? letter : numbered(letter, used)];
    }),
  );
}

const notForParameters = ['x', 'e'];

function numbered(letter: string, used: Set<string>): string {
  const base = letter.replace(/_\{\d+\}$/, '');
  let count = 2;
  while (used.has(`${base}_{${count}}`)) count++;
  used.add(`${base}_{${count}}`);
  return `${base}_{${count}}`;
}

/** beta2 as \beta_{2}, a name of several letters upright. */
function letterOf(name: string): string {
  const [, word = name, index = ''] = /^([a-z]+)_?(\d*)_?$/.exec(name) ?? [];
  const base = greek.has(word)
    ? `\\${word}`
    : word.length === 1
      ? word
      : `\\mathrm{${word.replaceAll('_', '\\_')}}`;
  return index === '' ? base : `${base}_{${index}}`;
}

function power(text: string): Row {
  return { text, precedence: 4, operands: [5, 0] };
}

/** 1e-5 as 10^{-5}. */
function number(value: number): string {
  if (Math.abs(value) === Math.PI) return value < 0 ? '-\\pi' : '\\pi';
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const power = `10^{${Number(exponent)}}`;
  return digits === '1' ? power : `${digits} \\cdot ${power}`;
}

function named<Name extends string>(names: Readonly<Record<Name, string>>): Record<Name, string> {
  return Object.fromEntries(
    Object.entries<string>(names).map(([name, text]) => [name, `${text}\\left($a\\right)`]),
  ) as Record<Name, string>;
}

function operatorName(name: string): string {
  return `\\operatorname{${name}}`;
}
