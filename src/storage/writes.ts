import { type Candidate, type NewCandidate, resultFields, storedCandidate } from '../study/candidate.ts';
import type { EndedTrial, Trial } from '../study/trial.ts';
import type { StudyVerdicts } from '../study/verdict.ts';
import { packLearned } from './learned.ts';
import type { NewStudy, SearchState } from './records.ts';
import type { Statements } from './statements.ts';
import { candidateColumns, studyColumns, trialColumns, verdictColumns } from './tables.ts';

/*
 * What the store's transactions write; every function here runs inside one. `expect` guards the promises of
 * store.ts: breaking one is a defect.
 */

/** Adds a study with its primitives and baselines; returns its id. */
export function addStudy(sql: Statements, study: NewStudy, now: string): number {
  const { primitives, baselines, controllerState, ...record } = study;
  const { lastInsertRowid } = sql.addStudy.run(
    studyColumns.values({ ...record, status: 'running', createdAt: now, finishedAt: null }),
  );
  const id = Number(lastInsertRowid);
  sql.addState.run({
    id,
    completedBatch: baselines.length > 0 ? -1 : 0,
    controller: JSON.stringify(controllerState),
    now,
  });
  primitives.forEach(({ arity, name, formula }, position) => {
    sql.addPrimitive.run(id, arity, position, name, formula);
  });
  baselines.forEach((baseline, index) => {
    expect(baseline.number === -1 - index, 'baselines are numbered -1, -2, -3, …');
    addCandidate(sql, id, 0, baseline);
  });
  return id;
}

/** Adds the next batch and the state after its ask; returns its candidates. */
export function addBatch(
  sql: Statements,
  studyId: number,
  candidates: readonly NewCandidate[],
  state: SearchState,
  now: string,
): readonly Candidate[] {
  const { batch: last, completedBatch } = batchOf(sql, studyId);
  expect(candidates.length > 0, 'a batch has candidates');
  const first = (sql.lastNumber.get(studyId) ?? 0) + 1;
  const added = candidates.map((candidate, index) => {
    expect(candidate.number === first + index, `the next proposal has number ${first + index}`);
    return addCandidate(sql, studyId, last + 1, candidate);
  });
  setState(sql, studyId, last + 1, completedBatch, state, now);
  return added;
}

/** Adds a trial with its curve; returns its id. */
export function addTrial(
  sql: Statements,
  { trial, curve, learnedValues, test }: EndedTrial,
  now: string,
): number {
  const { lastInsertRowid } = sql.addTrial.run(
    ...trialColumns.values({ ...trial, storedAt: now }),
    trial.arithmetic && arithmeticId(sql, trial.arithmetic),
    learnedValues && packLearned(learnedValues),
  );
  const id = Number(lastInsertRowid);
  for (const { step, trainingLoss } of curve) {
    sql.addCurvePoint.run(id, step, Number.isFinite(trainingLoss) ? trainingLoss : null);
  }
  if (test) sql.addTestResult.run(id, test.accuracy, Number.isFinite(test.loss) ? test.loss : null);
  return id;
}

/**
 * Stores results in place of those before. Candidates of completed batches never get one of a lower rung:
 * only the finals give them another.
 */
export function setResults(sql: Statements, studyId: number, candidates: readonly Candidate[]): void {
  for (const candidate of candidates) {
    const { id, status, score } = candidate;
    expect((status === 'complete') === (score !== null), 'complete candidates, and no others, have a score');
    expect(score === null || Number.isFinite(score), 'scores are finite');
    const values = candidateColumns.values(candidate, resultFields);
    const { changes } = sql.setResult.run(...values, { id, studyId, rung: candidate.rung });
    expect(changes === 1, `candidate ${id} has no result of a higher rung, or its batch is open`);
  }
}

/** Stores the verdicts of a study in place of those before. */
export function setVerdicts(
  sql: Statements,
  studyId: number,
  { verdicts, concordance, seedCorrelation }: StudyVerdicts,
): void {
  sql.removeVerdicts.run(studyId);
  for (const verdict of verdicts) sql.addVerdict.run(verdictColumns.values(verdict));
  sql.setAgreement.run({ id: studyId, concordance, seedCorrelation });
}

/** Closes the oldest open batch with the state after the tell. */
export function closeBatch(sql: Statements, studyId: number, state: SearchState, now: string): void {
  const { batch, completedBatch } = batchOf(sql, studyId);
  expect(completedBatch < batch, 'a batch is open');
  const waiting = sql.waiting.get(studyId, completedBatch + 1);
  expect(waiting === 0, 'no candidate of a completed batch is left waiting');
  setState(sql, studyId, batch, completedBatch + 1, state, now);
}

/** The study's last recorded and last completed batch. */
function batchOf(sql: Statements, studyId: number): { batch: number; completedBatch: number } {
  const row = sql.batchOf.get(studyId);
  if (!row) throw new Error(`no study with id ${studyId}`);
  return row;
}

function setState(
  sql: Statements,
  id: number,
  batch: number,
  completedBatch: number,
  { controllerState, seconds }: SearchState,
  now: string,
): void {
  sql.setState.run({ id, batch, completedBatch, controller: JSON.stringify(controllerState), seconds, now });
}

function addCandidate(sql: Statements, studyId: number, batch: number, candidate: NewCandidate): Candidate {
  const sameAs = candidate.owner === null ? null : ownerId(sql, studyId, candidate.owner);
  const stored = storedCandidate(candidate, { id: 0, studyId, batch, sameAs });
  const { lastInsertRowid } = sql.addCandidate.run(candidateColumns.values(stored));
  return { ...stored, id: Number(lastInsertRowid) };
}

function ownerId(sql: Statements, studyId: number, number: number): number {
  const owner = sql.owner.get(studyId, number);
  if (!owner || owner.status === 'known' || owner.status === 'refused') {
    throw new Error(`candidate ${number} owns no score that another could share`);
  }
  return owner.id;
}

function arithmeticId(sql: Statements, arithmetic: NonNullable<Trial['arithmetic']>): number {
  const facts = JSON.stringify(arithmetic);
  return sql.arithmetic.get(facts) ?? Number(sql.addArithmetic.run(facts).lastInsertRowid);
}

function expect(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`broken promise to the store: ${promise}`);
}
