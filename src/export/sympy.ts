import { arithmetic, calls, type Language, writeFormula } from './code.ts';
import type { ExportedFunction } from './exported-function.ts';
import { argumentsOf, moduleDocstring, python } from './python.ts';

const language: Language = {
  assign: python.assign,
  // A decimal number is meant as it is written, so it is a fraction.
  number: (value) => (Number.isInteger(value) ? String(value) : `sp.Rational("${value}")`),
  rows: {
    ...arithmetic,
    ...calls('sp.', {
      abs: 'Abs',
      sqrt: 'sqrt',
      exp: 'exp',
      log: 'log',
      sin: 'sin',
      cos: 'cos',
      sinh: 'sinh',
    }),
    ...calls('sp.', { cosh: 'cosh', tanh: 'tanh', asinh: 'asinh', atan: 'atan', sinc: 'sinc', erf: 'erf' }),
    ...calls('sp.', { erfc: 'erfc', sign: 'sign' }),
    ...calls('sp.', { max: 'Max', min: 'Min' }, 2),
    pow: { text: '$a ** $b', precedence: 3, operands: [4, 4] },
    square: { text: '$a ** 2', precedence: 3, operands: [4, 4] },
    cube: { text: '$a ** 3', precedence: 3, operands: [4, 4] },
    expm1: { text: 'sp.exp($a) - 1', precedence: 1, operands: [0, 0] },
    log1p: 'sp.log(1 + $a)',
    dsinc: 'sp.Piecewise(((sp.cos($a) - sp.sinc($a)) / $A, sp.Ne($a, 0)), (0, True))',
    sigmoid: { text: '1 / (1 + sp.exp(-$a))', precedence: 3, operands: [3, 3] },
    softplus: 'sp.log(1 + sp.exp($a))',
    step: 'sp.Heaviside($a, sp.Rational(1, 2))',
    masked: 'sp.Piecewise((0, sp.Eq($b, 0)), ($A * $B, True))',
  },
};

/** A SymPy file: symbols, the expression, its derivative. */
export function sympyFile(exported: ExportedFunction): string {
  const { functionName, expression, parameters } = exported;
  const names = argumentsOf(exported);
  const initial = parameters.map(({ name, initial: value }) => `${name}: ${language.number(value)}`);
  const lines = [
    `${names} = sp.symbols("${names.replaceAll(',', '')}", real=True)`,
    `${functionName} = ${writeFormula(expression, language)}`,
    `derivative = sp.diff(${functionName}, x)`,
    ...(initial.length === 0 ? [] : ['# Where the parameters start.', `initial = {${initial.join(', ')}}`]),
  ];
  return `${moduleDocstring(exported)}\n\nimport sympy as sp\n\n${lines.join('\n')}\n`;
}
