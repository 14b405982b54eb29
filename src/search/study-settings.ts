import { z } from 'zod';
import { reflectionRules } from '../expression/reflection.ts';
import { mostUnits } from '../search-space/space-file.ts';
import { scoreKinds } from '../study/candidate.ts';
import { children, rungs, seeds, steps } from './ladder-settings.ts';
import {
  duration,
  namesFrom,
  numberFrom,
  numbersFrom,
  optionsFrom,
  text,
  trueOrFalse,
  wholeNumber,
} from './setting-values.ts';

/** A flag of `search` that gives a setting, or one part of it. */
export interface SettingFlag {
  /** As in the help, such as `--seeds <n|list>`. */
  readonly spec: string;
  /** The part of the setting that the flag gives; the flag gives all of it if this is left out. */
  readonly part?: string;
  /**
   * Turns the flag's text, and what the same flag gave before, into a value for the schema; the text itself
   * without it.
   */
  readonly read?: (given: string, before?: object) => unknown;
  /** What the flag does, where that is not what the setting is. */
  readonly help?: string;
}

/** All that is said of a setting beside its schema and its description. */
export interface SettingFacts {
  /** Without any, the setting can only be written in a file. */
  readonly flags: readonly SettingFlag[];
  /** What it is if nobody gives it, where the schema has no default that is plain enough to be shown. */
  readonly usual?: string;
  /** True if it may change when a study is resumed, because no result depends on it. */
  readonly changeable?: boolean;
}

const facts = z.registry<SettingFacts>();

/**
 * Registers what is said of a setting. `flag` is the usual case: one flag, whose text `read` turns into the
 * value.
 */
function setting<Schema extends z.ZodType>(
  schema: Schema,
  help: string,
  { flag, read, flags, ...other }: Partial<SettingFacts> & { flag?: string; read?: SettingFlag['read'] },
): Schema {
  const own = flag === undefined ? [] : [{ spec: flag, ...(read ? { read } : {}) }];
  const described = schema.describe(help);
  facts.add(described, { flags: flags ?? own, ...other });
  return described;
}

const studyName = text('a study name', 60).regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  'a study name has letters, digits, ".", "_" and "-", and begins with a letter or digit: it names a folder too',
);

const controllerObject = z.strictObject({
  kind: text('a controller').default('random'),
  options: z.record(z.string(), z.unknown()).optional(),
});

const controller = z
  .union([text('a controller'), controllerObject], {
    error: 'a controller is a name, or an object of kind and options',
  })
  .transform((given) => (typeof given === 'string' ? { kind: given } : given))
  .default({ kind: 'random' });

const kindsOfScores = `${scoreKinds.slice(0, -1).join(', ')} or ${scoreKinds.at(-1)}`;
const scoreKind = z.enum(scoreKinds, { error: `a score is ${kindsOfScores}` });

const clipError = 'clip is a number above 0, at most 100';
const scoreObject = z.strictObject({
  kind: scoreKind.default('log-error-ratio'),
  clip: z.number({ error: clipError }).gt(0, clipError).max(100, clipError).default(0.5),
});

const score = z
  .union([scoreKind, scoreObject], {
    error: `a score is ${kindsOfScores}, or an object of kind and clip`,
  })
  .transform((given) => (typeof given === 'string' ? scoreObject.parse({ kind: given }) : given))
  .prefault({});

/**
 * The settings of a study, as a person gives them in a YAML file or by flags. To add one, write it here and
 * use it: flags, allowed keys, what may change on resume, the JSON Schema and the table of docs/studies.md
 * follow (npm run settings writes these).
 */
