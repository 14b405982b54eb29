import { Command, Option } from 'commander';
import { slowerNotice } from '../../activation/usual-backend.ts';
import { ActivationSearchError } from '../../errors.ts';
import { childrenOf } from '../../evaluation/contest-study.ts';
import { asBaselines, asFormulas, chosenFunctions, functionLabel } from '../../evaluation/functions.ts';
import { judgedFunctions, untrainedFunctions } from '../../evaluation/judged-study.ts';
import { modelChildren } from '../../evaluation/model-children.ts';
import { paperTable } from '../../evaluation/paper-table.ts';
import { publishedFunctions } from '../../evaluation/published.ts';
import { refuseUntestable } from '../../evaluation/test-split.ts';
import { baselineNames } from '../../search/baselines.ts';
import { createStudy, sameOfFamily, sameStudy, scoringOf } from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { datasetsOf } from '../../search/recipes.ts';
import { namesFrom } from '../../search/setting-values.ts';
import type { StudyConfig } from '../../search/study-config.ts';
import { refuseOtherData } from '../../search/study-data.ts';
import { formulasPlan, type StudyPlan } from '../../search/study-plan.ts';
import { Store, type StudyRecord } from '../../storage/store.ts';
import { screenOf } from '../../terminal/screen.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { budgetOption } from '../contest-options.ts';
import { printJudged } from '../judged-report.ts';
import { positiveInteger } from '../options.ts';
import { printLine, printNote } from '../output.ts';
import { type PaperFormat, paperFormats, paperTableText } from '../paper-table-text.ts';
import { lineView } from '../plain-views.ts';
import { databaseFile, jsonOption, withStore } from '../store-access.ts';
import { addSettingFlags, type Flags, settingsOf } from '../study-flags.ts';
import { runSession } from '../study-session.ts';

interface EvaluateFlags extends Flags {
  readonly top?: number;
  readonly functions?: keyof typeof functionSets;
  readonly study?: string;
  readonly models?: readonly string[];
  readonly dataset?: string;
  readonly budget?: number;
  readonly test?: boolean;
  readonly format?: PaperFormat;
  readonly json?: boolean;
}

const usualSeeds = 3;
const usualDataset = 'cifar10';

/** What --functions may name. */
const functionSets = {
  baselines: () => baselineNames,
  published: publishedFunctions,
} as const;

const evaluateSettings = [
  'children',
  'steps',
  'seeds',
  'workers',
  'seed',
  'score',
  'trialTimeLimit',
  'activation',
  'precision',
  'study',
  'db',
] as const;

/** `evaluate FUNCTION…`. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description(
      'Trains given functions and ReLU on children with the same seeds, and says how they compare.',
    )
    .argument(
      '[function...]',
      'a formula such as "x*sigmoid(x)" (parameters start at 1, or as in "alpha[0.25]"), a name such as GELU, the id of a candidate, or a file of formulas, one a line',
    )
    .addOption(
      new Option(
        '--functions <set>',
        'a set: baselines, the nine that studies compare with; published, the sixteen that the paper has accuracies of',
      ).choices(Object.keys(functionSets)),
    )
    .option('--top <n>', 'the first functions of the study that --study names', positiveInteger(1000))
    .addOption(
      new Option('--models <names>', 'models to train on, instead of children: resnet8,plain8,…').argParser(
        namesFrom,
      ),
    )
    .option('--dataset <name>', `the data set of the models (default: ${usualDataset})`)
    .option('--test', 'classify the test images too, which no search ever looks at')
    .addOption(budgetOption('ends after this much running time, all sittings together: 90s, 10m or 1h30m'))
    .addOption(
      new Option('--format <format>', "the paper's table as table, markdown, latex, csv or json").choices(
        paperFormats,
      ),
    );
  return addSettingFlags(command, evaluateSettings, {
    seeds: String(usualSeeds),
    study: 'evaluate, evaluate-2, …',
  })
    .addOption(jsonOption('print one JSON document; progress goes to standard error'))
    .addHelpText(
      'after',
      `
Every training is stored as it ends. The same command goes on after an interruption and trains nothing twice.
The results are a study: look at it with leaderboard, show and query. A verdict needs five blocks:
a child and a seed make one.

Examples:
  npx activation-search evaluate "x*sigmoid(beta*x)" "max(x, sin(x))" GELU
  npx activation-search evaluate --top 3 --study quickstart --seeds 5
  npx activation-search evaluate my-functions.txt --child resnet8-cifar10 --seeds 5 --study mine
  npx activation-search evaluate --functions published --models resnet8,plain8 --budget 2h --format markdown`,
    )
    .action(evaluate);
}

async function evaluate(words: readonly string[], flags: EvaluateFlags): Promise<void> {
  const { functions, plan, database, name } = planned(words, flags);
  const before =
    typeof name === 'string'
      ? sameStudy(database, name, plan)?.name
      : sameOfFamily(database, name.firstFreeOf, plan);
  await fetchMissingData(Object.values(plan.config.recipes), printNote);
  if (plan.config.test) refuseUntestable(plan.config.recipes);
  await withStore(Store.open(database), async (store) => {
    const study = before === undefined ? createStudy(store, name, plan) : store.study(before);
    const resumed = before !== undefined;
    if (resumed) refuseOtherData(study, plan.config.recipes);
    if (study.status !== 'finished' || hasTimeLeft(study, plan)) {
      const held = resumed ? store.claimStudy(study.name) : study;
      store.setConfig(held.id, plan.config);
      const view = flags.json || flags.format ? lineView(printNote) : undefined;
      await runSession({ store, study: held, plan, resumed }, { report: false }, view);
    }
    if (flags.json || (flags.functions !== 'published' && !flags.format))
      printJudged(store, study.name, plan.config, flags.json === true);
    else printPaperTable(store, study.name, plan.config, flags);
    const untrained = untrainedFunctions(store, study, functions);
    if (untrained.length > 0) {
      const labels = untrained.map(functionLabel).join(', ');
      printNote(
        `not trained yet: ${labels}. The same command goes on${flags.budget ? ', with a larger --budget' : ''}.`,
      );
    }
  });
}

/** Whether a study that its budget has ended has a larger one now. */
function hasTimeLeft({ config, seconds }: StudyRecord, { config: { time } }: StudyPlan): boolean {
  return config.time !== null && (time === null || seconds < time);
}

