import type { Tokens } from '../controllers/controller.ts';
import type { Arithmetic, EarlyStop } from '../trial/protocol.ts';
import type {
  CandidateRecord,
  Holder,
  Json,
  LearnedParameters,
  StudyRecord,
  StudyStatus,
  TrialRecord,
} from './records.ts';

/*
 * Rows as SQLite gives them, and the records made of them. STRICT tables with CHECKs, written by this
 * room only, stand for their types; the checksum of the schema stands for the tables.
 */

type Row<T> = { readonly [K in keyof T]: T[K] };

export const studyColumns = `
  study.id, study.name, study.status, study.seed, study.controller, study.target, study.config, study.space,
  study.versions, study.git_revision, study.created_at, study.finished_at,
  state.batch, state.completed_batch, state.controller AS controller_state, state.progress, state.seconds,
  state.updated_at, holder.pid, holder.host, holder.started, holder.heartbeat_at
FROM study JOIN state ON state.study_id = study.id LEFT JOIN holder ON holder.study_id = study.id`;

export type StudyRow = Row<{
  id: number;
  name: string;
  status: StudyStatus;
  seed: number;
  controller: string;
  target: string | null;
  config: string;
  space: string;
  versions: string;
  git_revision: string | null;
  created_at: string;
  finished_at: string | null;
  batch: number;
  completed_batch: number;
  controller_state: string;
  progress: string;
  seconds: number;
  updated_at: string;
  pid: number | null;
  host: string | null;
  started: string | null;
  heartbeat_at: string | null;
}>;

export function toStudy(row: StudyRow): StudyRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    config: JSON.parse(row.config) as Json,
    seed: row.seed,
    controller: row.controller,
    state: {
      controller: JSON.parse(row.controller_state) as Json,
      progress: JSON.parse(row.progress) as Json,
      seconds: row.seconds,
    },
    space: JSON.parse(row.space) as Json,
    target: row.target,
    gitRevision: row.git_revision,
    versions: JSON.parse(row.versions) as Record<string, string>,
    batch: row.batch,
    completedBatch: row.completed_batch,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
    holder: toHolder(row),
  };
}

function toHolder(row: Pick<StudyRow, 'pid' | 'host' | 'started' | 'heartbeat_at'>): Holder | null {
  const { pid, host, started, heartbeat_at: heartbeatAt } = row;
  if (pid === null || host === null || started === null || heartbeatAt === null) return null;
  return { pid, host, started, heartbeatAt };
}

export type CandidateRow = Row<{
  id: number;
  study_id: number;
  number: number;
  batch: number;
  name: string | null;
  tokens: string | null;
  expression: string;
  fingerprint: string;
  complexity: number;
  gated: 0 | 1;
  target: CandidateRecord['target'];
  status: CandidateRecord['status'];
  rung: number | null;
  reason_code: string | null;
  reason: string | null;
  same_as: number | null;
  score: number | null;
  low: number | null;
  high: number | null;
  versus_relu: number | null;
}>;

export function toCandidate(row: CandidateRow): CandidateRecord {
  return {
    id: row.id,
    studyId: row.study_id,
    number: row.number,
    batch: row.batch,
    kind: row.number < 0 ? 'baseline' : 'proposed',
    name: row.name,
    tokens: row.tokens === null ? null : (JSON.parse(row.tokens) as Tokens),
    expression: row.expression,
    fingerprint: row.fingerprint,
    complexity: row.complexity,
    gated: row.gated === 1,
    target: row.target,
    status: row.status,
    rung: row.rung,
    reasonCode: row.reason_code,
    reason: row.reason,
    sameAs: row.same_as,
    score: row.score,
    low: row.low,
    high: row.high,
    versusRelu: row.versus_relu,
  };
}

/** All but the values of learned parameters, which are large and read by themselves. */
export const trialColumns = `
  trial.id, trial.candidate_id, trial.rung, trial.child, trial.seed, trial.steps, trial.activation, trial.precision, trial.time_limit,
  trial.early_stop,  trial.status, trial.reason, trial.steps_done, trial.validation_accuracy, trial.validation_loss, trial.training_loss,
  trial.parameter_count, trial.weights_hash, trial.learned, arithmetic.facts, trial.seconds, trial.attempts, trial.stored_at
FROM trial LEFT JOIN arithmetic ON arithmetic.id = trial.arithmetic_id`;

export type TrialRow = Row<{
  id: number;
  candidate_id: number;
  rung: number;
  child: string;
  seed: number;
  steps: number;
  activation: TrialRecord['activation'];
  precision: TrialRecord['precision'];
  time_limit: number;
  early_stop: string | null;
  status: TrialRecord['status'];
  reason: string | null;
  steps_done: number;
  validation_accuracy: number | null;
  validation_loss: number | null;
  training_loss: number | null;
  parameter_count: number | null;
  weights_hash: string | null;
  learned: string | null;
  facts: string | null;
  seconds: number;
  attempts: number;
  stored_at: string;
}>;

export function toTrial(row: TrialRow): TrialRecord {
  return {
    id: row.id,
    candidateId: row.candidate_id,
    rung: row.rung,
    child: row.child,
    seed: row.seed,
    steps: row.steps,
    activation: row.activation,
    precision: row.precision,
    timeLimit: row.time_limit,
    earlyStop: row.early_stop === null ? null : (JSON.parse(row.early_stop) as EarlyStop),
    status: row.status,
    reason: row.reason,
    stepsDone: row.steps_done,
    validationAccuracy: row.validation_accuracy,
    validationLoss: row.validation_loss,
    trainingLoss: row.training_loss,
    parameterCount: row.parameter_count,
    weightsHash: row.weights_hash,
    learned: row.learned === null ? null : (JSON.parse(row.learned) as LearnedParameters),
    arithmetic: row.facts === null ? null : parsedArithmetic(row.facts),
    seconds: row.seconds,
    attempts: row.attempts,
    storedAt: row.stored_at,
  };
}

/** Trials by candidate, each candidate's in the order of the rows. */
export function byCandidate(rows: readonly TrialRow[]): ReadonlyMap<number, readonly TrialRecord[]> {
  const grouped = new Map<number, TrialRecord[]>();
  for (const row of rows) {
    const known = grouped.get(row.candidate_id);
    if (known) known.push(toTrial(row));
    else grouped.set(row.candidate_id, [toTrial(row)]);
  }
  return grouped;
}

/** A database knows a handful of arithmetics, and each of its trials names one. */
const arithmetics = new Map<string, Arithmetic>();

function parsedArithmetic(facts: string): Arithmetic {
  const known = arithmetics.get(facts);
  if (known) return known;
  const parsed = JSON.parse(facts) as Arithmetic;
  arithmetics.set(facts, parsed);
  return parsed;
}
