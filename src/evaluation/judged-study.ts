import { readFormula } from '../catalog/read-formula.ts';
import { FunctionIndex } from '../expression/fingerprint.ts';
import { parse } from '../expression/notation.ts';
import { simplify } from '../expression/simplify.ts';
import { mean, variance } from '../ranking/comparisons.ts';
import { studentQuantile } from '../ranking/distributions.ts';
import { type Judged, type JudgeOptions, judgeAll, usualJudge } from '../ranking/verdicts.ts';
import type { LeaderboardRow, Store, StudyRecord } from '../storage/store.ts';
import { isRelu } from '../study/candidate.ts';
import { isTrained } from '../study/statuses.ts';
import type { Trial } from '../study/trial.ts';
import { type BlockRules, blockCompetitors, type ChildSteps, isTrialOf } from './blocks.ts';
import type { ChosenFunction } from './functions.ts';
import { testAccuracies } from './test-split.ts';

/** What a function reached on a child, over the seeds; null where no training was complete. */
export interface ChildMeans {
  readonly child: string;
  readonly validationAccuracy: number | null;
  /** Half of Student's 95% interval of the accuracy; null with fewer than two seeds. */
  readonly accuracyMargin: number | null;
  readonly validationLoss: number | null;
  /** On the test split; null, like its margin, unless the study was evaluated on that. */
  readonly testAccuracy: number | null;
  readonly testMargin: number | null;
  readonly metric: number | null;
  /** How many trainings ended, completely or not. */
  readonly trials: number;
}

/** A function of a study as it is judged: its row of the leaderboard, its verdict, and what it reached. */
export type JudgedFunction = LeaderboardRow &
  Omit<Judged, 'id'> & { readonly children: readonly ChildMeans[] };

/**
 * The trained functions of a study with their verdicts against ReLU: the leading group first, the recommended
 * function before the others, then by the mean advantage.
 */
export function judgedFunctions(
  store: Store,
  study: string,
  rules: BlockRules,
  options: JudgeOptions = usualJudge,
): readonly JudgedFunction[] {
  const rows = store.leaderboard(study).map((row) => ({ row, trials: store.trialsOf(row.id) }));
  const competitors = blockCompetitors(
    rows.map(({ row, trials }) => ({ contender: row, trials })),
    rules,
  );
  const relu = rows.findIndex(({ row }) => isRelu(row));
  const reference = competitors[relu];
  if (!reference) return [];
  const judged = judgeAll(competitors, reference, options);
  return rows
    .map(({ row, trials }, index) => {
      const { id: _, ...verdict } = judged[index] as Judged;
      const { mean: lead, low: leadLow, high: leadHigh } = verdict.advantage;
      const tests = testAccuracies(store, row.id);
      const children = rules.children.map((child) => childMeans(trials, tests, child));
      return { ...row, ...verdict, failedBlocks: verdict.failed, lead, leadLow, leadHigh, children };
    })
    .toSorted(
      (a, b) =>
        a.group - b.group ||
        Number(b.recommended) - Number(a.recommended) ||
        (b.advantage.mean || 0) - (a.advantage.mean || 0),
    );
}

/** Those of the given functions that a study has not trained, as where its budget has ended it. */
export function untrainedFunctions(
  store: Store,
  { id }: StudyRecord,
  functions: readonly ChosenFunction[],
): readonly ChosenFunction[] {
  const trained = new FunctionIndex();
  for (const candidate of store.candidatesOf(id)) {
    if (isTrained(candidate.status)) trained.add(parse(candidate.expression), candidate.id);
  }
  return functions.filter(({ formula }) => trained.find(simplify(readFormula(formula))) === undefined);
}

function childMeans(
  trials: readonly Trial[],
  tests: ReadonlyMap<number, number>,
  of: ChildSteps,
): ChildMeans {
  const own = trials.filter((trial) => isTrialOf(trial, of));
  const known = (field: 'validationAccuracy' | 'validationLoss' | 'metric'): readonly number[] =>
    own.flatMap((trial) => trial[field] ?? []);
  const accuracies = known('validationAccuracy');
  const tested = own.flatMap(({ id }) => tests.get(id) ?? []);
  return {
    child: of.child,
    validationAccuracy: meanOf(accuracies),
    accuracyMargin: marginOf(accuracies),
    validationLoss: meanOf(known('validationLoss')),
    testAccuracy: meanOf(tested),
    testMargin: marginOf(tested),
    metric: meanOf(known('metric')),
    trials: own.length,
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

function marginOf(values: readonly number[]): number | null {
  const n = values.length;
  return n < 2 ? null : studentQuantile(0.025, n - 1) * Math.sqrt(variance(values) / n);
}