function printPaperTable(store: Store, study: string, config: StudyConfig, flags: EvaluateFlags): void {
  const children = childrenOf(config);
  const functions = judgedFunctions(store, study, { children, scoring: scoringOf(config) });
  const table = paperTable(store, functions, children, {
    dataset: datasetsOf(config.recipes).join(', '),
    split: config.test ? 'test' : 'validation',
  });
  printLine(paperTableText(table, flags.format ?? 'table', screenOf()));
}

/** What is to be trained, and the name that it is stored under. */
function planned(words: readonly string[], flags: EvaluateFlags) {
  const { whole, parts } = settingsOf(flags);
  const { study, ...settings } = { ...whole, ...modelSettings(flags, whole.children) };
  const { top } = flags;
  const set = flags.functions === undefined ? [] : functionSets[flags.functions]();
  const all = [...words, ...set, ...(top === undefined ? [] : [`top:${top}`])];
  if (all.length === 0) {
    throw new ActivationSearchError('usage', 'there is no function to evaluate.', {
      hint: 'Give formulas, names or a file; or --top 3 --study NAME; or --functions baselines.',
    });
  }
  const database = databaseFile(settings.db);
  const functions = chosenFunctions(all, { database, study });
  const read = readSettings(undefined, {
    whole: {
      seeds: usualSeeds,
      ...settings,
      ...(study === undefined ? {} : { study }),
      controller: 'exhaustive',
      baselines: [...asBaselines(functions)],
    },
    parts,
  });
  const notice = slowerNotice(read.settings.activation);
  if (notice !== undefined) printNote(notice);
  const own = top === undefined ? read.settings.study : undefined;
  const family = top === undefined ? 'evaluate' : `${study}-evaluate`;
  const { config, ...plan } = formulasPlan(read, asFormulas(functions));
  const limited = { ...plan, config: { ...config, time: flags.budget ?? null, test: flags.test ?? false } };
  return { functions, plan: limited, database, name: own ?? { firstFreeOf: family } };
}

/** The children of --models; refuses them beside --child, and a data set without them. */
function modelSettings({ models, dataset }: EvaluateFlags, children: unknown) {
  if (models === undefined) {
    if (dataset === undefined) return {};
    throw new ActivationSearchError('usage', `--dataset ${dataset} is the data set of --models.`, {
      hint: `Give models: --models resnet8,plain8 --dataset ${dataset}. A child has its data set in its recipe.`,
    });
  }
  if (children === undefined) return { children: [...modelChildren(models, dataset ?? usualDataset)] };
  throw new ActivationSearchError('usage', '--models and --child both say what is trained.', {
    hint: 'Give one of them.',
  });
}
