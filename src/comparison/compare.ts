import type { ControllerKind, ControllerOptions } from '../controllers/controller.ts';
import { ActivationSearchError } from '../errors.ts';
import { mannWhitneyTest, type RankTest } from '../ranking/mann-whitney.ts';
import { type Band, bandOf } from './quantiles.ts';
import { type ReplayedRun, type ReplayOptions, replay } from './replay.ts';
import type { ScoredFunction, ScoredSpace } from './scored-space.ts';

/** A controller with its options, under the name it has in tables and plots. */
export interface Contestant {
  readonly label: string;
  readonly kind: ControllerKind;
  readonly options: ControllerOptions;
}

export interface CompareOptions extends Omit<ReplayOptions, 'seed'> {
  readonly seeds: readonly number[];
  /** Called before each run. */
  readonly onRun?: (label: string, run: number, runs: number) => void;
}

/** Where the runs stand after a number of evaluations. */
export interface RunsAfter {
  readonly evaluations: number;
  readonly best: Band;
  /** The best score of the table minus the best so far. */
  readonly regret: Band;
  /** Share of the runs that have trained the target. */
  readonly found: number;
}

/** One run in figures. */
export interface RunSummary extends Omit<ReplayedRun, 'evaluated'> {
  readonly evaluations: number;
  /** Mean over all evaluations of the regret after each: the area under the curve. */
  readonly meanRegret: number;
  /** Evaluations until the target was trained, itself included; null where it never was. */
  readonly target: number | null;
}

export interface ContestantResult {
  readonly label: string;
  readonly options: ControllerOptions;
  readonly runs: readonly RunSummary[];
  /** After 1, 2, 3, … evaluations. */
  readonly curve: readonly RunsAfter[];
  readonly meanRegret: Band;
  /** Evaluations until the target; infinite if too many runs never found it. */
  readonly target: Band & { readonly found: number };
  readonly proposals: Band;
  /**
   * Mann and Whitney's test against the first contestant: `less` is the chance to do better; null for itself.
   */
  readonly against: { readonly meanRegret: RankTest; readonly target: RankTest } | null;
}

export interface Comparison {
  /** The table's best and worst score among the functions that the space has. */
  readonly best: ScoredFunction;
  readonly worst: ScoredFunction;
  readonly results: readonly ContestantResult[];
}

/**
 * Replays each contestant with each seed. The first is the reference of the tests. Runs are compared after
 * equal numbers of evaluations; one that ended early stays where it was. Before its first score a run stands
 * at the worst score.
 */
export function compare(
  contestants: readonly Contestant[],
  scored: ScoredSpace,
  { seeds, onRun, ...options }: CompareOptions,
): Comparison {
  const ranked = scored.reachable
    .filter(({ score }) => score !== null)
    .sort((a, b) => scoreOf(b) - scoreOf(a));
  const [best, worst] = [ranked[0], ranked.at(-1)];
  if (!best || !worst) {
    throw new ActivationSearchError(
      'config',
      `${scored.table.source}: no function of the space has a score.`,
      {
        hint: 'Give a table with rows whose status is complete.',
      },
    );
  }
  const results: ContestantResult[] = [];
  for (const { label, kind, options: own } of contestants) {
    const traces = seeds.map((seed, index) => {
      onRun?.(label, index + 1, seeds.length);
      return traceOf(
        replay(kind, own, scored, { ...options, seed }),
        scored.functions,
        options.evaluations,
        scoreOf(worst),
      );
    });
    results.push(resultOf(label, own, traces, scoreOf(best), results[0]));
  }
  return { best, worst, results };
}

interface Trace {
  readonly run: ReplayedRun;
  /** Best score after 1, 2, 3, … evaluations. */
  readonly best: Float64Array;
  /** Infinity where it was never found. */
  readonly target: number;
}

function traceOf(
  run: ReplayedRun,
  functions: readonly ScoredFunction[],
  evaluations: number,
  worst: number,
): Trace {
  const best = new Float64Array(evaluations);
  let so = worst;
  let target = Number.POSITIVE_INFINITY;
  for (let index = 0; index < evaluations; index++) {
    const id = run.evaluated[index];
    if (id !== undefined) {
      const { score, isTarget } = functions[id] as ScoredFunction;
      so = Math.max(so, score ?? worst);
      if (isTarget) target = Math.min(target, index + 1);
    }
    best[index] = so;
  }
  return { run, best, target };
}

function resultOf(
  label: string,
  options: ControllerOptions,
  traces: readonly Trace[],
  tableBest: number,
  reference: ContestantResult | undefined,
): ContestantResult {
  const runs = traces.map(({ run: { evaluated, ...run }, best, target }): RunSummary => {
    const meanRegret = best.reduce((sum, score) => sum + (tableBest - score), 0) / best.length;
    return {
      ...run,
      evaluations: evaluated.length,
      meanRegret,
      target: Number.isFinite(target) ? target : null,
    };
  });
  const targets = traces.map(({ target }) => target);
  const found = (limit: number): number =>
    targets.filter((target) => target <= limit).length / targets.length;
  const curve = Array.from({ length: traces[0]?.best.length ?? 0 }, (_, index): RunsAfter => {
    const scores = traces.map(({ best }) => best[index] as number);
    return {
      evaluations: index + 1,
      best: bandOf(scores),
      regret: bandOf(scores.map((score) => tableBest - score)),
      found: found(index + 1),
    };
  });
  const regrets = runs.map(({ meanRegret }) => meanRegret);
  return {
    label,
    options,
    runs,
    curve,
    meanRegret: bandOf(regrets),
    target: { ...bandOf(targets), found: targets.filter(Number.isFinite).length },
    proposals: bandOf(runs.map(({ proposals }) => proposals)),
    against: reference ? against(isOneRun(traces) ? runs.slice(0, 1) : runs, reference.runs) : null,
  };
}

/** A controller that the seed does not change has one run, however often it was repeated. */
function isOneRun(traces: readonly Trace[]): boolean {
  return new Set(traces.map(({ run }) => run.evaluated.join())).size === 1;
}

function against(runs: readonly RunSummary[], reference: readonly RunSummary[]): ContestantResult['against'] {
  const test = (figure: (run: RunSummary) => number): RankTest =>
    mannWhitneyTest(runs.map(figure), reference.map(figure));
  return {
    meanRegret: test((run) => run.meanRegret),
    target: test((run) => run.target ?? Number.POSITIVE_INFINITY),
  };
}

function scoreOf({ score }: ScoredFunction): number {
  return score as number;
}
