import { type ChildRecipe, isNetwork } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { type Forecast, forecast, type RungForecast } from '../search/cost-model.ts';
import { calibrate, previewProposals } from '../search/preview.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import { durationText } from '../terminal/duration.ts';
import { plural } from '../terminal/numbers.ts';
import { screenOf } from '../terminal/screen.ts';
import { type Column, tableText } from '../terminal/table.ts';
import { printJson, printLine, printNote } from './output.ts';
import { describeStudy } from './study-text.ts';

/**
 * `search --dry-run`: what a study would train and how long it would take on this machine. Writes nothing.
 */
export async function printDryRun(name: string, plan: StudyPlan, json: boolean): Promise<void> {
  const { config } = plan;
  refuseMissingData(Object.values(config.recipes));
  printNote('measuring this machine for about ten seconds …');
  const costs = await calibrate(config, silentLogger);
  const proposals = previewProposals(plan);
  const expected = forecast(config, costs, proposals);
  if (json) {
    printJson({ study: name, config, learns: plan.controller.learns, costs, ...expected });
    return;
  }
  printLine(`${screenOf().colors.bold(name)}  ${describeStudy(config, plan.space.size.toString())}`);
  printLine(
    tableText(
      columns,
      expected.rungs.map((one, index) => row(one, expected.rungs[index + 1])),
      screenOf(),
    ),
  );
  for (const sentence of sentences(plan, expected)) printLine(sentence);
}

const right = { align: 'right' } as const;
const columns: readonly Column[] = [
  { heading: 'rung', ...right },
  { heading: 'children', narrow: 'cut' },
  { heading: 'seeds', ...right },
  { heading: 'goes on', ...right },
  { heading: 'a candidate', ...right },
  { heading: 'candidates', ...right },
  { heading: 'work', ...right },
];

function row(
  { rung, children, seeds, share, secondsPerCandidate, candidates, seconds }: RungForecast,
  next: RungForecast | undefined,
): string[] {
  const finalists = next?.finalists == null ? '' : `best ${next.finalists} of all`;
  return [
    String(rung),
    children.map(({ name, steps }) => `${name} ${steps} steps`).join(' + '),
    String(seeds),
    share === null ? finalists : `best ${Number((100 * share).toPrecision(3))}%`,
    `${secondsPerCandidate.toFixed(secondsPerCandidate < 10 ? 1 : 0)} s`,
    String(candidates),
    durationText(seconds),
  ];
}

function sentences({ controller }: StudyPlan, { workers, baselines, seconds, limit }: Forecast): string[] {
  const ends = {
    candidates: 'until all candidates are evaluated',
    time: 'the time given',
    exhausted: 'until the space is exhausted',
  }[limit];
  return [
    `In all ${durationText(seconds)} (${ends}) with ${plural(workers, 'worker')}, ${plural(baselines, 'baseline')} on all rungs included.`,
    limit === 'time'
      ? 'This many candidates fit if none fails; more fit where candidates fail or are stopped early.'
      : 'An upper bound: candidates that fail or are stopped early take less, and fewer climb.',
    ...(controller.learns
      ? [
          'This controller learns, so its later proposals are unknown: each batch is assumed to be like the first.',
        ]
      : []),
    'Nothing was trained for the study, and nothing was written.',
  ];
}

function refuseMissingData(recipes: readonly ChildRecipe[]): void {
  for (const name of new Set(recipes.filter(isNetwork).map(({ dataset }) => dataset))) {
    const { present, problem } = datasetStatus(name);
    if (present && problem === undefined) continue;
    throw new ActivationSearchError(
      'dataset',
      `the data set ${name} is not on this machine: nothing to measure with.`,
      {
        hint: `A dry run fetches nothing. Fetch it first: npx activation-search data fetch ${name}`,
      },
    );
  }
}
