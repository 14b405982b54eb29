import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { Random } from '../random.ts';
import type { Tokens } from '../search-space/search-space.ts';
import { type SearchSpace, tokensAt } from '../search-space/search-space.ts';
import { type Controller, type ControllerKind, origins, type Told } from './controller.ts';
import { type MutationName, mutations } from './mutation.ts';
import { keyedPermutation } from './permutation.ts';
import { SequenceSet } from './sequence-set.ts';
import { compareTold } from './standing.ts';

const weightOf = (name: MutationName, normal: number, least = 0) =>
  z
    .number()
    .min(least)
    .max(1000)
    .default(normal)
    .describe(`weight of the mutation: ${mutations[name].summary}`);

/** What serves a budget of some hundreds of candidates and more. */
const [usualPopulation, usualSample, usualBatch] = [30, 15, 32];

const optionsSchema = z.strictObject({
  population: z
    .int()
    .min(2)
    .max(10_000)
    .default(usualPopulation)
    .describe('results remembered; the oldest leaves first'),
  sample: z
    .int()
    .min(1)
    .max(10_000)
    .default(usualSample)
    .describe('members drawn for a tournament, whose best becomes the parent; at most the population'),
  fresh: z.number().min(0).max(1).default(0.05).describe('share of proposals drawn evenly from the space'),
  failed: z
    .boolean()
    .default(false)
    .describe('whether refused and failed candidates enter the population, behind all others'),
  token: weightOf('token', 1, 0.001),
  swap: weightOf('swap', 0.1),
  exchange: weightOf('exchange', 0.1),
  insert: weightOf('insert', 0.1),
  remove: weightOf('remove', 0.1),
  unwrap: weightOf('unwrap', 0),
});

type EvolutionOptions = z.infer<typeof optionsSchema>;

const toldSchema = z.strictObject({
  tokens: z.array(z.int()),
  reward: z.number().nullable(),
  rung: z.int(),
  origin: z.enum(origins),
});

const stateSchema = z.strictObject({
  options: optionsSchema,
  seed: z.int(),
  generator: z.array(z.int()),
  position: z.string().regex(/^\d+$/),
  proposed: z.string(),
  population: z.array(toldSchema),
});

type EvolutionState = z.infer<typeof stateSchema>;

/** Parents and mutations tried for one proposal before it is drawn from the whole space instead. */
const mostAttempts = 50;

const mutationNames = Object.keys(mutations) as MutationName[];

/**
 * Regularized (ageing) evolution: E. Real, A. Aggarwal, Y. Huang, Q. V. Le, "Regularized Evolution for Image
 * Classifier Architecture Search", 2019. The population is a queue: results enter in the order of the tells,
 * and the oldest leaves, however good it is. A parent is the best of `sample` members drawn with replacement;
 * the proposal is its mutant. Until the population is full, proposals are drawn evenly from the space.
 *
 * No token sequence is proposed twice: mutants proposed before are tried again with another parent and
 * mutation, and after `mostAttempts` of them a fresh one is drawn, so that the space is exhausted in the end.
 * All proposals of an ask come from the population as of the last tell, which may lack the results of the
 * batch before. A known function enters with its stored reward, as a younger copy. Refused and failed
 * candidates enter only with `failed`. On a table of 3,197 functions extrapolated from trained ones, a
 * population of 20 found less with them; one of 30 with a sample of 15 found as much.
 */
export const evolution: ControllerKind = {
  summary: 'mutates the best of a few members of an ageing population (Real et al., 2019)',
  learns: true,
  overlaps: true,
  options: optionsSchema,
  forBudget(candidates, given) {
    const { population, sample } = given;
    if (typeof population === 'number') return { options: { sample: Math.min(usualSample, population) } };
    const tenth = Math.max(4, Math.floor(candidates / 10));
    const least = typeof sample === 'number' ? sample : 0;
    const chosen = Math.max(least, Math.min(tenth, usualPopulation));
    return {
      options: { population: chosen, sample: Math.min(usualSample, Math.ceil(chosen / 2)), unwrap: 1 },
      batch: Math.min(tenth, usualBatch),
    };
  },
  randomFirst: (options) => optionsSchema.parse(options).population,
  create(space, seed, given) {
    const options = optionsSchema.parse(given);
    checkOptions(options);
    const generator = [...Random.fromSeed('evolution', seed).state()];
    return createEvolution(space, {
      options,
      seed,
      generator,
      position: '0',
      proposed: new SequenceSet(space).save(),
      population: [],
    });
  },
  restore: (space, state) => createEvolution(space, stateSchema.parse(state)),
};

function checkOptions({ population, sample }: EvolutionOptions): void {
  if (sample > population) {
    throw new ActivationSearchError(
      'config',
      `controller "evolution": sample ${sample} is more than the population of ${population}.`,
      { hint: 'A tournament draws from the population: give a sample from 1 to the population.' },
    );
  }
}

function createEvolution(space: SearchSpace, from: EvolutionState): Controller {
  const { options, seed } = from;
  const random = Random.fromState(from.generator);
  const indexAt = keyedPermutation(space.size, seed);
  const proposed = SequenceSet.restore(space, from.proposed);
  let population: readonly Told[] = from.population;
  let position = BigInt(from.position);

  const drawn = (): Tokens | undefined => {
    while (position < space.size) {
      const tokens = tokensAt(space, indexAt(position++));
      if (proposed.add(tokens)) return tokens;
    }
    return undefined;
  };

  const bred = (): Tokens | undefined => {
    if (population.length < options.population || random.uniform() < options.fresh) return undefined;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const parent = tournament(population, options.sample, random);
      const mutant = mutations[drawMutation(options, random)].mutate(space, parent.tokens, random);
      if (mutant && proposed.add(mutant)) return mutant;
    }
    return undefined;
  };

  return {
    ask(count) {
      const asked: Tokens[] = [];
      while (asked.length < count) {
        const tokens = bred() ?? drawn();
        if (!tokens) break;
        asked.push(tokens);
      }
      return asked;
    },
    tell(results) {
      const entering = results.filter(({ reward }) => options.failed || reward !== null);
      population = [...population, ...entering].slice(-options.population);
    },
    save: () => ({
      options,
      seed,
      generator: [...random.state()],
      position: position.toString(),
      proposed: proposed.save(),
      population: population.map(({ tokens, reward, rung, origin }) => ({
        tokens: [...tokens],
        reward,
        rung,
        origin,
      })),
    }),
  };
}

/** The best of members drawn with replacement; of equals the first drawn. */
function tournament(population: readonly Told[], sample: number, random: Random): Told {
  let best = random.pick(population);
  for (let drawn = 1; drawn < sample; drawn++) {
    const other = random.pick(population);
    if (compareTold(other, best) < 0) best = other;
  }
  return best;
}

function drawMutation(options: EvolutionOptions, random: Random): MutationName {
  const total = mutationNames.reduce((sum, name) => sum + options[name], 0);
  let rest = random.uniform() * total;
  for (const name of mutationNames) {
    rest -= options[name];
    if (rest < 0) return name;
  }
  return 'token';
}
