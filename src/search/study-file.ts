import { z } from 'zod';
import { inlineRecipes } from '../children/recipe.ts';
import { scoreKinds } from '../study/candidate.ts';

const wholeNumber = (least: number, most: number, what: string) =>
  z
    .int({ error: `${what} is a whole number from ${least} to ${most.toLocaleString('en-US')}` })
    .min(least, `${what} is a whole number from ${least} to ${most.toLocaleString('en-US')}`)
    .max(most, `${what} is a whole number from ${least} to ${most.toLocaleString('en-US')}`);

const text = (what: string, most = 200) =>
  z
    .string({ error: `${what} is text` })
    .min(1, `${what} is empty`)
    .max(most, `${what} is too long`);

const flag = (what: string) => z.boolean({ error: `${what} is true or false` });

/** Training steps of one trial; a recipe's own number where none is given. */
const steps = wholeNumber(1, 10_000_000, 'steps').describe("Training steps, instead of the recipe's own.");

const seconds = z
  .union([z.number(), z.string()], { error: 'a time is such as 90s, 10m or 1h30m' })
  .transform((given, context) => {
    const value = typeof given === 'number' ? given : parseDuration(given);
    if (value !== undefined && value > 0 && value <= mostSeconds) return value;
    context.addIssue({ code: 'custom', message: 'a time is such as 90s, 10m or 1h30m, at most a year' });
    return z.NEVER;
  });

const mostSeconds = 366 * 86_400;

const studyName = text('a study name', 60).regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  'a study name has letters, digits, ".", "_" and "-", and begins with a letter or digit: it names a folder too',
);

/** A child by its name or file, with steps of its own. */
export const childReference = z.strictObject({
  name: text('a child name', 4096).describe(
    'A child that ships, the path of a recipe, or a child further up.',
  ),
  steps: steps.optional(),
});

const childObject = z.record(z.string(), z.unknown());

/** A reference, or a whole recipe; which of them, and whether it is right, is judged by recipes.ts. */
export type ChildGiven = Readonly<Record<string, unknown>>;

const children = z
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

const seeds = z.union(
  [
    wholeNumber(1, 1000, 'seeds'),
    z
      .array(wholeNumber(0, 2 ** 31 - 1, 'a seed'))
      .min(1, 'give at least one seed')
      .max(1000, 'too many seeds'),
  ],
  { error: 'seeds is a number of seeds, or a list of them' },
);

const share = (what: string) =>
  z
    .number({ error: `${what} is a number above 0 and below 1` })
    .gt(0, `${what} is a number above 0 and below 1`)
    .lt(1, `${what} is a number above 0 and below 1`);

const after = wholeNumber(1, 10_000_000, 'after').describe(
  'Training steps after which the loss is looked at.',
);

const earlyStop = z.strictObject(
  {
    chance: z
      .strictObject(
        {
          after,
          by: z
            .number({ error: 'by is a number from 0 to 2, in nats' })
            .min(0, 'by is a number from 0 to 2, in nats')
            .max(2, 'by is a number from 0 to 2, in nats')
            .default(0)
            .describe('Nats by which the loss must be below that of guessing.'),
        },
        { error: 'chance is an object of after and by' },
      )
      .optional()
      .describe('Stop where the training loss is not below chance, ln(classes), by so much.'),
    quantile: z
      .strictObject(
        {
          after,
          worst: share('worst')
            .default(0.25)
            .describe('Share of the earlier trials on this child and seed that count as hopeless.'),
        },
        { error: 'quantile is an object of after and worst' },
      )
      .optional()
      .describe('Stop where the training loss is among the worst that earlier trials had at that step.'),
  },
  { error: 'earlyStop is an object of chance and quantile' },
);

const rung = z.strictObject(
  {
    children: children.describe('What each candidate of the rung is trained on, in this order.'),
    steps: steps.optional(),
    seeds: seeds.default(1).describe('Trainings on each child: how many, or their seeds.'),
    share: share('share')
      .optional()
      .describe('Best share of a batch that goes on to the next rung; the last rung has none.'),
    finalists: z
      .number({ error: 'finalists is a whole number from 1 to 1000' })
      .int('finalists is a whole number from 1 to 1000')
      .min(1, 'finalists is a whole number from 1 to 1000')
      .max(1000, 'finalists is a whole number from 1 to 1000')
      .optional()
      .describe(
        'Of the last rung: the finals, to which so many of all candidates come once no more are begun, and the baselines.',
      ),
    earlyStop: earlyStop.optional().describe('When a training counts as hopeless and is given up.'),
  },
  { error: 'a rung is an object of children, steps, seeds, share, finalists and earlyStop' },
);
const longController = z.strictObject({
  kind: text('a controller'),
  options: z.record(z.string(), z.unknown()).optional(),
});