export const studySettings = z.strictObject({
  study: setting(studyName.optional(), 'Name of the study in the database, and of the folder of its log.', {
    flag: '--study <name>',
    usual: "the file's name; else study, study-2, …",
  }),
  space: setting(
    text('a space', 4096).default('paper'),
    'The search space: the name of one that ships, or a YAML file.',
    {
      flag: '--space <name|file>',
    },
  ),
  units: setting(wholeNumber(1, mostUnits, 'units').optional(), 'Core units of each candidate.', {
    flag: '--units <n>',
    read: numberFrom,
    usual: "the space's own",
  }),
  controller: setting(
    controller,
    'What proposes candidates: a name, or an object of kind and options. See: npx activation-search controllers.',
    {
      flags: [
        {
          spec: '--controller <name>',
          help: 'What proposes candidates. See: npx activation-search controllers.',
        },
        {
          spec: '--controller-option <name=value>',
          part: 'options',
          read: optionsFrom,
          help: 'Gives one option of the controller, such as population=50. May stand several times.',
        },
      ],
      usual: 'random',
    },
  ),
  children: setting(
    children.optional(),
    'What each candidate is trained on, in this order: names, files of recipes, or whole recipes. Cheap ones come first, because a candidate that fails on one is not trained on the next.',
    { flag: '--child <name|file...>', usual: 'mlp20-mnist, resnet8-cifar10' },
  ),
  steps: setting(steps.optional(), 'Training steps on every child.', {
    flag: '--steps <n>',
    read: numberFrom,
    usual: "the recipes' own",
  }),
  seeds: setting(
    seeds.optional(),
    'Trainings of each candidate on each child: how many, or a list of their seeds.',
    {
      flag: '--seeds <n|list>',
      read: numbersFrom,
      usual: '1',
    },
  ),
  rungs: setting(
    rungs.optional(),
    'A ladder, instead of children, steps and seeds: all candidates are trained on the first rung, and the best share of each batch on the next.',
    { usual: 'one rung' },
  ),
  candidates: setting(
    wholeNumber(1, 1_000_000_000, 'candidates').optional(),
    'Ends the study after this many candidates are evaluated. Refused and known functions do not count.',
    { flag: '--candidates <n>', read: numberFrom, usual: 'no limit', changeable: true },
  ),
  time: setting(
    duration.optional(),
    'Ends the study after this much running time, all sittings together: 90s, 10m or 1h30m.',
    { flag: '--time <time>', usual: '10m if candidates is not given either', changeable: true },
  ),
  workers: setting(wholeNumber(1, 1024, 'workers').optional(), 'Worker processes, one core each.', {
    flag: '--workers <n>',
    read: numberFrom,
    usual: 'the cores of this machine',
    changeable: true,
  }),
  seed: setting(wholeNumber(0, 2 ** 31 - 1, 'a seed').default(1), 'Decides everything random in the study.', {
    flag: '--seed <n>',
    read: numberFrom,
  }),
  batch: setting(
    wholeNumber(1, 10_000, 'batch').optional(),
    'Proposals that the controller is asked for at a time. On a ladder, the best share of each batch goes on.',
    { flag: '--batch <n>', read: numberFrom, usual: '32; less for evolution on a small budget' },
  ),
  score: setting(
    score,
    'What ranks candidates: log-error-ratio (the mean over the children of log(error of ReLU / error), each child clipped to plus or minus clip), accuracy, loss, or losses (validation loss and mean training loss, a mean of logarithms). A name, or an object of kind and clip.',
    {
      flags: [
        { spec: '--score <kind>', help: `What ranks candidates: ${kindsOfScores}.` },
        {
          spec: '--score-clip <x>',
          part: 'clip',
          read: numberFrom,
          help: 'The most that one child counts in a log-error-ratio (default: 0.5).',
        },
      ],
      usual: 'log-error-ratio, clip 0.5',
    },
  ),
  baselines: setting(
    z
      .union([z.boolean(), z.array(text('a baseline', 1000))], {
        error: 'baselines is true, false or a list of names and own formulas (name = formula)',
      })
      .default(true),
    'Functions that are trained for comparison: the nine of the paper (true), only ReLU (false) or a list of names, and of own ones as `name = formula`. ReLU always is one, because scores compare with it.',
    {
      flags: [
        {
          spec: '--baselines <names>',
          read: namesFrom,
          help: 'Functions to train for comparison, such as "Swish,mine = x*tanh(x)".',
        },
        { spec: '--no-baselines', help: 'Trains no known function but ReLU for comparison.' },
      ],
      usual: 'all of them',
    },
  ),
  reflections: setting(
    z
      .enum(reflectionRules, {
        error: `reflections is ${reflectionRules.slice(0, -1).join(', ')} or mirrors`,
      })
      .default('each'),
    'Functions that train alike: each is trained, f(x) and -f(-x) are trained once, or once with their mirrors f(-x) and -f(x).',
    { flag: '--reflections <each|once|mirrors>' },
  ),
  target: setting(
    text('a formula', 1000).optional(),
    'A function to look out for: the study says when it is found, and its rank.',
    {
      flag: '--target <formula>',
      usual: 'none',
    },
  ),
  stopAtTarget: setting(
    trueOrFalse('stopAtTarget').default(false),
    'Ends the study once the target is evaluated.',
    {
      flags: [
        { spec: '--stop-at-target' },
        { spec: '--no-stop-at-target', help: 'Goes on after the target is evaluated.' },
      ],
      changeable: true,
    },
  ),
  trialTimeLimit: setting(duration.default(1800), 'Stops a trial that takes longer; its candidate fails.', {
    flag: '--trial-time-limit <time>',
    usual: '30m',
  }),
  activation: setting(
    z.enum(['composed', 'fused'], { error: 'activation is composed or fused' }).optional(),
    'How candidates are computed: by one native operation each (fused), or by single TensorFlow operations (composed).',
    { flag: '--activation <kind>', usual: 'fused if its kernel was built' },
  ),
  precision: setting(
    z.enum(['float32', 'fast'], { error: 'precision is float32 or fast' }).default('float32'),
    'How networks compute: in float32, or with bfloat16 convolutions and matrix products if the processor has them (fast).',
    { flag: '--precision <kind>' },
  ),
  db: setting(text('db', 4096).optional(), 'The database.', {
    flag: '--db <file>',
    usual: 'runs/activation-search.db',
  }),
});

/** Settings as they are written, in a file or in code. */
export type GivenSettings = z.input<typeof studySettings>;
/** Settings that were checked, with their plain defaults filled in. */
export type StudySettings = z.output<typeof studySettings>;
export type SettingKey = keyof StudySettings;

export const settingKeys = Object.keys(studySettings.shape) as SettingKey[];

/** What is said of a setting: flags, usual value, what it is. */
export function settingFacts(key: SettingKey): Required<SettingFacts> & { readonly help: string } {
  const schema: z.ZodType = studySettings.shape[key];
  const { flags, usual, changeable = false } = facts.get(schema) as SettingFacts;
  const help = schema.description as string;
  return { flags, usual: usual ?? String(schema.parse(undefined)), changeable, help };
}

/** What may differ between the sittings of one study: none of it changes a result. */
export const changeableSettings = settingKeys.filter((key) => settingFacts(key).changeable);

/** Settings of earlier versions, with their new names. */
export const renamedSettings: Readonly<Record<string, string>> = { trials: 'candidates' };
