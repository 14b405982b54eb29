import { goesOn } from '../children/recipe.ts';
import { Ladder, promotedCount, type Rung, trialsOfRung } from '../study/ladder.ts';
import { recipeOf } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';

/**
 * What a training on a child takes on one worker, in seconds: `start` (weights, evaluation) and so much a
 * step.
 */
export interface ChildCost {
  readonly start: number;
  readonly step: number;
}

/**
 * Candidates of each batch that are new and can be trained, as far as that is known before anything is
 * trained.
 */
export interface Proposals {
  readonly perBatch: readonly number[];
  /** Whether the list is all that the study will propose within its limits, or a sample of it. */
  readonly whole: boolean;
}

export interface RungForecast {
  readonly rung: number;
  readonly children: Rung['children'];
  readonly seeds: number;
  readonly share: number | null;
  readonly finalists: number | null;
  /** Of one worker, for the trials that no lower rung has made already. */
  readonly secondsPerCandidate: number;
  /** Proposals that come to this rung; fewer where candidates fail. */
  readonly candidates: number;
  /** Of all workers, for all candidates and baselines on this rung. */
  readonly seconds: number;
}

export interface Forecast {
  readonly workers: number;
  readonly baselines: number;
  readonly rungs: readonly RungForecast[];
  /** Running time in all, baselines included; an upper bound where candidates fail or are stopped early. */
  readonly seconds: number;
  /** Which limit ends the study. */
  readonly limit: 'candidates' | 'time' | 'exhausted';
}

/** Seconds of one worker that a candidate takes on each rung: only trials that no lower rung has made. */
export function secondsPerCandidate(
  { rungs, recipes }: Pick<StudyConfig, 'rungs' | 'recipes'>,
  costs: Readonly<Record<string, ChildCost>>,
): readonly number[] {
  const all = rungs.flatMap(trialsOfRung);
  const ladder = new Ladder(rungs);
  return rungs.map((rung, index) =>
    trialsOfRung(rung)
      .filter((trial) => ladder.rungOf(trial) === index + 1)
      .map((trial) => {
        const { start, step } = costs[trial.child] as ChildCost;
        // From its checkpoint a candidate goes on, where the schedule lets it.
        const before = all
          .filter((one) => one.child === trial.child && one.seed === trial.seed && one.steps < trial.steps)
          .filter((one) => goesOn(recipeOf(recipes, one.child)));
        return start + step * (trial.steps - Math.max(0, ...before.map(({ steps }) => steps)));
      })
      .reduce((sum, seconds) => sum + seconds, 0),
  );
}

/** How many candidates of a batch of this size come to each rung, if none fails. */
export function climbers(rungs: readonly Rung[], candidates: number): readonly number[] {
  const counts: number[] = [];
  for (let on = candidates, rung = 0; rung < rungs.length; rung++) {
    counts.push(on);
    on = promotedCount(rungs[rung]?.share ?? 0, on);
  }
  return counts;
}

/** What a study will take: candidates of each rung, and time, from the costs of its children. */
export function forecast(
  config: Pick<StudyConfig, 'rungs' | 'recipes' | 'workers' | 'candidates' | 'time' | 'baselines'>,
  costs: Readonly<Record<string, ChildCost>>,
  proposals: Proposals,
): Forecast {
  const { rungs, workers, candidates, time } = config;
  const each = secondsPerCandidate(config, costs);
  const work = (counts: readonly number[]): number =>
    counts.reduce((sum, count, index) => sum + count * (each[index] as number), 0);
  const baselines = work(rungs.map(() => config.baselines.length));
  const available = time === null ? Number.POSITIVE_INFINITY : time * workers;
  let counts: readonly number[] = rungs.map(() => 0);
  let [begun, used] = [0, baselines];
  let limit: Forecast['limit'] = 'exhausted';
  for (const size of batchSizes(proposals)) {
    const left = candidates === null ? size : Math.min(size, candidates - begun);
    let fits = left;
    while (fits > 0 && used + work(climbers(rungs, fits)) > available) fits -= 1;
    const more = climbers(rungs, fits);
    counts = counts.map((count, index) => count + (more[index] as number));
    begun += fits;
    used += work(more);
    if (fits < left) limit = 'time';
    else if (begun === candidates) limit = 'candidates';
    if (limit !== 'exhausted') break;
  }
  for (const [index, { finalists }] of rungs.entries()) {
    if (finalists === null || limit === 'time') continue;
    const [places, one] = [Math.min(finalists, counts[index - 1] ?? 0), each[index] as number];
    let fits = places;
    while (fits > 0 && used + fits * one > available) fits -= 1;
    if (fits < places) limit = 'time';
    counts = counts.with(index, fits);
    used += fits * one;
  }
  return {
    workers,
    baselines: config.baselines.length,
    rungs: rungs.map(({ children, seeds, share, finalists: places }, index) => {
      const [count, one] = [counts[index] as number, each[index] as number];
      const seconds = (count + config.baselines.length) * one;
      return {
        rung: index + 1,
        children,
        seeds: seeds.length,
        share,
        finalists: places,
        secondsPerCandidate: one,
        candidates: count,
        seconds,
      };
    }),
    seconds: limit === 'time' ? (time as number) : used / workers,
    limit,
  };
}

const mostBatches = 1_000_000;

/** The sizes of the batches that are known, and then, of a sample, their mean again and again. */
function* batchSizes({ perBatch, whole }: Proposals): Generator<number> {
  yield* perBatch;
  const mean = perBatch.reduce((sum, size) => sum + size, 0) / Math.max(1, perBatch.length);
  if (whole || mean === 0) return;
  for (let count = 1, given = 0; count < mostBatches; count++) {
    const size = Math.round(mean * count) - given;
    given += size;
    yield size;
  }
}
