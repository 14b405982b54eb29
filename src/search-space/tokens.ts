import type { Random } from '../random.ts';
import { type Primitive, type SearchSpace, tokensPerUnit } from './space.ts';

/** A candidate as a sequence of choices, one for each of the space's `tokenCounts`. */
export type Tokens = readonly number[];

/** One core unit: its inputs (0 is `x`, k the output of unit k) and its primitives. */
export interface CoreUnit {
  readonly input1: number;
  readonly input2: number;
  readonly unary1: Primitive;
  readonly unary2: Primitive;
  readonly binary: Primitive;
}

/** The tokens of one core unit: its inputs, and the numbers of its primitives. */
export type UnitTokens = readonly [
  input1: number,
  input2: number,
  unary1: number,
  unary2: number,
  binary: number,
];

/** The tokens of each core unit, first to last. */
export function unitTokens({ units }: SearchSpace, tokens: Tokens): UnitTokens[] {
  return Array.from(
    { length: units },
    (_, unit) => tokens.slice(unit * tokensPerUnit, (unit + 1) * tokensPerUnit) as unknown as UnitTokens,
  );
}

/** The core units that tokens stand for, first to last. Refuses tokens that are not of this space. */
export function coreUnits(space: SearchSpace, tokens: Tokens): CoreUnit[] {
  checkTokens(space, tokens);
  return unitTokens(space, tokens).map(([input1, input2, unary1, unary2, binary]) => ({
    input1,
    input2,
    unary1: space.unary[unary1] as Primitive,
    unary2: space.unary[unary2] as Primitive,
    binary: space.binary[binary] as Primitive,
  }));
}

/** The core units in words, one on a line: `unit 1: x1 * x2 with x1 = x of x, x2 = sigmoid(x) of x`. */
export function describeTokens(space: SearchSpace, tokens: Tokens): string {
  const source = (input: number): string => (input === 0 ? 'x' : `unit ${input}`);
  return coreUnits(space, tokens)
    .map(({ input1, input2, unary1, unary2, binary }, index) => {
      const operands = `x1 = ${unary1.name} of ${source(input1)}, x2 = ${unary2.name} of ${source(input2)}`;
      return `unit ${index + 1}: ${binary.name} with ${operands}`;
    })
    .join('\n');
}

/** A token sequence drawn uniformly from all of the space. */
export function sampleTokens(space: SearchSpace, random: Random): number[] {
  return space.tokenCounts.map((count) => random.index(count));
}

/** The sequence with the given number, from 0 to `space.size - 1`; the last token changes fastest. */
export function tokensAt(space: SearchSpace, index: bigint | number): number[] {
  let rest = BigInt(index);
  if (rest < 0n || rest >= space.size) {
    throw new RangeError(`sequence ${index} is not in a space of ${space.size}`);
  }
  const tokens = new Array<number>(space.tokenCounts.length);
  for (let position = tokens.length - 1; position >= 0; position--) {
    const count = BigInt(space.tokenCounts[position] as number);
    tokens[position] = Number(rest % count);
    rest /= count;
  }
  return tokens;
}

/** The number of a token sequence: the inverse of `tokensAt`. */
export function indexOfTokens(space: SearchSpace, tokens: Tokens): bigint {
  checkTokens(space, tokens);
  return tokens.reduce(
    (index, token, position) => index * BigInt(space.tokenCounts[position] as number) + BigInt(token),
    0n,
  );
}

/** All token sequences from the given number on, in the order of their numbers. */
export function* enumerateTokens(space: SearchSpace, fromIndex: bigint | number = 0): Generator<number[]> {
  if (BigInt(fromIndex) >= space.size) return;
  const tokens = tokensAt(space, fromIndex);
  for (;;) {
    yield [...tokens];
    let position = tokens.length - 1;
    while (position >= 0 && (tokens[position] as number) + 1 === space.tokenCounts[position]) {
      tokens[position--] = 0;
    }
    if (position < 0) return;
    tokens[position] = (tokens[position] as number) + 1;
  }
}

/** All sequences that differ in one token, by position and then by token. */
export function neighbors(space: SearchSpace, tokens: Tokens): number[][] {
  checkTokens(space, tokens);
  return space.tokenCounts.flatMap((count, position) =>
    Array.from({ length: count }, (_, token) => token)
      .filter((token) => token !== tokens[position])
      .map((token) => tokens.with(position, token)),
  );
}

/** Whether these are tokens of this space: as many as it has positions, each within its choices. */
export function areTokens(space: SearchSpace, tokens: readonly unknown[]): tokens is Tokens {
  return (
    tokens.length === space.tokenCounts.length &&
    space.tokenCounts.every((count, position) => {
      const token = tokens[position];
      return Number.isInteger(token) && (token as number) >= 0 && (token as number) < count;
    })
  );
}

function checkTokens(space: SearchSpace, tokens: Tokens): void {
  if (areTokens(space, tokens)) return;
  throw new RangeError(
    `[${(tokens as Tokens).join(', ')}] are no tokens of "${space.name}": choices are [${space.tokenCounts.join(', ')}]`,
  );
}
