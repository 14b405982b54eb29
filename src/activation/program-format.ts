/**
 * Instructions of the tile interpreter: what each reads besides its target. `a`, `b`, `c` are registers, `k`
 * is a literal; `sum` adds to a sum over all rows instead of writing a register. The order is that of
 * native/instructions.def, which says what each computes; a test compares the two.
 */
const instructionOperands = {
  copy: 'a',
  fill: 'k',
  add: 'ab',
  sub: 'ab',
  mul: 'ab',
  div: 'ab',
  max: 'ab',
  min: 'ab',
  masked: 'ab',
  gated: 'ab',
  pow: 'ab',
  add_k: 'ak',
  k_sub: 'ak',
  mul_k: 'ak',
  k_div: 'ak',
  max_k: 'ak',
  min_k: 'ak',
  neg: 'a',
  abs: 'a',
  square: 'a',
  cube: 'a',
  sqrt: 'a',
  sign: 'a',
  step: 'a',
  exp: 'a',
  expm1: 'a',
  log: 'a',
  log1p: 'a',
  sigmoid: 'a',
  softplus: 'a',
  sin: 'a',
  cos: 'a',
  sinc: 'a',
  dsinc: 'a',
  atan: 'a',
  sinh: 'a',
  cosh: 'a',
  tanh: 'a',
  asinh: 'a',
  erf: 'a',
  erfc: 'a',
  mul_add: 'abc',
  sub_mul: 'abc',
  mul_add_k: 'abk',
  k_sub_mul: 'abk',
  mul_k_add: 'abk',
  mul_mul_k: 'abk',
  masked_add: 'abc',
  exp_neg_square: 'a',
  tanh_slope: 'ab',
  sigmoid_slope: 'ab',
  max_share: 'abc',
  max_k_share: 'abk',
  sum: 'a',
  dot: 'ab',
} as const satisfies Record<string, 'k' | 'a' | 'ab' | 'abc' | 'ak' | 'abk'>;

export type InstructionName = keyof typeof instructionOperands;

const instructionNames = Object.keys(instructionOperands) as readonly InstructionName[];

const codes = new Map(instructionNames.map((name, code) => [name, code]));

/** One instruction with its registers: at most three operands, and a literal if its kind has one. */
export interface Instruction {
  readonly name: InstructionName;
  /** A register, or the number of a sum. */
  readonly target: number;
  readonly operands: readonly number[];
  readonly literal?: number;
}

/** Registers are numbered: inputs, parameters, outputs, temporaries. */
export interface Program {
  readonly inputs: number;
  readonly parameters: number;
  readonly outputs: number;
  readonly temporaries: number;
  readonly sums: number;
  /** The number of leading instructions that depend on parameters only: they run once, not for every tile. */
  readonly once: number;
  readonly instructions: readonly Instruction[];
}

/**
 * Version of the serialized form and of the operands of the native operations. Raise it here and in
 * native/program.hpp with every change of either.
 */
const version = 3;

/** The layout of programs as text. An addon that can run them holds the same text in its file. */
export const programLayout = `fused programs, version ${version}:${Object.entries(instructionOperands)
  .map(([name, operands]) => ` ${name} ${operands};`)
  .join('')}`;

export const maximumRegisters = 256;
export const maximumSums = 64;

export function registerCount(program: Program): number {
  return program.inputs + program.parameters + program.outputs + program.temporaries;
}

/**
 * A program as 32-bit words: a header of eight, then for each instruction code | target << 8 | a << 16 | b <<
 * 24 and either c or the literal's float32 bits.
 */
export function serialize(program: Program): Int32Array {
  const { inputs, parameters, outputs, temporaries, sums, once, instructions } = program;
  const header = [version, inputs, parameters, outputs, temporaries, sums, once, instructions.length];
  const words = new Int32Array(header.length + 2 * instructions.length);
  words.set(header);
  instructions.forEach(({ name, target, operands, literal }, index) => {
    const [a = 0, b = 0, c = 0] = operands;
    const at = header.length + 2 * index;
    words[at] = (codes.get(name) as number) | (target << 8) | (a << 16) | (b << 24);
    words[at + 1] = literal === undefined ? c : floatBits(literal);
  });
  return words;
}

/** One instruction a line, for tests and for people: `t0 = mul_add x, beta, t1`. */
export function describe(program: Program): string {
  const { inputs, parameters, outputs } = program;
  const register = (index: number) => {
    if (index < inputs) return `in${index}`;
    if (index < inputs + parameters) return `p${index - inputs}`;
    const rest = index - inputs - parameters;
    return rest < outputs ? `out${rest}` : `t${rest - outputs}`;
  };
  const line = ({ name, target, operands, literal }: Instruction) => {
    const sum = name === 'sum' || name === 'dot';
    const sources = [...operands.map(register), ...(literal === undefined ? [] : [`${literal}`])];
    return `${sum ? `sum${target} +=` : `${register(target)} =`} ${name} ${sources.join(', ')}`;
  };
  return program.instructions.map(line).join('\n');
}

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

function floatBits(value: number): number {
  floats[0] = value;
  return bits[0] as number;
}
