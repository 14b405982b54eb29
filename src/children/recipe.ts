import { z } from 'zod';
import { modelOptions } from '../network/models.ts';
import { optimizerOptions } from '../network/optimizers.ts';
import { scheduleOptions } from '../network/schedules.ts';

const count = z.number().int().positive();

/** All that makes a child: network, data and training; everything but the candidate, the seed and the budget. */
export const childRecipe = z.strictObject({
  summary: z.string().max(300).default('').describe('One sentence for `children list`.'),
  dataset: z.string().min(1).describe('A data set of `activation-search data list`.'),
  model: modelOptions.describe('The network: its name and options.'),
  optimizer: optimizerOptions.describe('The optimizer: its name and options.'),
  schedule: scheduleOptions.describe('How the learning rate goes over the training.'),
  miniBatch: count.max(65_536).describe('Examples in each training step.'),
  steps: count.max(10_000_000).describe('Training steps, if the study names no number.'),
  pooling: count
    .max(1024)
    .default(1)
    .describe('Images are averaged over squares of this many pixels a side: 2 makes 32 x 32 into 16 x 16.'),
  augmentation: z
    .strictObject({
      mirror: z
        .boolean()
        .default(false)
        .describe('Mirror each training image left to right with probability 1/2.'),
      shift: z
        .number()
        .int()
        .min(0)
        .max(1024)
        .default(0)
        .describe(
          'Move each training image by up to this many pixels each way; zeros (the mean) fill the border.',
        ),
    })
    .prefault({})
    .describe('How training images are changed at random.'),
  validationCount: count
    .optional()
    .describe(
      'Examples of the validation split, from its start, that are classified after training; all by default.',
    ),
});
export type ChildRecipe = z.infer<typeof childRecipe>;

/** A child: its recipe, and the name that its seeds depend on. */
export type Child = ChildRecipe & { readonly name: string };

export const childName = z
  .string({ error: 'a child name is text' })
  .max(60, 'a child name has at most 60 characters')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'a child name has letters, digits, ".", "_" and "-", and begins with a letter or digit',
  )
  .describe("The child's name in studies and tables; of a file without it, the file's.");

/** A recipe as written in a YAML file of its own. */
export const recipeFile = childRecipe.extend({ name: childName.optional() });

/** A recipe as written inside a study file. */
export const inlineRecipe = childRecipe.extend({ name: childName });

/** JSON Schema of recipe files, for editors: what children/schema.json holds. */
export function recipeJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(recipeFile, { io: 'input' }),
    title: 'Child of activation-search',
    description: 'A network, its data and its training: what candidates are tried on. See docs/children.md.',
  };
}