/** A study as written in a YAML file. Each key is a flag of `search` too, and flags win. */
export const studyFile = z.strictObject({
  study: studyName.optional().describe('Name of the study in the database; unique.'),
  space: text('a space', 4096).default('paper').describe('A shipped search space, or a YAML file.'),
  units: wholeNumber(1, 100, 'units')
    .optional()
    .describe("Core units a candidate, instead of the space's own."),
  controller: z
    .union([text('a controller'), longController], {
      error: 'a controller is a name, or an object of kind and options',
    })
    .transform((given) => (typeof given === 'string' ? { kind: given } : given))
    .default({ kind: 'random' })
    .describe('Who proposes candidates: a name, or kind and options. See `activation-search controllers`.'),
  children: children
    .optional()
    .describe(
      'What each candidate is trained on, in this order: names, paths of recipes, or whole recipes. Cheap ones first, for a failure ends its candidate. mlp20-mnist and resnet8-cifar10 without it.',
    ),
  steps: steps.optional(),
  seeds: seeds
    .optional()
    .describe('Trainings of each candidate on each child: how many, or their seeds; one without it.'),
  rungs: z
    .array(rung, { error: 'rungs is a list of rungs' })
    .min(1, 'give at least one rung')
    .max(10, 'give at most 10 rungs')
    .optional()
    .describe(
      'A ladder, instead of children, steps and seeds: all candidates are trained on the first rung, the best share of each batch on the next.',
    ),
  candidates: wholeNumber(1, 1_000_000_000, 'candidates')
    .optional()
    .describe('Stop after this many candidates are evaluated; refused and known functions do not count.'),
  time: seconds.optional().describe('Stop after so much running time, over all sittings: 90s, 10m, 1h30m.'),
  workers: wholeNumber(1, 1024, 'workers')
    .optional()
    .describe('Worker processes; the cores of this machine.'),
  seed: wholeNumber(0, 2 ** 31 - 1, 'a seed')
    .default(1)
    .describe('Decides all that is random in the study.'),
  batch: wholeNumber(1, 10_000, 'batch')
    .default(32)
    .describe('Proposals asked at a time. Results depend on it only where the controller learns.'),
  score: z
    .strictObject({
      kind: z
        .enum(scoreKinds, {
          error: 'a score is log-error-ratio, accuracy or loss',
        })
        .default('log-error-ratio'),
      clip: z
        .number({ error: 'clip is a number above 0, at most 100' })
        .gt(0, 'clip is a number above 0, at most 100')
        .max(100, 'clip is a number above 0, at most 100')
        .default(0.5)
        .describe("Each child's term counts at most so much; only for log-error-ratio."),
    })
    .prefault({})
    .describe('What ranks candidates. log-error-ratio: mean over children of log(error of ReLU / error).'),
  baselines: z
    .union([z.boolean(), z.array(text('a baseline'))], {
      error: 'baselines is true, false or a list of names',
    })
    .default(true)
    .describe(
      'Known functions trained for comparison, never proposed. ReLU always is: scores are made with it.',
    ),
  reflections: z
    .enum(['each', 'once'], { error: 'reflections is each or once' })
    .default('each')
    .describe(
      'once: f(x) and -f(-x), which are one function to a network whose first weights are as likely positive as negative, are trained once, in the form whose even part is positive; so are functions that a parameter makes equal when it is mirrored about its start, such as beta[0.5]*a + (1 - beta[0.5])*b and beta[0.5]*b + (1 - beta[0.5])*a.',
    ),
  target: text('a formula', 1000).optional().describe('Say when this function is found, and its rank.'),
  stopAtTarget: flag('stopAtTarget').default(false).describe('End once the target is evaluated.'),
  trialTimeLimit: seconds.default(1800).describe('A trial that takes longer is stopped, and fails.'),
  activation: z
    .enum(['composed', 'fused'], { error: 'activation is composed or fused' })
    .optional()
    .describe(
      'How candidates are computed: by one native operation (fused, wherever it was built), or by single TensorFlow operations.',
    ),
  precision: z
    .enum(['float32', 'fast'], { error: 'precision is float32 or fast' })
    .default('float32')
    .describe('fast: bfloat16 convolutions and matrix products where the processor has them.'),
  db: text('db', 4096).optional().describe('The database; runs/activation-search.db without it.'),
});

/** Keys of earlier versions, with their new names. */
export const renamedKeys: Readonly<Record<string, string>> = { trials: 'candidates' };

/** What may stand at a path of the file where an object stands; list positions are left out of the path. */
export const keysOf: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(studyFile.shape),
  controller: Object.keys(longController.shape),
  score: ['kind', 'clip'],
  rungs: Object.keys(rung.shape),
  'rungs.earlyStop': Object.keys(earlyStop.shape),
  'rungs.earlyStop.chance': ['after', 'by'],
  'rungs.earlyStop.quantile': ['after', 'worst'],
};

/** What may stand in a file or in flags. */
export type StudyFileInput = z.input<typeof studyFile>;
/** The same with its own defaults filled in. */
export type StudyFile = z.output<typeof studyFile>;
export type RungFile = z.output<typeof rung>;

/** JSON Schema of study files, for editors. */
export function studyFileJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(studyFile, {
      io: 'input',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema !== childObject) return;
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
        jsonSchema.anyOf = [childReference, ...Object.values(inlineRecipes)].map(
          (schema) => z.toJSONSchema(schema, { io: 'input' }) as typeof jsonSchema,
        );
      },
    }),
    title: 'Study of activation-search',
    description:
      'One search: space, controller, children, budget. Run it with: activation-search search FILE',
  };
}

/** Seconds of a time such as `90s`, `10m` or `1h30m`; undefined where it is none. */
export function parseDuration(given: string): number | undefined {
  const match = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(given.trim());
  if (!match || given.trim() === '') return undefined;
  const [hours = 0, minutes = 0, rest = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}
