import { z } from 'zod';
import { type SearchSpace, tokensAt } from '../search-space/search-space.ts';
import type { Controller, ControllerKind, ControllerState } from './controller.ts';
import { keyedPermutation } from './permutation.ts';

const stateSchema = z.strictObject({ seed: z.int(), position: z.string().regex(/^\d+$/) });

/**
 * Draws token sequences evenly from the whole space, never the same one twice, and ends when all are drawn.
 * Its memory is one number: the position in a pseudorandom order of the space.
 */
export const random: ControllerKind = {
  summary: 'draws evenly from the space, never the same token sequence twice',
  learns: false,
  options: z.strictObject({}),
  create: (space, seed) => createRandom(space, { seed, position: '0' }),
  restore: (space, state) => createRandom(space, state),
};

function createRandom(space: SearchSpace, state: ControllerState): Controller {
  const { seed, position: start } = stateSchema.parse(state);
  const { size } = space;
  const indexAt = keyedPermutation(size, seed);
  let position = BigInt(start);
  return {
    ask(count) {
      const asked = [];
      for (; asked.length < count && position < size; position++)
        asked.push(tokensAt(space, indexAt(position)));
      return asked;
    },
    tell() {},
    save: () => ({ seed, position: position.toString() }),
  };
}
