import { z } from 'zod';
import { usualJudge } from '../ranking/verdicts.ts';
import { share, text, wholeNumber } from './setting-values.ts';

/** Training steps of one trial; a recipe's own number if none is given. */
export const steps = wholeNumber(1, 10_000_000, 'steps');

/** A child by its name or file, with steps of its own. */
export const childReference = z.strictObject({
  name: text('a child name', 4096).describe(
    'A child that ships, the path of a recipe, or a child further up.',
  ),
  steps: steps.optional().describe("Training steps, instead of the recipe's own."),
});

/**
 * An object under `children`: a reference, or a whole recipe. Which of them it is, and whether it is right,
 * is judged by recipes.ts.
 */
export const childObject = z.record(z.string(), z.unknown());

export type ChildGiven = Readonly<Record<string, unknown>>;

export const children = z
  .array(
    z
      .union([text('a child name', 4096), childObject], {
        error: 'a child is a name, a file, an object of name and steps, or a whole recipe',
      })
      .transform((given): ChildGiven => (typeof given === 'string' ? { name: given } : given)),
    { error: 'children is a list of names, files and recipes' },
  )
  .min(1, 'give at least one child')
  .max(20, 'give at most 20 children');

const seed = wholeNumber(0, 2 ** 31 - 1, 'a seed');

export const seeds = z.union(
  [wholeNumber(1, 1000, 'seeds'), z.array(seed).min(1, 'give at least one seed').max(1000, 'too many seeds')],
  { error: 'seeds is a number of seeds, or a list of them' },
);

const fewestBlocks = usualJudge.fewestBlocks;
const toleranceError = 'tolerance is a number from 0 to 2, in nats';
const parsimonyError = 'parsimony is a number from 0 to 1, in units of the score';
const marginError = 'margin is a number from 0 to 1';

const after = wholeNumber(1, 10_000_000, 'after').describe('Training steps before the loss is looked at.');

const by = z
  .number({ error: 'by is a number from 0 to 2, in nats' })
  .min(0, 'by is a number from 0 to 2, in nats')
  .max(2, 'by is a number from 0 to 2, in nats');

const chance = z.strictObject(
  { after, by: by.default(0).describe('How far below that of guessing the loss must be, in nats.') },
  { error: 'chance is an object of after and by' },
);

const quantile = z.strictObject(
  {
    after,
    worst: share('worst')
      .default(0.25)
      .describe('The share of the earlier trials on this child and seed that counts as hopeless.'),
    fewest: wholeNumber(0, 1_000_000, 'fewest')
      .default(10)
      .describe('Earlier trials that the bound needs; before there are as many, nothing is stopped.'),
    tolerance: z
      .number({ error: toleranceError })
      .min(0, toleranceError)
      .max(2, toleranceError)
      .default(0.02)
      .describe('How far above the bound a loss may be and still go on, in nats: the noise of a loss.'),
  },
  { error: 'quantile is an object of after, worst, fewest and tolerance' },
);

const earlyStop = z.strictObject(
  {
    chance: chance
      .optional()
      .describe('Stops a training whose loss is not below that of guessing, ln(classes).'),
    quantile: quantile
      .optional()
      .describe('Stops a training whose loss is among the worst that earlier trials had at that step.'),
  },
  { error: 'earlyStop is an object of chance and quantile' },
);

const race = z.strictObject(
  {
    blocks: wholeNumber(fewestBlocks, 1000, 'blocks')
      .default(fewestBlocks)
      .describe(
        `Blocks of every function before the first verdict; at least ${fewestBlocks}. A block is a child and a seed.`,
      ),
    budget: wholeNumber(1, 1000, 'budget').default(12).describe('Blocks of one function at most.'),
    level: share('level')
      .default(usualJudge.level)
      .describe('Probability, at most, that any verdict is wrong, over all functions and all looks.'),
    margin: z
      .number({ error: marginError })
      .min(0, marginError)
      .max(1, marginError)
      .default(usualJudge.margin)
      .describe('Functions whose mean log losses differ by less are equal.'),
  },
  { error: 'race is an object of blocks, budget, level and margin' },
);

const rung = z.strictObject(
  {
    children: children.describe('What each candidate of the rung is trained on, in this order.'),
    steps: steps.optional().describe("Training steps on every child, instead of the recipes' own."),
    seeds: seeds
      .optional()
      .describe('Trainings on each child: how many, or a list of their seeds; 1 if not given.'),
    share: share('share')
      .optional()
      .describe('The best share of each batch, which goes on to the next rung. The last rung has none.'),
    finalists: wholeNumber(1, 1000, 'finalists')
      .optional()
      .describe(
        'Makes the rung one of the finals, the last rungs: this many of the best candidates of the whole study, and the baselines, are trained on it at the end.',
      ),
    parsimony: z
      .number({ error: parsimonyError })
      .min(0, parsimonyError)
      .max(1, parsimonyError)
      .optional()
      .describe(
        'Score that each unit of complexity costs when `share` or `finalists` choose who goes on: of functions within noise of each other the simpler ones do. 0 if not given.',
      ),
    race: race
      .optional()
      .describe(
        'Makes the last of the finals a race on seeds of its own: every function runs on the first blocks, and then only those about which another block may decide something.',
      ),
    earlyStop: earlyStop.optional().describe('When a training counts as hopeless and is given up.'),
  },
  { error: 'a rung is an object of children, steps, seeds, share, finalists, parsimony, race and earlyStop' },
);

export const rungs = z
  .array(rung, { error: 'rungs is a list of rungs' })
  .min(1, 'give at least one rung')
  .max(10, 'give at most 10 rungs');

export type RungSettings = z.output<typeof rung>;
