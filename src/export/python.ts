import type { OperatorName } from '../expression/operators.ts';
import { arithmetic, type Row } from './code.ts';
import { type ExportedFunction, headLines, operandNames } from './exported-function.ts';

/** What the Python targets share. */
export const python = {
  // Frameworks make an int32 or int64 of whole numbers, which large ones do not fit.
  number: (value: number) => (Math.abs(value) < 2 ** 31 ? String(value) : floatText(value)),
  assign: (name: string, text: string) => `${name} = ${text}`,
} as const;

/** Rows with Python's operator signs, on a module's `sign` and `where`. */
export function pythonRows(module: string) {
  return {
    ...arithmetic,
    cube: { text: '$a * $a * $a', precedence: 3, operands: [4, 4] },
    sinc: `${module}.where($a == 0, 1.0, ${module}.sin($a) / $A)`,
    dsinc: '_dsinc($a)',
    step: { text: `(${module}.sign($a) + 1) / 2`, precedence: 3, operands: [0, 0] },
    masked: `${module}.where($b == 0, 0.0, $A * $B)`,
  } as const satisfies Partial<Record<OperatorName, Row>>;
}

/** Lines four spaces further in. */
export function indent(lines: readonly string[], levels = 1): string {
  return lines.map((line) => (line === '' ? '' : `${'    '.repeat(levels)}${line}`)).join('\n');
}

/** The module's docstring. */
export function moduleDocstring(exported: ExportedFunction): string {
  const [first, ...rest] = headLines(exported);
  return rest.length === 0 ? `"""${first}"""` : `"""${first}\n\n${rest.join('\n')}\n"""`;
}

/** `x, beta`. */
export function argumentsOf(exported: ExportedFunction): string {
  return operandNames(exported).join(', ');
}

/** sinc' for a module with NumPy's names. */
export function dsincHelper(module: string): string {
  return `def _dsinc(x):
    """The derivative of sin(x)/x, by its series below 1 where the quotient cancels."""
    s = ${module}.square(x)
    series = 1 / 3991680 - s * (1 / 518918400 - s * (1 / 93405312000 - s / 22230464256000.0))
    series = -1 / 3 + s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s * series)))
    quotient = (${module}.cos(x) - ${module}.sin(x) / x) / x
    return ${module}.where(${module}.abs(x) < 1, x * series, quotient)`;
}

/** `; beta broadcasts against it`, for a docstring; empty without parameters. */
export function broadcasting(parameters: ExportedFunction['parameters']): string {
  if (parameters.length === 0) return '';
  const names = parameters.map(({ name }) => name).join(', ');
  return `; ${names} ${parameters.length === 1 ? 'broadcasts' : 'broadcast'} against it`;
}

/** A number with a decimal point or an exponent. */
export function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

/** A Python literal of learned values: one row a layer. */
export function trainedTable({ parameters }: ExportedFunction): string | undefined {
  const learned = parameters.flatMap(({ name, trained }) => (trained ? [{ name, trained }] : []));
  if (learned.length === 0) return undefined;
  const rows = learned.map(
    ({ name, trained }) =>
      `    "${name}": [\n${trained.map((layer) => `        [${layer.map(shortest).join(', ')}],\n`).join('')}    ],\n`,
  );
  return `# Learned values, a row for each layer and in it a value for each channel.\nTRAINED = {\n${rows.join('')}}`;
}

/** The shortest decimals that stand for the float32. A list of whole numbers would become one of integers. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return floatText(short);
  }
  return floatText(value);
}
