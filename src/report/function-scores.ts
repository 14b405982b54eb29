import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { fingerprint, sameFunction } from '../expression/fingerprint.ts';
import { parse } from '../expression/notation.ts';
import { simplify } from '../expression/simplify.ts';
import { placeBeside } from '../ranking/scored-trials.ts';
import { ownerOf, studyOf } from '../storage/left-behind.ts';
import type { LeaderboardRow, Store, TestResult } from '../storage/store.ts';
import { type Candidate, isRelu } from '../study/candidate.ts';
import type { LearnedParameters } from '../study/learned.ts';
import { isSameTrial, type Trial } from '../study/trial.ts';
import { type IntervalKind, intervalKind } from './interval.ts';
import { rungsOf } from './leaderboard-table.ts';

/** How a function did in one study. */
export interface FunctionScore {
  readonly study: string;
  readonly id: number;
  readonly kind: Candidate['kind'];
  readonly name: string | null;
  readonly expression: string;
  readonly status: Candidate['status'];
  readonly reason: string | null;
  readonly rank: number | null;
  /** The rung on which it was scored or failed; null if it waits or was refused. */
  readonly rung: number | null;
  /** Rungs of that ladder. */
  readonly rungs: number;
  /** Functions with a rank in that study. */
  readonly ranked: number;
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly interval: IntervalKind | null;
  readonly versusRelu: number | null;
  readonly found: number | null;
  readonly trials: readonly FunctionTrial[];
}

export interface FunctionTrial {
  readonly id: number;
  readonly rung: number;
  readonly child: string;
  readonly seed: number;
  readonly steps: number;
  readonly status: Trial['status'];
  readonly reason: string | null;
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  /** On the test split; null unless the function was evaluated on it. They are no part of the score. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** The metric that the recipe of a command names. */
  readonly metric: number | null;
  /** Its errors over ReLU's on the same child, seed and budget, in a mixed study in the same arithmetic. */
  readonly versusRelu: number | null;
  readonly seconds: number;
  readonly learned: LearnedParameters | null;
}

/** Scores of all equal functions in a database, oldest study first, or only in the named study. */
export function functionScores(
  store: Store,
  expression: Expression,
  study?: string,
): readonly FunctionScore[] {
  const only = study === undefined ? undefined : store.study(study).id;
  return equalCandidates(store, expression)
    .filter((candidate) => only === undefined || candidate.studyId === only)
    .map((candidate) => functionScore(store, candidate));
}

/** The candidates of all studies that are a function and own their scores, oldest first. */
export function equalCandidates(store: Store, expression: Expression): readonly Candidate[] {
  return equalFingerprints(store, expression)
    .flatMap((one) => store.candidatesByFingerprint(one))
    .sort((a, b) => a.id - b.id);
}

/** The score of one candidate. A known one shares the score of an earlier, equal candidate. */
export function functionScore(store: Store, candidate: Candidate): FunctionScore {
  const owner = ownerOf(store, candidate);
  const study = studyOf(store, owner);
  const board = store.leaderboard(study.name);
  const row: LeaderboardRow | undefined = board.find(({ id }) => id === owner.id);
  const relu = board.find(isRelu);
  const reluTrials = relu ? store.trialsOf(relu.id) : [];
  const tests = store.testResultsOf(owner.id);
  const { id, kind, name, expression, status, reason, score, low, high, versusRelu } = owner;
  return {
    study: study.name,
    id,
    kind,
    name,
    expression,
    status,
    reason,
    rank: row?.rank ?? null,
    rung: owner.rung,
    rungs: rungsOf(board),
    ranked: board.filter(({ rank }) => rank !== null).length,
    score,
    low,
    high,
    interval: intervalKind(row ?? owner),
    versusRelu,
    found: row?.found ?? null,
    trials: store.trialsOf(owner.id).map((trial) => functionTrial(trial, reluTrials, tests)),
  };
}

function functionTrial(
  trial: Trial,
  reluTrials: readonly Trial[],
  tests: readonly TestResult[],
): FunctionTrial {
  const test = tests.find(({ trialId }) => trialId === trial.id);
  const { id, rung, child, seed, steps, status, reason, validationAccuracy, validationLoss } = trial;
  const { metric, seconds, learned } = trial;
  const beside = reluTrials.filter((one) => isSameTrial(one, trial));
  const relu = beside[placeBeside(trial, beside)];
  const known =
    validationAccuracy !== null && relu?.validationAccuracy != null && relu.validationAccuracy < 1;
  const versusRelu = known ? (1 - validationAccuracy) / (1 - (relu.validationAccuracy as number)) : null;
  return {
    id,
    rung,
    child,
    seed,
    steps,
    status,
    reason,
    validationAccuracy,
    validationLoss,
    testAccuracy: test?.accuracy ?? null,
    testLoss: test?.loss ?? null,
    metric,
    versusRelu,
    seconds,
    learned,
  };
}

/** A few values decide about nearly all functions; the thorough comparison is for those that agree. */
const probes = [-3.3, -1.1, 0.7, 2.9];

interface FormulaOfFunction {
  readonly fingerprint: string;
  readonly expression: string;
}

/** Fingerprints of all functions of a database that equal this one, whatever their formulas. */
export function equalFingerprints(store: Store, expression: Expression): readonly string[] {
  return store
    .functions()
    .filter(equalTo(expression))
    .map((one) => one.fingerprint);
}

/** What says whether a function equals this one, whatever its formula. */
export function equalTo(expression: Expression): (one: FormulaOfFunction) => boolean {
  const simplified = simplify(expression);
  const own = fingerprint(simplified);
  const values = probes.map((x) => evaluate(simplified, { x }));
  const equal = (text: string): boolean => {
    const other = parse(text);
    const near = probes.every((x, index) => {
      const [a, b] = [values[index] as number, evaluate(other, { x })];
      return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * (1 + Math.abs(a));
    });
    return near && sameFunction(simplified, other);
  };
  return (one) => one.fingerprint === own || equal(one.expression);
}
