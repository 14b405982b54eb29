import pc from 'picocolors';
import { type ChildRecipe, isNetwork } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { type Forecast, forecast, type RungForecast } from '../search/cost-model.ts';
import { calibrate, previewProposals } from '../search/preview.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import { printJson, printLine } from './output.ts';
import { describeStudy, formatSeconds } from './study-progress.ts';
import { formatTable } from './table.ts';

/** `search --dry-run`: what a study would train and how long it would take on this machine. Writes nothing. */
export async function printDryRun(name: string, plan: StudyPlan, json: boolean): Promise<void> {
  const { config } = plan;
  refuseMissingData(Object.values(config.recipes));
  process.stderr.write('measuring this machine for about ten seconds …\n');
  const costs = await calibrate(config, silentLogger);
  const proposals = previewProposals(plan);
  const expected = forecast(config, costs, proposals);
  if (json) {
    printJson({ study: name, config, learns: plan.controller.learns, costs, ...expected });
    return;
  }
  printLine(`${pc.bold(name)}  ${describeStudy(config, plan.space.size.toString())}`);
  printLine(
    formatTable(
      columns,
      expected.rungs.map((one, index) => row(one, expected.rungs[index + 1])),
    ),
  );
  for (const sentence of sentences(plan, expected)) printLine(sentence);
}

const right = { align: 'right' } as const;
const columns = [
  { heading: 'rung', ...right },
  { heading: 'children', flexible: true },
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
    formatSeconds(seconds),
  ];
}

function sentences({ controller }: StudyPlan, { workers, baselines, seconds, limit }: Forecast): string[] {
  const ends = {
    candidates: 'until all candidates are evaluated',
    time: 'the time given',
    exhausted: 'until the space is exhausted',
  }[limit];
  const many = workers === 1 ? '1 worker' : `${workers} workers`;
  const known = baselines === 1 ? '1 baseline' : `${baselines} baselines`;
  return [
    `In all ${formatSeconds(seconds)} (${ends}) with ${many}, ${known} on all rungs included.`,
    limit === 'time'
      ? 'So many candidates fit if none fails; more do, where candidates fail or are stopped early.'
      : 'An upper bound: candidates that fail or are stopped early take less, and fewer climb.',
    ...(controller.learns
      ? ['What a controller that learns will propose is not known: batches are taken to be like its first.']
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
        hint: `A dry run fetches nothing. Fetch it first: activation-search data fetch ${name}`,
      },
    );
  }
}
