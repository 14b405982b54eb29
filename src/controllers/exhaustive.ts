import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { type SearchSpace, tokensAt } from '../search-space/search-space.ts';
import type { Controller, ControllerKind } from './controller.ts';

const index = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const optionsSchema = z.strictObject({
  start: index.default(0).describe('number of the first token sequence, from 0 on'),
  end: index.min(1).optional().describe('number after the last one; without it, the end of the space'),
});

const stateSchema = z.strictObject({ position: z.string().regex(/^\d+$/), end: z.string().regex(/^\d+$/) });

/** Proposes every token sequence in the order of enumeration, or those from `start` to before `end`. */
export const exhaustive: ControllerKind = {
  summary: 'goes through the space in the order of enumeration',
  learns: false,
  options: optionsSchema,
  create(space, _seed, given) {
    const { size } = space;
    const { start, end } = optionsSchema.parse(given);
    const last = end === undefined || BigInt(end) > size ? size : BigInt(end);
    // Given formulas may all be baselines: then nothing is left to propose.
    if (BigInt(start) >= last && size > 0n) {
      throw new ActivationSearchError(
        'config',
        `controller "exhaustive": start ${start} leaves nothing to propose before ${last}.`,
        {
          hint: `The space "${space.name}" has ${size} token sequences: give a start from 0 to ${last - 1n}.`,
        },
      );
    }
    return createExhaustive(space, { position: BigInt(start), end: last });
  },
  restore(space, state) {
    const { position, end } = stateSchema.parse(state);
    return createExhaustive(space, { position: BigInt(position), end: BigInt(end) });
  },
};

function createExhaustive(space: SearchSpace, from: { position: bigint; end: bigint }): Controller {
  let position = from.position;
  return {
    ask(count) {
      const asked = [];
      for (; asked.length < count && position < from.end; position++) asked.push(tokensAt(space, position));
      return asked;
    },
    tell() {},
    save: () => ({ position: position.toString(), end: from.end.toString() }),
  };
}
