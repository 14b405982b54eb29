import { z } from 'zod';
import { targetNames } from '../export/targets.ts';
import { modelOptions } from '../network/models.ts';
import { optimizerOptions } from '../network/optimizers.ts';
import { continues, scheduleOptions } from '../network/schedules.ts';

const count = z.number().int().positive();

const summary = z.string().max(300).default('').describe('One sentence for `children list`.');
const steps = count.max(10_000_000).describe('Training steps, if the study names no number.');

/** A network that this tool trains: everything but the candidate, the seed and the budget. */
const networkRecipe = z.strictObject({
  summary,
  dataset: z.string().min(1).describe('A data set of `activation-search data list`.'),
  model: modelOptions.describe('The network: its name and options.'),
  optimizer: optimizerOptions.describe('The optimizer: its name and options.'),
  schedule: scheduleOptions.describe('How the learning rate goes over the training.'),
  miniBatch: count.max(65_536).describe('Examples in each training step.'),
  steps,
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
      'Examples of the validation split that are classified after training: its first ones, or some of those drawn; all by default.',
    ),
  split: z
    .enum(['fixed', 'drawn'])
    .optional()
    .describe(
      'Validation examples: `fixed`, those of the data set, by default; or `drawn`, as many for each seed anew from all but the test split, so that verdicts do not hang on one choice of them.',
    ),
});

/** What a child that this tool does not train itself is judged by. */
const judgment = {
  metric: z
    .strictObject({
      name: z.string().min(1).max(60).describe('As the child calls it, in `metrics`.'),
      goal: z.enum(['minimize', 'maximize']),
    })
    .optional()
    .describe('What the child is judged by, instead of the validation accuracy; always above 0.'),
  classes: count
    .min(2)
    .optional()
    .describe('Classes of its data: the rule `chance` of early stops needs to know.'),
  validationCount: count
    .optional()
    .describe('Examples of its validation data: with it a single training has an interval.'),
};

/** What scripts of any language have in common. */
const script = {
  summary,
  steps,
  ...judgment,
  options: z
    .record(z.string(), z.json())
    .default({})
    .describe('Handed to the child as they are, with every request.'),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable has letters, digits and "_"'),
      z.string(),
    )
    .default({})
    .describe("Variables of the child's environment; {worker} stands for the worker's number, from 0."),
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share by which a repeated training may differ and still be called equal by `trial replay`.'),
  silence: z
    .number()
    .positive()
    .max(86_400)
    .default(300)
    .describe('Seconds without a message after which the child counts as hung.'),
};

/** A training script of one's own, in any language: the tool starts it and speaks with it. */
const commandRecipe = z.strictObject({
  ...script,
  command: z
    .array(z.string().min(1), { error: 'a command is a list of words, such as [python, train.py]' })
    .min(1, 'a command has at least one word')
    .describe('The program and its arguments; it runs in the folder of this file.'),
  export: z
    .enum(targetNames)
    .optional()
    .describe('The framework that the function is written for: the script gets the path of the file.'),
  once: z
    .boolean()
    .default(false)
    .describe(
      'Start the script for each training, instead of once for all: the request is the first line of its input.',
    ),
});

/** Training steps of a module whose path stands alone, without a recipe around it. */
const usualModuleSteps = 1000;

/** A child written in JavaScript: a function that gets an activation and returns a model and its data. */
const moduleRecipe = z.strictObject({
  ...script,
  steps: steps.default(usualModuleSteps),
  module: z.string().min(1).describe('A JavaScript module, relative to this file.'),
  function: z.string().min(1).default('default').describe('The function that it exports.'),
});

/** Trained by the program that has opened the study, which asks for trials and tells how they ended. */
const objectiveRecipe = z.strictObject({
  summary,
  objective: z.literal(true),
  steps: steps.default(1),
  ...judgment,
});

/** Where a script runs: absolute, the folder of the file that the recipe stands in. */
const folder = z.string();

const storedCommandRecipe = commandRecipe.extend({ folder });
const storedModuleRecipe = moduleRecipe.extend({ folder });
export const scriptRecipe = z.union([storedCommandRecipe, storedModuleRecipe]);
export const childRecipe = z.union([networkRecipe, scriptRecipe, objectiveRecipe]);
export type NetworkRecipe = z.infer<typeof networkRecipe>;
export type CommandRecipe = z.infer<typeof storedCommandRecipe>;
export type ModuleRecipe = z.infer<typeof storedModuleRecipe>;
/** A child that a process of its own trains, with which the tool speaks. */
export type ScriptRecipe = CommandRecipe | ModuleRecipe;
export type ObjectiveRecipe = z.infer<typeof objectiveRecipe>;
export type ChildRecipe = NetworkRecipe | ScriptRecipe | ObjectiveRecipe;

/** A child: its recipe, and the name that its seeds depend on. */
export type Child = ChildRecipe & { readonly name: string };
export type NetworkChild = NetworkRecipe & { readonly name: string };

export function isNetwork<Recipe extends ChildRecipe>(recipe: Recipe): recipe is Recipe & NetworkRecipe {
  return 'model' in recipe;
}

export function isScript<Recipe extends ChildRecipe>(recipe: Recipe): recipe is Recipe & ScriptRecipe {
  return 'command' in recipe || 'module' in recipe;
}

export function isObjective<Recipe extends ChildRecipe>(recipe: Recipe): recipe is Recipe & ObjectiveRecipe {
  return 'objective' in recipe;
}

/** Whether longer trainings of a child go on from shorter ones. */
export function goesOn(recipe: ChildRecipe): boolean {
  return isNetwork(recipe) && continues(recipe.schedule);
}

export const childName = z
  .string({ error: 'a child name is text' })
  .max(60, 'a child name has at most 60 characters')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'a child name has letters, digits, ".", "_" and "-", and begins with a letter or digit',
  )
  .describe("The child's name in studies and tables; of a file without it, the file's.");

/** Recipes as written in a YAML file of their own. */
export const recipeFiles = {
  network: networkRecipe.extend({ name: childName.optional() }),
  command: commandRecipe.extend({ name: childName.optional() }),
  module: moduleRecipe.extend({ name: childName.optional() }),
} as const;

/** Recipes as written among the settings of a study. */
export const inlineRecipes = {
  network: networkRecipe.extend({ name: childName }),
  command: commandRecipe.extend({ name: childName }),
  module: moduleRecipe.extend({ name: childName }),
  objective: objectiveRecipe.extend({ name: childName }),
} as const;

/** JSON Schema of recipe files, for editors: what children/schema.json holds. */
export function recipeJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(z.union(Object.values(recipeFiles)), { io: 'input' }),
    title: 'Child of activation-search',
    description:
      'A network, its data and its training, or a script or module that trains: what candidates are tried on.',
  };
}
