import { Command, Option } from 'commander';
import { readFormula } from '../../catalog/read-formula.ts';
import { compare } from '../../comparison/compare.ts';
import { comparisonChart } from '../../comparison/comparison-chart.ts';
import { contestant } from '../../comparison/contestant.ts';
import { type MissingRule, missingRules, ScoredSpace } from '../../comparison/scored-space.ts';
import { openTable, shippedTables } from '../../comparison/table-source.ts';
import { controllerKind, controllerNames } from '../../controllers/controllers.ts';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { print } from '../../expression/notation.ts';
import { reflectionRules } from '../../expression/reflection.ts';
import type { StudyConfig } from '../../search/study-config.ts';
import { printComparison, printComparisonJson } from '../comparison-report.ts';
import { ListOption } from '../list-option.ts';
import { positiveInteger, seedNumber } from '../options.ts';
import { printLine } from '../output.ts';
import { checkPictureFile, writePictureFile } from '../picture-file.ts';
import { databaseFile, jsonOption } from '../store-access.ts';

interface BenchOptions {
  readonly db?: string;
  readonly study?: string;
  readonly space?: string;
  readonly reflections?: StudyConfig['reflections'];
  readonly controller?: string[];
  readonly seeds: number;
  readonly seed: number;
  readonly evaluations?: number;
  readonly proposals?: number;
  readonly batch: number;
  readonly target: string;
  readonly missing: string;
  readonly plot?: string;
  readonly json?: boolean;
}

const mostSeeds = 10_000;

/** `controllers bench [TABLE]`. */
export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Compare controllers by replaying them on scores that were measured before: seconds instead of days.',
    )
    .argument(
      '[table]',
      `CSV with expression, status and score, or a shipped table: ${Object.keys(shippedTables).join(', ')} (default: paper-subset)`,
    )
    .option('--db <file>', 'take the scores of a study of this database (default: runs/activation-search.db)')
    .option('--study <name>', 'the study')
    .option('--space <name|file>', 'what controllers draw from (default: what the table was made on)')
    .addOption(
      new Option(
        '--reflections <rule>',
        'which functions are trained once, as in a study (default: as the table was made)',
      ).choices(reflectionRules),
    )
    .addOption(
      new ListOption(
        '--controller <name...>',
        'which, with options as in evolution:population=50 (default: those that learn); random always runs too',
        (value) => !isTable(value),
      ),
    )
    .option('--seeds <n>', 'runs of each controller', positiveInteger(mostSeeds), 50)
    .option('--seed <n>', 'seed of the first run; the next has the next', seedNumber, 1)
    .option('--evaluations <n>', 'functions to train in a run (default: all of the space)', positiveInteger())
    .option(
      '--proposals <n>',
      'a run ends after this many, even if functions are left (default: 10 for each evaluation)',
      positiveInteger(),
    )
    .option('--batch <n>', 'proposals asked at a time', positiveInteger(10_000), 32)
    .option('--target <formula>', 'the function whose finding is counted', 'x*sigmoid(beta*x)')
    .option('--missing <rule>', `functions that the table lacks: ${missingRules.join(', ')}`, 'error')
    .option(
      '--plot <file>',
      'draw best score and share of finds against the number of evaluations, as .svg or .png',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Scores come from the table instead of training; all else is as in a study: proposals are refused, known or new, and
learning controllers are told in whole batches. --missing failed counts functions that the table lacks as failed trainings,
--missing refused as refused before training, so that only the functions of the table are searched.

Examples:
  npx activation-search controllers bench
  npx activation-search controllers bench --controller random --seeds 200 --evaluations 100 --plot comparison.svg
  npx activation-search controllers bench --db runs/activation-search.db --study everything --json
  npx activation-search controllers bench ./scores.csv --space ./my-space.yaml --missing refused`,
    )
    .action(bench);
}

async function bench(named: string | undefined, options: BenchOptions): Promise<void> {
  refuseTableAsController(options.controller);
  const missing = missingRule(options.missing);
  const target = readFormula(options.target);
  if (options.plot !== undefined) checkPictureFile(options.plot, { force: true });
  const { table, space, reflections } = openTable({
    ...(named === undefined ? {} : { table: named }),
    ...(options.db === undefined && options.study === undefined ? {} : { db: databaseFile(options.db) }),
    ...(options.study === undefined ? {} : { study: options.study }),
    ...(options.space === undefined ? {} : { space: options.space }),
    ...(options.reflections === undefined ? {} : { reflections: options.reflections }),
  });
  const contestants = chosen(options.controller).map((written) => contestant(written, space));
  const scored = new ScoredSpace(space, table, { target, missing, reflections });
  const evaluations = evaluationsOf(options.evaluations, scored);
  const settings = {
    seeds: seedsOf(options),
    evaluations,
    batch: options.batch,
    proposals: options.proposals ?? 10 * evaluations,
    ...(process.stderr.isTTY ? { onRun: showProgress } : {}),
  };
  const comparison = compare(contestants, scored, settings);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const formula = print(target);
  if (options.plot !== undefined) {
    const subtitle = `${scored.reachable.length} functions of ${space.name}, ${settings.seeds.length} seeds`;
    await writePictureFile(options.plot, comparisonChart(comparison, subtitle, formula));
  }
  const report = { scored, comparison, options: settings, target: formula, missing };
  if (options.json) printComparisonJson(report);
  else {
    printComparison(report);
    if (options.plot !== undefined) printLine(`plot: ${options.plot}`);
  }
}

/** A table's name or path; no controller has such a name. */
function isTable(value: string): boolean {
  return /\.csv$/i.test(value) || Object.hasOwn(shippedTables, value);
}

function refuseTableAsController(names: readonly string[] | undefined): void {
  if (!names?.some(isTable)) return;
  throw new ActivationSearchError('usage', '--controller names no controller.', {
    hint: `Give one: ${controllerNames.join(', ')}`,
  });
}

/** The controllers to run, the reference first, each once. */
function chosen(given: readonly string[] | undefined): readonly string[] {
  // A list's order says nothing of a controller: `exhaustive` runs only where it is named.
  const names = given ?? controllerNames.filter((name) => controllerKind(name).learns);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ActivationSearchError('usage', `--controller names "${twice}" twice.`, {
      hint: 'Name it once.',
    });
  }
  return ['random', ...names.filter((name) => name !== 'random')];
}

function evaluationsOf(given: number | undefined, scored: ScoredSpace): number {
  const most = scored.reachable.length;
  if (given !== undefined && given > most) {
    throw new ActivationSearchError(
      'usage',
      `--evaluations ${given}: there are ${most} functions to train.`,
      {
        hint: `Give a number from 1 to ${most}.`,
      },
    );
  }
  return given ?? most;
}

function seedsOf({ seed, seeds }: BenchOptions): readonly number[] {
  const last = seed + seeds - 1;
  if (last > 2 ** 31 - 1) {
    throw new ActivationSearchError(
      'usage',
      `--seed ${seed}: ${seeds} runs from it need seeds up to ${last}.`,
      {
        hint: `Give a seed from 0 to ${2 ** 31 - seeds}.`,
      },
    );
  }
  return Array.from({ length: seeds }, (_, index) => seed + index);
}

function missingRule(given: string): MissingRule {
  const found = missingRules.find((rule) => rule === given);
  if (found !== undefined) return found;
  throw new ActivationSearchError('usage', `--missing ${given}: there is no such rule.`, {
    hint: suggestion(given, missingRules),
  });
}

function showProgress(label: string, run: number, runs: number): void {
  process.stderr.write(`\r\u001b[K${label}: ${run} of ${runs} …`);
}
