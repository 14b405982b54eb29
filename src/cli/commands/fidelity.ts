import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { chooseBackend, slowerNotice } from '../../activation/usual-backend.ts';
import { loadChild } from '../../children/load.ts';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { publishedDatasets } from '../../evaluation/published.ts';
import { type FidelityRow, fewestFunctions } from '../../fidelity/fidelity-row.ts';
import { fidelityRows, thinBudgets } from '../../fidelity/frontier.ts';
import { frontierChart } from '../../fidelity/frontier-chart.ts';
import {
  controlSentence,
  frontierCells,
  frontierMarkdown,
  frontierTable,
  goalSentence,
  numericColumns,
  selfAgreementSentences,
} from '../../fidelity/frontier-text.ts';
import { isOfFormula, type MeasureName, measureNames } from '../../fidelity/measures.ts';
import { openReference, type Reference } from '../../fidelity/reference.ts';
import {
  type Budgeted,
  missingTasks,
  type TrainingPlan,
  trainMissing,
} from '../../fidelity/train-missing.ts';
import { budgetLabel, readTrainings, refuseOtherColumns, type Training } from '../../fidelity/trainings.ts';
import { silentLogger } from '../../logger.ts';
import { runsFolder, shippedTablesFolder, shownPath } from '../../paths.ts';
import { trialSeeds } from '../../search/resolve-seeds.ts';
import { csvText } from '../../terminal/csv.ts';
import { plural } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { tableText } from '../../terminal/table.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { WorkerPool } from '../../trial/pool.ts';
import { isNameOrPath, ListOption } from '../list-option.ts';
import { positiveInteger, seedNumber } from '../options.ts';
import { printJson, printLine, printNote } from '../output.ts';
import { checkPictureFile, writePictureFile } from '../picture-file.ts';
import { StopRequests } from '../stop-requests.ts';
import { jsonOption } from '../store-access.ts';

