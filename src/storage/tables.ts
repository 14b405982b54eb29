import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import { Columns, flag, json, plain, readOnly, real } from './columns.ts';
import type { StudyRecord } from './records.ts';

/** A study with its state and its holder, which are tables of their own. */
export const studyColumns = new Columns<StudyRecord>('study', {
  id: plain,
  name: plain,
  status: plain,
  config: json,
  seed: plain,
  controller: plain,
  controllerState: readOnly('state.controller', json),
  seconds: readOnly('state.seconds'),
  space: json,
  target: plain,
  gitRevision: plain,
  versions: json,
  batch: readOnly('state.batch'),
  completedBatch: readOnly('state.completed_batch'),
  createdAt: plain,
  updatedAt: readOnly('state.updated_at'),
  finishedAt: plain,
  holder: readOnly(
    `CASE WHEN holder.pid IS NOT NULL THEN json_object(
      'pid', holder.pid, 'host', holder.host, 'started', holder.started, 'heartbeatAt', holder.heartbeat_at) END`,
    json,
  ),
});

export const candidateColumns = new Columns<Candidate>('candidate', {
  id: plain,
  studyId: plain,
  number: plain,
  batch: plain,
  kind: readOnly("CASE WHEN candidate.number < 0 THEN 'baseline' ELSE 'proposed' END"),
  name: plain,
  tokens: json,
  expression: plain,
  fingerprint: plain,
  complexity: plain,
  gated: flag,
  target: plain,
  status: plain,
  reasonCode: plain,
  reason: plain,
  sameAs: plain,
  rung: plain,
  score: real,
  low: real,
  high: real,
  versusRelu: real,
});

/** All but the curve and the values of learned parameters, which are large and read by themselves. */
export const trialColumns = new Columns<Trial>('trial', {
  id: plain,
  candidateId: plain,
  rung: plain,
  child: plain,
  seed: plain,
  steps: plain,
  activation: plain,
  precision: plain,
  timeLimit: plain,
  earlyStop: json,
  status: plain,
  reason: plain,
  stepsDone: plain,
  validationAccuracy: real,
  validationLoss: real,
  metric: real,
  trainingLoss: real,
  parameterCount: plain,
  weightsHash: plain,
  learned: json,
  arithmetic: readOnly('arithmetic.facts', { ...json, decode: parsedArithmetic }),
  seconds: plain,
  attempts: plain,
  storedAt: plain,
});

/** A database knows a handful of arithmetics, and each of its trials names one. */
const arithmetics = new Map<unknown, unknown>();

function parsedArithmetic(facts: unknown): unknown {
  if (!arithmetics.has(facts)) arithmetics.set(facts, json.decode(facts));
  return arithmetics.get(facts);
}

/** Trials by candidate, each candidate's in their order. */
export function byCandidate(trials: readonly Trial[]): ReadonlyMap<number, readonly Trial[]> {
  const grouped = new Map<number, Trial[]>();
  for (const trial of trials) {
    const own = grouped.get(trial.candidateId);
    if (own) own.push(trial);
    else grouped.set(trial.candidateId, [trial]);
  }
  return grouped;
}
