import { Command, Option } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { eachAgainstEach } from '../../evaluation/contest.ts';
import { refuseTooFew, refuseTooShort, trialSeconds } from '../../evaluation/contest-budget.ts';
import { childrenOf, createContest, trialsByCandidate } from '../../evaluation/contest-study.ts';
import { chosenFunctions } from '../../evaluation/functions.ts';
import {
  arrangedComparison,
  comparedFunctions,
  fewestShared,
  type PairComparison,
  refuseIncomparable,
  refuseOtherExamples,
} from '../../evaluation/pairs.ts';
import { readSettings } from '../../search/read-settings.ts';
import { isUnusedDatabase } from '../../storage/inspect.ts';
import { Store } from '../../storage/store.ts';
import { screenOf } from '../../terminal/screen.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { blocksOption, budgetOption } from '../contest-options.ts';
import { contestEnds, runContestSession } from '../contest-session.ts';
import { printJson, printLine, printNote } from '../output.ts';
import { pairsDocument, pairsReport } from '../pairs-report.ts';
import { databaseFile, jsonOption, withStore } from '../store-access.ts';
import { addSettingFlags, type Flags, settingsOf } from '../study-flags.ts';

interface CompareFlags extends Flags {
  readonly study?: readonly string[];
  readonly budget?: number;
  readonly blocks?: number;
  readonly db?: string;
  readonly json?: boolean;
}

/** `compare A B …`. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Compares functions with each other on the blocks that they share, and trains more of them.')
    .argument(
      '<function...>',
      'formulas, names such as GELU, ids of candidates, top:3 for the leaders of a study, or a file of formulas',
    )
    .addOption(
      new Option(
        '--study <name>',
        'a study whose trials count; may stand several times (default: all of the database)',
      ).argParser((name: string, before: readonly string[] = []) => [...before, name]),
    )
    .addOption(budgetOption('trains further blocks for this long: 90s, 10m or 1h30m'))
    .addOption(blocksOption('trains this many further blocks at most, in whole seeds'));
  return addSettingFlags(
    command,
    ['children', 'steps', 'workers', 'trialTimeLimit', 'activation', 'precision', 'db'],
    { children: 'those on which the functions share most seeds', steps: 'as there' },
  )
    .addOption(jsonOption('print one JSON document; progress goes to standard error'))
    .addHelpText(
      'after',
      `
A block is a child and a seed, with the same number of steps. Stored trials of all studies count, unless --study
names some: then these, and what earlier comparisons have trained on the same children. Without --budget and
--blocks nothing is trained. A verdict needs five blocks; further ones are trained for the functions that have an
undecided pair, and stored at once as part of a study "compare".

Examples:
  npx activation-search compare top:3 --study quickstart
  npx activation-search compare "x*sigmoid(x)" GELU --budget 30m
  npx activation-search compare 12 40 Swish --child resnet8-cifar10 --blocks 10`,
    )
    .action(compare);
}

async function compare(words: readonly string[], flags: CompareFlags): Promise<void> {
  const { study: studies, budget = null, blocks = null } = flags;
  const database = databaseFile(flags.db);
  const functions = chosenFunctions(words, {
    database,
    study: studies?.length === 1 ? studies[0] : undefined,
  });
  if (functions.length < 2) {
    throw new ActivationSearchError('usage', 'a comparison needs two functions at least.', {
      hint: 'Give another: a formula, a name such as ReLU, an id, or top:3 with --study NAME.',
    });
  }
  const { whole, parts } = settingsOf(flags);
  const { study: _, ...settings } = whole;
  const read = readSettings(undefined, { whole: { ...settings, controller: 'exhaustive' }, parts });
  const { children, steps } = settings;
  const given = { givenChildren: children !== undefined, steps: steps === undefined ? steps : Number(steps) };
  const options = { read, ...given, studies, time: budget };
  const arrange = async (): Promise<PairComparison> => {
    if (studies === undefined && isUnusedDatabase(database))
      return arrangedComparison(undefined, functions, options);
    return withStore(Store.open(database, { readonly: true }), (store) =>
      arrangedComparison(store, functions, options),
    );
  };
  const before = await arrange();
  for (const difference of before.stored.differences) printNote(`left out, for it differs: ${difference}`);
  const write = flags.json ? printNote : printLine;
  const trained = (budget !== null || blocks !== null) && (await train(before, database, flags, write));
  const comparison = trained ? await arrange() : before;
  const pairs = refuseIncomparable(comparison);
  if (flags.json) printJson(pairsDocument(comparison, pairs));
  else for (const line of pairsReport(comparison, pairs, screenOf())) printLine(line);
}

/** Trains further blocks as long as a pair is undecided. Returns whether a study keeps some. */
async function train(
  comparison: PairComparison,
  database: string,
  { budget, blocks }: CompareFlags,
  write: (line: string) => void,
): Promise<boolean> {
  const { functions, plan, stored } = comparison;
  if (eachAgainstEach(comparedFunctions(comparison)).size === 0) {
    write('Nothing is to be trained: all verdicts are in.');
    return false;
  }
  refuseOtherExamples(comparison);
  const shared = fewestShared(comparison);
  const children = childrenOf(plan.config);
  if (blocks !== undefined) refuseTooFew(blocks, shared, children.length);
  await fetchMissingData(Object.values(plan.config.recipes), printNote);
  if (budget !== undefined) {
    refuseTooShort(budget, {
      functions: functions.length,
      children,
      seconds: await trialSeconds(plan.config, children, stored.trials.flat()),
      shared,
      workers: plan.config.workers,
    });
  }
  return withStore(Store.open(database), async (store) => {
    const study = createContest(store, { firstFreeOf: 'compare' }, plan);
    const before = trialsByCandidate(store, study, functions, stored.trials);
    const contest = { contest: eachAgainstEach, before, mostBlocks: blocks ?? null };
    const end = await runContestSession({ store, study, plan, ...contest }, write);
    write(`Kept as study ${study.name}: ${contestEnds[end]}.`);
    return true;
  });
}
