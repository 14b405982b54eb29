import type { SearchSpace } from '../search-space/search-space.ts';
import type { Tokens } from './controller.ts';

/** Token sequences of the space, all of them. */
export function sequenceCount(space: SearchSpace): bigint {
  return space.tokenCounts.reduce((product, count) => product * BigInt(count), 1n);
}

/** The sequence with that number, from 0 on: a mixed-radix number whose last token changes fastest. */
export function tokensAt(space: SearchSpace, index: bigint): Tokens {
  const tokens = new Array<number>(space.tokenCounts.length);
  let rest = index;
  for (let position = tokens.length - 1; position >= 0; position--) {
    const count = BigInt(space.tokenCounts[position] as number);
    tokens[position] = Number(rest % count);
    rest /= count;
  }
  return tokens;
}
