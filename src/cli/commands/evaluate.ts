import { Command } from 'commander';
import { slowerNotice } from '../../activation/usual-backend.ts';
import { readFormula } from '../../catalog/read-formula.ts';
import { ActivationSearchError } from '../../errors.ts';
import { FunctionIndex } from '../../expression/fingerprint.ts';
import { refuse } from '../../expression/refusal.ts';
import { simplify } from '../../expression/simplify.ts';
import { intervalKind } from '../../report/interval.ts';
import { createStudy, refuseTakenName } from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { formulasPlan } from '../../search/study-plan.ts';
import { type LeaderboardRow, Store } from '../../storage/store.ts';
import { commandText } from '../../terminal/command-text.ts';
import { percent, plural, short, signed } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { type Column, tableText } from '../../terminal/table.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { printJson, printLine, printNote } from '../output.ts';
import { lineView } from '../plain-views.ts';
import { databaseFile, jsonOption, withStore } from '../store-access.ts';
import { addSettingFlags, type Flags, settingsOf } from '../study-flags.ts';
import { runSession } from '../study-session.ts';

interface EvaluateFlags extends Flags {
  readonly json?: boolean;
}

const usualSeeds = 3;

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

/** `evaluate FORMULA…`. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('Trains given formulas and ReLU on children with the same seeds, and compares them.')
    .argument('<formula...>', 'such as "x*sigmoid(x)"; parameters start at 1, or as in "alpha[0.25]"');
  return addSettingFlags(command, evaluateSettings, {
    seeds: String(usualSeeds),
    study: 'evaluate, evaluate-2, …',
  })
    .addOption(jsonOption('print one JSON document; progress goes to standard error'))
    .addHelpText(
      'after',
      `
Kept as a study: look at it with leaderboard, show and query; go on after an interruption with resume.

Examples:
  npx activation-search evaluate "x*sigmoid(beta*x)" "max(x, sin(x))"
  npx activation-search evaluate "x*tanh(softplus(x))" --child resnet8-cifar10 --seeds 5`,
    )
    .action(evaluate);
}

async function evaluate(formulas: string[], flags: EvaluateFlags): Promise<void> {
  const expressions = usable(formulas);
  const { whole, parts } = settingsOf(flags);
  const fixed = { controller: 'exhaustive', baselines: false };
  const read = readSettings(undefined, { whole: { seeds: usualSeeds, ...whole, ...fixed }, parts });
  const notice = slowerNotice(read.settings.activation);
  if (notice !== undefined) printNote(notice);
  const plan = formulasPlan(read, expressions);
  const database = databaseFile(read.settings.db);
  const name = read.settings.study ?? { firstFreeOf: 'evaluate' };
  if (typeof name === 'string') refuseTakenName(database, name);
  const children = Object.keys(plan.config.recipes);
  await fetchMissingData(Object.values(plan.config.recipes), printNote);
  await withStore(Store.open(database), async (store) => {
    const study = createStudy(store, name, plan);
    const view = flags.json ? lineView(printNote) : undefined;
    await runSession({ store, study, plan, resumed: false }, { report: false }, view);
    const rows = store
      .leaderboard(study.name)
      .map((row) => ({ ...row, children: byChild(store, row, children) }));
    if (flags.json) printJson(rows.map((row) => ({ ...row, interval: intervalKind(row) })));
    else printEvaluation(rows, children, plan.config.rungs[0]?.seeds.length ?? 0);
    if (!flags.json) printKept(study.name, database);
  });
}

/** The formulas, each once. Refuses those that cannot be read or trained, and two that are one function. */
function usable(formulas: readonly string[]): readonly string[] {
  const index = new FunctionIndex();
  formulas.forEach((formula, position) => {
    const expression = simplify(readFormula(formula));
    const refusal = refuse(expression);
    if (refusal) {
      throw new ActivationSearchError('formula', `${formula} cannot be trained: ${refusal.reason}.`, {
        hint: 'An activation function is finite on [-5, 5] and bends.',
      });
    }
    const same = index.find(expression);
    if (same !== undefined) {
      throw new ActivationSearchError('formula', `${formula} and ${formulas[same]} are the same function.`, {
        hint: 'Give one of them.',
      });
    }
    index.add(expression, position);
  });
  return formulas;
}

interface ChildResult {
  readonly child: string;
  /** Means over the seeds; null where no trial was complete. */
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  readonly metric: number | null;
  readonly trials: number;
}

function byChild(store: Store, { id }: LeaderboardRow, children: readonly string[]): ChildResult[] {
  const trials = store.trialsOf(id);
  return children.map((child) => {
    const own = trials.filter((trial) => trial.child === child);
    return {
      child,
      validationAccuracy: mean(own.map(({ validationAccuracy }) => validationAccuracy)),
      validationLoss: mean(own.map(({ validationLoss }) => validationLoss)),
      metric: mean(own.map(({ metric }) => metric)),
      trials: own.length,
    };
  });
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

type EvaluatedRow = LeaderboardRow & { readonly children: readonly ChildResult[] };

function printEvaluation(rows: readonly EvaluatedRow[], children: readonly string[], seeds: number): void {
  const screen = screenOf();
  const right = { align: 'right' } as const;
  const columns: readonly Column[] = [
    { heading: 'rank', ...right },
    { heading: 'id', ...right },
    { heading: 'score', ...right },
    { heading: '95% interval', ...right },
    ...children.map((child) => ({ heading: child, ...right })),
    { heading: 'function', narrow: 'wrap' },
  ];
  printLine();
  printLine(tableText(columns, rows.map(cellsOf), screen));
  printLine(
    screen.colors.dim(
      `Validation accuracy or metric, mean of ${plural(seeds, 'seed')}. Score: mean over the children of log(error of ReLU / error).`,
    ),
  );
  for (const { status, expression, reason } of rows) {
    if (status !== 'complete' && reason) printLine(`${expression} ${status}: ${reason}`);
  }
}

function cellsOf(row: EvaluatedRow): readonly string[] {
  const kind = intervalKind(row);
  const { rank, id, score, status, low, high, name, expression } = row;
  return [
    String(rank ?? ''),
    String(id),
    score === null ? status : signed(score),
    kind === 'measured' ? `${signed(low as number)} to ${signed(high as number)}` : (kind ?? ''),
    ...row.children.map(({ metric, validationAccuracy }) => {
      if (metric !== null) return short(metric);
      return validationAccuracy === null ? '' : percent(validationAccuracy, 2);
    }),
    name ? `${name}: ${expression}` : expression,
  ];
}

function printKept(study: string, database: string): void {
  const trials = commandText(['query', `SELECT * FROM trials WHERE study = '${study}'`], database);
  printLine(`Kept as study ${study}: ${trials}`);
}
