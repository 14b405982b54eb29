import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import type { CandidateVerdict } from '../study/verdict.ts';
import { asIs, Columns, flag, json, readOnly, real } from './columns.ts';
import type { StudyRecord } from './records.ts';

/** A study with its state and its holder, which are tables of their own. */
export const studyColumns = new Columns<StudyRecord>('study', {
  id: asIs,
  name: asIs,
  status: asIs,
  config: json,
  seed: asIs,
  controller: asIs,
  controllerState: readOnly('state.controller', json),
  seconds: readOnly('state.seconds'),
  space: json,
  target: asIs,
  gitRevision: asIs,
  versions: json,
  batch: readOnly('state.batch'),
  completedBatch: readOnly('state.completed_batch'),
  createdAt: asIs,
  updatedAt: readOnly('state.updated_at'),
  concordance: readOnly('state.concordance'),
  seedCorrelation: readOnly('state.seed_correlation'),
  finishedAt: asIs,
  holder: readOnly(
    `CASE WHEN holder.pid IS NOT NULL THEN json_object(
      'pid', holder.pid, 'host', holder.host, 'started', holder.started, 'heartbeatAt', holder.heartbeat_at) END`,
    json,
  ),
});

export const candidateColumns = new Columns<Candidate>('candidate', {
  id: asIs,
  studyId: asIs,
  number: asIs,
  batch: asIs,
  kind: readOnly("CASE WHEN candidate.number < 0 THEN 'baseline' ELSE 'proposed' END"),
  name: asIs,
  tokens: json,
  expression: asIs,
  fingerprint: asIs,
  complexity: asIs,
  gated: flag,
  target: asIs,
  status: asIs,
  reasonCode: asIs,
  reason: asIs,
  sameAs: asIs,
  rung: asIs,
  score: real,
  low: real,
  high: real,
  versusRelu: real,
});

export const verdictColumns = new Columns<CandidateVerdict>('verdict', {
  candidateId: asIs,
  verdict: asIs,
  group: asIs,
  blocks: asIs,
  failedBlocks: asIs,
  lead: real,
  leadLow: real,
  leadHigh: real,
  recommended: flag,
});

/** All but the curve and the values of learned parameters, which are large and read by themselves. */
export const trialColumns = new Columns<Trial>('trial', {
  id: asIs,
  candidateId: asIs,
  rung: asIs,
  child: asIs,
  seed: asIs,
  steps: asIs,
  activation: asIs,
  precision: asIs,
  timeLimit: asIs,
  earlyStop: json,
  status: asIs,
  reason: asIs,
  stepsDone: asIs,
  validationAccuracy: real,
  validationLoss: real,
  metric: real,
  trainingLoss: real,
  meanTrainingLoss: real,
  parameterCount: asIs,
  weightsHash: asIs,
  learned: json,
  arithmetic: readOnly('arithmetic.facts', { ...json, decode: parsedArithmetic }),
  seconds: asIs,
  attempts: asIs,
  storedAt: asIs,
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
