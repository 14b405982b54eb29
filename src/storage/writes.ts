import type { Arithmetic } from '../trial/protocol.ts';
import { packLearned, summarizeLearned } from './learned.ts';
import type { CandidateResult, NewCandidate, NewStudy, RecordedTrial, SearchState } from './records.ts';
import type { Statements } from './statements.ts';

/*
 * What the store's transactions write; every function here runs inside one. A non-finite number is
 * stored as NULL. `expect` guards the promises of store.ts: breaking one is a defect.
 */

/** Adds a study with its primitives and baselines; gives its id. */
export function addStudy(
  sql: Statements,
  study: NewStudy,
  progress: SearchState['progress'],
  now: string,
): number {
  const { lastInsertRowid } = sql.addStudy.run({
    name: study.name,
    seed: study.seed,
    controller: study.controller,
    target: study.target ?? null,
    config: JSON.stringify(study.config),
    space: JSON.stringify(study.space),
    versions: JSON.stringify(study.versions),
    gitRevision: study.gitRevision ?? null,
    now,
  });
  const id = Number(lastInsertRowid);
  sql.addState.run({
    id,
    completedBatch: study.baselines.length > 0 ? -1 : 0,
    controller: JSON.stringify(study.controllerState),
    progress: JSON.stringify(progress),
    now,
  });
  study.primitives.forEach(({ arity, name, formula }, position) => {
    sql.addPrimitive.run(id, arity, position, name, formula);
  });
  study.baselines.forEach((baseline, index) => {
    expect(baseline.number === -1 - index, 'baselines are numbered -1, -2, -3, …');
    addCandidate(sql, id, 0, baseline);
  });
  return id;
}

/** Adds the next batch; gives its number. */
export function addBatch(
  sql: Statements,
  studyId: number,
  candidates: readonly NewCandidate[],
  state: SearchState,
  now: string,
): number {
  const { batch: last, completed_batch: completed } = batchOf(sql, studyId);
  expect(candidates.length > 0, 'a batch has candidates');
  const first = (sql.lastNumber.get(studyId) ?? 0) + 1;
  candidates.forEach((candidate, index) => {
    expect(candidate.number === first + index, `the next proposal has number ${first + index}`);
    addCandidate(sql, studyId, last + 1, candidate);
  });
  setState(sql, studyId, last + 1, completed, state, now);
  return last + 1;
}

/** Adds an ended trial with its curve; gives its id. */
export function addTrial(sql: Statements, trial: RecordedTrial, now: string): number {
  const { candidateId, rung, request, outcome } = trial;
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  const learned = measures && Object.keys(measures.learned).length > 0 ? measures.learned : undefined;
  const { lastInsertRowid } = sql.addTrial.run({
    candidateId,
    rung,
    child: request.child,
    seed: request.seed,
    steps: request.steps,
    activation: request.activation,
    precision: request.precision,
    timeLimit: request.timeLimit,
    earlyStop: request.earlyStop == null ? null : JSON.stringify(request.earlyStop),
    status: outcome.status,
    reason: outcome.status === 'complete' ? null : outcome.reason,
    stepsDone: outcome.steps,
    validationAccuracy: finite(measures?.validationAccuracy),
    validationLoss: finite(measures?.validationLoss),
    trainingLoss: finite(measures?.trainingLoss),
    parameterCount: measures?.parameterCount ?? null,
    weightsHash: measures?.weightsHash ?? null,
    learned: learned ? JSON.stringify(summarizeLearned(learned)) : null,
    learnedValues: learned ? packLearned(learned) : null,
    arithmeticId: 'arithmetic' in outcome ? arithmeticId(sql, outcome.arithmetic) : null,
    seconds: outcome.seconds,
    attempts: outcome.attempts ?? 1,
    now,
  });
  const id = Number(lastInsertRowid);
  for (const { step, trainingLoss } of outcome.curve) sql.addCurvePoint.run(id, step, finite(trainingLoss));
  return id;
}

/**
 * Stores results in place of those of lower rungs, and the search's progress. Candidates of completed batches can only have
 * one of a higher rung: that of the finals.
 */
export function addResults(
  sql: Statements,
  studyId: number,
  results: readonly CandidateResult[],
  { progress, seconds }: Pick<SearchState, 'progress' | 'seconds'>,
  now: string,
): void {
  for (const { candidateId, rung, status, reason, score, low, high, versusRelu } of results) {
    expect((status === 'complete') === (score !== null), 'complete candidates, and no others, have a score');
    expect(score === null || Number.isFinite(score), 'scores are finite');
    const { changes } = sql.setResult.run({
      id: candidateId,
      studyId,
      status,
      rung,
      reason: reason ?? null,
      score,
      low: finite(low),
      high: finite(high),
      versusRelu: finite(versusRelu),
    });
    expect(changes === 1, `candidate ${candidateId} has no result of this rung yet, or its batch is open`);
  }
  sql.setProgress.run({ id: studyId, progress: JSON.stringify(progress), seconds, now });
}

/** Stores results not yet stored, and closes the oldest open batch. */
export function closeBatch(
  sql: Statements,
  studyId: number,
  results: readonly CandidateResult[],
  state: SearchState,
  now: string,
): void {
  const { batch, completed_batch: completed } = batchOf(sql, studyId);
  expect(completed < batch, 'a batch is open');
  addResults(sql, studyId, results, state, now);
  expect(sql.waiting.get(studyId, completed + 1) === 0, 'no candidate of a completed batch is left waiting');
  setState(sql, studyId, batch, completed + 1, state, now);
}

/** The study's last recorded and last completed batch. */
export function batchOf(sql: Statements, studyId: number): { batch: number; completed_batch: number } {
  const row = sql.batchOf.get(studyId);
  if (!row) throw new Error(`no study with id ${studyId}`);
  return row;
}

function setState(
  sql: Statements,
  id: number,
  batch: number,
  completedBatch: number,
  state: SearchState,
  now: string,
): void {
  sql.setState.run({
    id,
    batch,
    completedBatch,
    controller: JSON.stringify(state.controller),
    progress: JSON.stringify(state.progress),
    seconds: state.seconds,
    now,
  });
}

function addCandidate(sql: Statements, studyId: number, batch: number, candidate: NewCandidate): void {
  const { verdict } = candidate;
  sql.addCandidate.run({
    studyId,
    number: candidate.number,
    batch,
    name: candidate.name ?? null,
    tokens: candidate.tokens === undefined ? null : JSON.stringify(candidate.tokens),
    expression: candidate.expression,
    fingerprint: candidate.fingerprint,
    complexity: candidate.complexity,
    gated: candidate.gated ? 1 : 0,
    target: candidate.target ?? null,
    status: verdict.status,
    reasonCode: verdict.status === 'refused' ? verdict.code : null,
    reason: verdict.status === 'refused' ? verdict.reason : null,
    sameAs: verdict.status === 'known' ? ownerId(sql, studyId, verdict.sameAs) : null,
  });
}

function ownerId(sql: Statements, studyId: number, number: number): number {
  const owner = sql.owner.get(studyId, number);
  if (!owner || owner.status === 'known' || owner.status === 'refused') {
    throw new Error(`candidate ${number} owns no score that another could share`);
  }
  return owner.id;
}

function arithmeticId(sql: Statements, arithmetic: Arithmetic): number {
  const facts = JSON.stringify(arithmetic);
  return sql.arithmetic.get(facts) ?? Number(sql.addArithmetic.run(facts).lastInsertRowid);
}

function finite(value: number | null | undefined): number | null {
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}

function expect(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`broken promise to the store: ${promise}`);
}
