import { arithmetic, type Block, calls, type Language, writeBlock } from './code.ts';
import { type ExportedFunction, headLines, operandNames } from './exported-function.ts';
import { helpersFor } from './plan.ts';

/** Helpers carry the function's name, so that two headers can be included together; `@` stands for it. */
const language: Language = {
  rows: {
    ...arithmetic,
    ...calls('', { abs: 'fabsf', sqrt: 'sqrtf', exp: 'expf', expm1: 'expm1f', log: 'logf', log1p: 'log1pf' }),
    ...calls('', { sin: 'sinf', cos: 'cosf', sinh: 'sinhf', cosh: 'coshf', tanh: 'tanhf', asinh: 'asinhf' }),
    ...calls('', { atan: 'atanf', erf: 'erff', erfc: 'erfcf' }),
    ...calls('@_', { sinc: 'sinc', dsinc: 'dsinc', sigmoid: 'sigmoid', softplus: 'softplus', sign: 'sign' }),
    ...calls('', { pow: 'powf' }, 2),
    ...calls('@_', { max: 'max', min: 'min', masked: 'masked' }, 2),
    square: { text: '$a * $a', precedence: 3, operands: [4, 4] },
    cube: { text: '$a * $a * $a', precedence: 3, operands: [4, 4] },
    step: { text: '(@_sign($a) + 1.0f) / 2.0f', precedence: 3, operands: [0, 0] },
  },
  number: floatLiteral,
  assign: (name, text) => `const float ${name} = ${text};`,
};

const sign = helper('sign(float a)', 'a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : a');

const helpers = {
  max: helper('max(float a, float b)', 'a > b || a != a ? a : b'),
  min: helper('min(float a, float b)', 'a < b || a != a ? a : b'),
  sign,
  step: sign,
  masked: helper('masked(float a, float b)', 'b == 0.0f ? 0.0f : a * b'),
  sigmoid: helper('sigmoid(float a)', 'a >= 0.0f ? 1.0f / (1.0f + expf(-a)) : expf(a) / (1.0f + expf(a))'),
  softplus: helper('softplus(float a)', '(a > 0.0f ? a : 0.0f) + log1pf(expf(-fabsf(a)))'),
  sinc: helper('sinc(float a)', 'a == 0.0f ? 1.0f : sinf(a) / a'),
  dsinc: `/* The derivative of sin(a)/a, by its series below 1 where the quotient cancels. */
static inline float @_dsinc(float a) {
    const float s = a * a;
    if (!(fabsf(a) < 1.0f)) return (cosf(a) - sinf(a) / a) / a;
    return a * (-1.0f / 3 + s * (1.0f / 30 - s * (1.0f / 840 - s * (1.0f / 45360 - s / 3991680))));
}`,
};

/** A C header: the value, and the derivative by x and by each parameter, in float. */
export function cHeader(exported: ExportedFunction): string {
  const { functionName, parameters, program, derivatives } = exported;
  const names = operandNames(exported);
  const value = writeBlock([program], language, names);
  const slopes = derivatives.map((slope) => writeBlock([slope], language, names));
  const constants = parameters.map(
    ({ name, initial }) => `#define ${macro(functionName)}_${macro(name)} ${floatLiteral(initial)}`,
  );
  const functions = [
    define(exported, functionName, value),
    ...slopes.map((slope, index) => define(exported, `${functionName}_d${names[index]}`, slope)),
  ];
  const guard = `${macro(functionName)}_H`;
  const sections = [
    `/*\n${headLines(exported)
      .map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd())
      .join('\n')}\n */`,
    `#ifndef ${guard}\n#define ${guard}\n\n#include <math.h>`,
    ...(constants.length === 0 ? [] : [`/* Where the parameters start. */\n${constants.join('\n')}`]),
    ...helpersFor([value, ...slopes], helpers),
    ...functions,
    '#endif',
  ];
  return `${sections.join('\n\n').replaceAll('@', functionName)}\n`;
}

function define(exported: ExportedFunction, name: string, block: Block): string {
  const names = operandNames(exported);
  const operands = names.map((one) => `float ${one}`).join(', ');
  const text = [...block.lines, ...block.results].join('\n');
  const unused = names.filter((one) => !new RegExp(`\\b${one}\\b`).test(text));
  const lines = [...unused.map((one) => `(void)${one};`), ...block.lines, `return ${block.results[0]};`];
  return `static inline float ${name}(${operands}) {\n${lines.map((line) => `    ${line}`).join('\n')}\n}`;
}

function helper(head: string, value: string): string {
  return `static inline float @_${head} {\n    return ${value};\n}`;
}

function macro(name: string): string {
  return name.toUpperCase();
}

/** Nine significant digits would do; the shortest float64 decimals round to the same float. */
function floatLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
