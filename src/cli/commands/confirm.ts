import { Command } from 'commander';
import type { ChildSteps } from '../../evaluation/blocks.ts';
import { againstTheFirst } from '../../evaluation/contest.ts';
import { refuseTooShort, trialSeconds } from '../../evaluation/contest-budget.ts';
import { childrenOf, contestPlan, createContest } from '../../evaluation/contest-study.ts';
import { chosenFunctions } from '../../evaluation/functions.ts';
import { baselineNames } from '../../search/baselines.ts';
import { newestLike } from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { type Recipes, recipeOf } from '../../search/recipes.ts';
import { storedConfig } from '../../search/study-config.ts';
import { refuseOtherData } from '../../search/study-data.ts';
import { formulasPlan, type StudyPlan } from '../../search/study-plan.ts';
import { Store, type StudyRecord } from '../../storage/store.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { budgetOption } from '../contest-options.ts';
import { contestEnds, runContestSession } from '../contest-session.ts';
import { printJudged } from '../judged-report.ts';
import { positiveInteger } from '../options.ts';
import { printLine, printNote } from '../output.ts';
import { databaseFile, jsonOption, readStore, withStore } from '../store-access.ts';
import { addSettingFlags, type Flags, settingsOf } from '../study-flags.ts';

interface ConfirmFlags extends Flags {
  readonly top: number;
  readonly budget: number;
  readonly db?: string;
  readonly json?: boolean;
}

/** `confirm STUDY`. */
export function confirmCommand(): Command {
  const command = new Command('confirm')
    .description("Trains a study's leaders and ReLU on fresh seeds until their verdicts are in.")
    .argument('<study>', 'name of the study')
    .option('--top <n>', 'how many of its leaders, whoever proposed them', positiveInteger(1000), 3)
    .addOption(budgetOption('running time, all sittings together: 90s, 10m or 1h30m').default(1800, '30m'));
  return addSettingFlags(
    command,
    ['children', 'steps', 'baselines', 'workers', 'trialTimeLimit', 'activation', 'db'],
    { children: "the study's last ones", steps: "as there, or the recipes' own", baselines: 'only ReLU' },
  )
    .addOption(jsonOption('print one JSON document; progress goes to standard error'))
    .addHelpText(
      'after',
      `
The blocks (a child and a seed) are new: none of them took part in choosing the leaders. They go to the functions
that they may still tell something about, and a verdict needs five. The same command goes on where it stopped, or for longer with a
larger budget. The results are the study NAME-confirm.

Examples:
  npx activation-search confirm quickstart --top 5 --budget 30m
  npx activation-search confirm quickstart --child resnet20-cifar10 --baselines Swish --budget 8h`,
    )
    .action(confirm);
}

async function confirm(name: string, flags: ConfirmFlags): Promise<void> {
  const database = databaseFile(flags.db);
  const { plan, trials } = await readStore(flags, (store) => planned(store, name, flags));
  const { config } = plan;
  const before = newestLike(database, `${name}-confirm`, plan);
  await fetchMissingData(Object.values(config.recipes), printNote);
  await withStore(Store.open(database), async (store) => {
    const earlier =
      before === undefined ? [] : [...store.trialsOfStudy(store.study(before).id).values()].flat();
    const children = childrenOf(config);
    refuseTooShort(flags.budget, {
      functions: config.baselines.length + Number(plan.space.size),
      children,
      seconds: await trialSeconds(config, children, [...trials, ...earlier]),
      shared: new Set(earlier.map(({ child, seed }) => `${child} ${seed}`)).size,
      workers: config.workers,
    });
    if (before !== undefined) refuseOtherData(store.study(before), config.recipes);
    const study =
      before === undefined
        ? createContest(store, { firstFreeOf: `${name}-confirm` }, plan)
        : store.claimStudy(before);
    store.setConfig(study.id, config);
    await continueConfirm(store, study, plan, flags.json === true);
  });
}

/** Trains what a contest that this process holds still lacks, and prints its verdicts. */
export async function continueConfirm(
  store: Store,
  study: StudyRecord,
  plan: StudyPlan,
  asJson: boolean,
): Promise<void> {
  const write = asJson ? printNote : printLine;
  const session = { store, study, plan, contest: againstTheFirst, mostBlocks: null };
  const end = await runContestSession(session, write);
  printJudged(store, study.name, plan.config, asJson);
  if (asJson) return;
  printLine(`${study.name}: ${contestEnds[end]}.`);
}

/** Seeds that a study derives from its own are anything up to 2^31; those of people lie below. */
const largestTyped = 1_000_000;

/** The contest of a study's leaders, and the trials of the study, which say how long one takes. */
function planned(store: Store, name: string, flags: ConfirmFlags) {
  const source = store.study(name);
  const { rungs, recipes, precision } = storedConfig(source);
  const { whole, parts } = settingsOf(flags);
  const { children: given, steps, baselines = [], ...settings } = whole;
  const named = Array.isArray(baselines) ? baselines : baselines ? baselineNames : [];
  const words = ['ReLU', ...named.filter((one) => one !== 'ReLU'), `top:${flags.top}`];
  const functions = chosenFunctions(words, { database: store.file, study: name });
  const asked = given === undefined ? {} : { children: given, ...(steps === undefined ? {} : { steps }) };
  const read = readSettings(undefined, {
    whole: { precision, ...settings, ...asked, controller: 'exhaustive' },
    parts,
  });
  const trials = [...store.trialsOfStudy(source.id).values()].flat();
  const seeds = [...rungs.flatMap((rung) => rung.seeds), ...trials.map(({ seed }) => seed)];
  const own = given === undefined ? undefined : formulasPlan(read, []).config;
  const children = childrenOf(own ?? { rungs }).map(({ child, steps: usual }) => ({
    child,
    steps: Number(steps ?? usual),
  }));
  const terms = {
    functions,
    children,
    recipes: own?.recipes ?? recipesOf(children, recipes),
    firstSeed: 1 + Math.max(0, ...seeds.filter((seed) => seed < largestTyped)),
    time: flags.budget,
  };
  return { plan: contestPlan('confirm', read, terms), trials };
}

function recipesOf(children: readonly ChildSteps[], recipes: Recipes): Recipes {
  return Object.fromEntries(children.map(({ child }) => [child, recipeOf(recipes, child)]));
}