interface FidelityFlags {
  readonly child?: readonly string[];
  readonly seeds: number;
  readonly seed: number;
  readonly workers: number;
  readonly table?: string;
  readonly measure?: readonly string[];
  readonly against: string;
  readonly combine: number;
  readonly all?: boolean;
  readonly plot?: string;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** What a way to judge candidates should reach. */
const goal = { tau: 0.8, seconds: 20 } as const;
const longestTraining = 24 * 3600;
const shippedTrainings = join(shippedTablesFolder, 'trainings.csv');
const ownTrainings = join(runsFolder, 'fidelity.csv');

/** `fidelity`. */
export function fidelityCommand(): Command {
  return new Command('fidelity')
    .description(
      "Asks whether short trainings rank the paper's functions as long ones do: Kendall's tau against seconds.",
    )
    .addOption(
      new ListOption(
        '--child <name:steps...>',
        "train the reference's functions on these, as in plain8-cifar10:600; without it nothing is trained",
        isNameOrPath,
      ),
    )
    .option('--seeds <n>', 'trainings of each function on each child', positiveInteger(100), 3)
    .option('--seed <n>', 'decides the seeds of the trainings', seedNumber, 1)
    .option('--workers <n>', 'worker processes; seconds are those of one', positiveInteger(1024), 1)
    .option(
      '--table <file.csv>',
      'the trainings: read, and added to as each ends (default: runs/fidelity.csv with --child, else those that ship)',
    )
    .addOption(
      new ListOption('--measure <name...>', `what is compared: ${measureNames.join(', ')}`, (value) =>
        /^[a-z-]+$/.test(value),
      ),
    )
    .option(
      '--against <what>',
      `the reference: ${publishedDatasets.join(' or ')} (the paper's means), gold (long trainings that ship), or such a table`,
      'cifar10',
    )
    .option('--combine <n>', 'most children whose scores are averaged', positiveInteger(3), 1)
    .option('--all', 'print every row, not only those on the frontier')
    .option('--plot <file>', 'draw the frontier, as .svg or .png')
    .option('--markdown', 'print the table in Markdown')
    .option('--csv', 'print every row as CSV')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Each finished training is stored in the table at once: stopped at any point, the same command goes on with the rest.

Examples:
  npx activation-search fidelity
  npx activation-search fidelity --child plain8-cifar10:600 mlp20-mnist:500 --seeds 3
  npx activation-search fidelity --against gold
  npx activation-search fidelity --table bench/tables/trainings.csv --against cifar100 --combine 2 --plot frontier.svg`,
    )
    .action(fidelity);
}

async function fidelity(flags: FidelityFlags): Promise<void> {
  if (flags.plot !== undefined) checkPictureFile(flags.plot, { force: true });
  const chosen = chosenMeasures(flags.measure);
  const budgets = (flags.child ?? []).map(budgeted);
  const reference = openReference(flags.against);
  const file = flags.table ?? (flags.child ? ownTrainings : shippedTrainings);
  const stored = flags.child && !existsSync(file) ? [] : readTrainings(file, shownPath(file));
  if (flags.child && !(await train(budgets, reference, stored, file, flags))) {
    process.exitCode = 3;
    return;
  }
  const trainings = flags.child ? ofBudgets(readTrainings(file, shownPath(file)), budgets) : stored;
  const rows = fidelityRows(trainings, reference, { measures: chosen, combine: flags.combine });
  const needTrainings = !chosen.every(isOfFormula);
  if (needTrainings && !rows.some(({ children }) => children.length > 0)) throw tooFew(file, reference);
  for (const { budget, functions } of thinBudgets(trainings, reference)) {
    printNote(
      `${budget} is left out: it has ${functions} of the functions, and tau needs ${fewestFunctions}`,
    );
  }
  if (flags.plot !== undefined) await writePictureFile(flags.plot, frontierChart(rows, reference.source));
  if (flags.json) printJson(rows);
  else if (flags.csv) process.stdout.write(csvText(frontierCells(rows)));
  else printRows(rows, reference, flags);
}

function printRows(rows: readonly FidelityRow[], reference: Reference, flags: FidelityFlags): void {
  const shown = flags.all ? rows : rows.filter(({ frontier }) => frontier);
  if (flags.markdown) {
    process.stdout.write(frontierMarkdown(shown));
    return;
  }
  const [headings = [], ...cells] = frontierTable(shown);
  const columns = headings.map((heading, index) =>
    index < numericColumns ? ({ heading, align: 'right' } as const) : { heading },
  );
  printLine(tableText(columns, cells, screenOf()));
  printLine(`Reference: ${reference.source}. ${goalSentence(rows, goal)}`);
  for (const sentence of [controlSentence(rows), ...selfAgreementSentences(reference)]) {
    if (sentence !== '') printLine(sentence);
  }
  if (!flags.all)
    printLine(`On the frontier: ${shown.length} of ${rows.length} rows; --all prints the rest.`);
}

/** NAME:STEPS, where NAME may be a file. */
function budgeted(given: string): Budgeted {
  const [, name, steps] = /^(.+):(\d+)$/.exec(given) ?? [];
  if (name === undefined || Number(steps) < 1) {
    throw new ActivationSearchError('usage', `--child ${given} names no number of steps.`, {
      hint: 'Write the child, a colon and the steps: plain8-cifar10:600',
    });
  }
  return { child: loadChild(name).child, steps: Number(steps) };
}

function chosenMeasures(given: readonly string[] = measureNames): readonly MeasureName[] {
  return given.map((name) => {
    const found = measureNames.find((one) => one === name);
    if (found) return found;
    throw new ActivationSearchError('usage', `--measure ${name}: there is no such measure.`, {
      hint: suggestion(name, measureNames),
    });
  });
}

/** Trains what is missing. Returns false if the user has stopped it; what has ended until then is kept. */
async function train(
  budgets: readonly Budgeted[],
  { functions }: Reference,
  stored: readonly Training[],
  file: string,
  { seeds, seed, workers }: FidelityFlags,
): Promise<boolean> {
  const notice = slowerNotice(undefined);
  if (notice !== undefined) printNote(notice);
  const plan: TrainingPlan = {
    budgets,
    functions,
    seeds: trialSeeds(seeds, seed),
    activation: chooseBackend(undefined),
    timeLimit: longestTraining,
  };
  const tasks = missingTasks(plan, stored);
  if (tasks.length === 0) return true;
  if (existsSync(file)) refuseOtherColumns(file, shownPath(file));
  await fetchMissingData(
    budgets.map(({ child }) => child),
    printNote,
  );
  printNote(`${plural(tasks.length, 'training')} to do, kept in ${shownPath(file)}`);
  const pool = new WorkerPool({ workers, logger: silentLogger });
  const stop = new StopRequests(() => printNote('stopping …'), silentLogger);
  const signal = stop.signals.finish;
  try {
    await trainMissing(plan, tasks, { file, pool, signal }, (done, training) => {
      const { status, seconds } = training;
      const took = `${(seconds ?? 0).toFixed(1)} s`;
      printNote(
        `${done} of ${tasks.length}  ${budgetLabel(training)}  ${training.function}  ${status}  ${took}`,
      );
    });
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    printNote('stopped: the same command goes on with the rest');
    return false;
  } finally {
    stop.release();
    pool.kill();
  }
}

function ofBudgets(trainings: readonly Training[], budgets: readonly Budgeted[]): Training[] {
  return trainings.filter((training) =>
    budgets.some(({ child, steps }) => child.name === training.child && steps === training.steps),
  );
}

function tooFew(file: string, { source }: Reference): ActivationSearchError {
  return new ActivationSearchError(
    'config',
    `no child of ${shownPath(file)} has ${fewestFunctions} functions of the ${source}, ReLU among them.`,
    {
      hint: 'Tau needs more: train them with --child NAME:STEPS, which adds what is missing to the table.',
    },
  );
}
