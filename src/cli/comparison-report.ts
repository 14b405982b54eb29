import type { CompareOptions, Comparison, ContestantResult } from '../comparison/compare.ts';
import type { Band } from '../comparison/quantiles.ts';
import type { ScoredSpace } from '../comparison/scored-space.ts';
import { screenOf } from '../terminal/screen.ts';
import { type Column, tableText } from '../terminal/table.ts';
import { printJson, printLine } from './output.ts';

/** What was compared. */
export interface ComparisonReport {
  readonly scored: ScoredSpace;
  readonly comparison: Comparison;
  readonly options: CompareOptions;
  /** The formula looked for. */
  readonly target: string;
  readonly missing: string;
}

/** Where tables show how far the runs are: these, and the last. */
const shownEvaluations = [10, 25, 50, 100, 200, 500, 1000, 2000];

/** The comparison as tables for people. */
export function printComparison(report: ComparisonReport): void {
  const { comparison, options, target } = report;
  const { results } = comparison;
  const at = shownAt(options.evaluations);
  for (const line of summary(report)) printLine(line);
  printLine('\nREGRET: the best score of the table minus the best so far. Median (5% to 95% of the seeds)');
  printLine(
    tableText(
      [
        { heading: 'TRAINED' },
        ...at.map((evaluations): Column => ({ heading: String(evaluations), align: 'right' })),
        { heading: 'MEAN', align: 'right' },
        { heading: 'BETTER', align: 'right' },
        { heading: 'P', align: 'right' },
      ],
      results.map(({ label, curve, meanRegret, against }) => [
        label,
        ...at.map((evaluations) => bandText(curve[evaluations - 1]?.regret as Band, score)),
        bandText(meanRegret, score),
        share(against?.meanRegret.less),
        pValue(against?.meanRegret.pValue),
      ]),
      screenOf(),
    ),
  );
  printLine(`\nTRAINED FUNCTIONS until ${target} (equal, or equal once all parameters are 1)`);
  printLine(
    tableText(
      [
        { heading: '' },
        { heading: 'MEDIAN (5% TO 95%)', align: 'right' },
        { heading: 'FOUND', align: 'right' },
        { heading: 'BETTER', align: 'right' },
        { heading: 'P', align: 'right' },
        { heading: 'PROPOSALS', align: 'right' },
        { heading: 'TRAINED', align: 'right' },
      ],
      results.map((result) => [
        result.label,
        bandText(result.target, whole),
        `${result.target.found}/${result.runs.length}`,
        share(result.against?.target.less),
        pValue(result.against?.target.pValue),
        bandText(result.proposals, whole),
        trained(result),
      ]),
      screenOf(),
    ),
  );
  const [reference] = results;
  if (results.length > 1) {
    printLine(
      `\nBETTER: chance that a run does better than one of ${reference?.label}; P: two-sided, Mann and Whitney's test against it.`,
    );
  }
}

/** The comparison as one JSON document; what is infinite (never found) is null. */
export function printComparisonJson(report: ComparisonReport): void {
  const { scored, comparison, options, target, missing } = report;
  const { known, missing: lacking } = scored.coverage;
  printJson({
    table: { source: scored.table.source, rows: scored.table.rows.length },
    space: {
      name: scored.space.name,
      sequences: Number(scored.space.size),
      whole: scored.judgedWhole,
      known: known.length,
      lacking: lacking.length,
    },
    options: {
      seeds: options.seeds,
      evaluations: options.evaluations,
      batch: options.batch,
      proposals: options.proposals,
      target,
      missing,
    },
    best: { expression: comparison.best.formula, score: comparison.best.score },
    worst: { expression: comparison.worst.formula, score: comparison.worst.score },
    controllers: comparison.results,
  });
}

function summary({ scored, comparison, options, missing }: ComparisonReport): string[] {
  const { known, missing: lacking } = scored.coverage;
  const { best } = comparison;
  const { seeds } = options;
  const lacks = lacking.length === 0 ? '' : `, ${lacking.length} it lacks count as ${missing}`;
  return [
    `${scored.table.source}: ${known.length} functions of ${scored.space.name} (${scored.space.size} token sequences)${lacks}`,
    `best: ${best.formula} with ${score(best.score as number)}`,
    `${seeds.length} ${seeds.length === 1 ? 'seed' : `seeds from ${seeds[0]}`}, ${options.evaluations} evaluations, batches of ${options.batch}, at most ${options.proposals} proposals`,
  ];
}

function shownAt(evaluations: number): readonly number[] {
  return [...shownEvaluations.filter((each) => each < evaluations), evaluations];
}

/** A controller may end before the budget does. */
function trained({ runs }: ContestantResult): string {
  const counts = runs.map(({ evaluations }) => evaluations);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(most) : `${least} to ${most}`;
}

function bandText({ median, low, high }: Band, format: (value: number) => string): string {
  return low === high ? format(median) : `${format(median)} (${format(low)} to ${format(high)})`;
}

function score(value: number): string {
  return value.toFixed(3);
}

function whole(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)) : 'never';
}

function share(value: number | undefined): string {
  return value === undefined ? '' : `${Math.round(100 * value)}%`;
}

function pValue(value: number | undefined): string {
  if (value === undefined) return '';
  return value < 0.0001 ? '< 0.0001' : value.toFixed(4);
}
