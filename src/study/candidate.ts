import type { Tokens } from '../search-space/search-space.ts';
import type { CandidateStatus, UntrainedStatus } from './statuses.ts';

/**
 * Baselines are known functions that a study trains for comparison; all others were proposed by its
 * controller.
 */
export const candidateKinds = ['baseline', 'proposed'] as const;
export type CandidateKind = (typeof candidateKinds)[number];

/** `equal`: the function looked for; `equal-at-1`: the same function once all parameters are 1. */
export const targetMatches = ['equal', 'equal-at-1'] as const;
export type TargetMatch = (typeof targetMatches)[number];

/** What a score may be; see ranking/score.ts. */
export const scoreKinds = ['log-error-ratio', 'accuracy', 'loss', 'losses'] as const;
export type ScoreKind = (typeof scoreKinds)[number];

/** One activation function of a study: what it is, why it was asked for, and what came of it. */
export interface Candidate {
  /** Unique in the database. */
  readonly id: number;
  readonly studyId: number;
  /** Unique in the study: proposals count 1, 2, 3, … in the order of the asks; baselines -1, -2, -3, …. */
  readonly number: number;
  /** The ask that proposed it, from 1; 0 for baselines. */
  readonly batch: number;
  readonly kind: CandidateKind;
  /** A baseline's name, such as `ReLU`. */
  readonly name: string | null;
  /** What the controller asked for; baselines have none. */
  readonly tokens: Tokens | null;
  /** Simplified and printed; parameters carry their initial values. */
  readonly expression: string;
  readonly fingerprint: string;
  readonly complexity: number;
  readonly gated: boolean;
  readonly target: TargetMatch | null;
  readonly status: CandidateStatus;
  /** Code of a refusal. */
  readonly reasonCode: string | null;
  /** Why it was refused, or why its training failed. */
  readonly reason: string | null;
  /** Id of the candidate whose score this known function shares. */
  readonly sameAs: number | null;
  /** Rung of the study's ladder, from 1, on which it was scored or failed; null where it was not trained. */
  readonly rung: number | null;
  /**
   * Higher is better; null unless complete. A known function reads those of `sameAs`; likewise the next
   * three.
   */
  readonly score: number | null;
  /** 95% interval of the score; null where one seed allows none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Its errors over ReLU's, geometric mean over the children: 0.87 is 13% fewer. */
  readonly versusRelu: number | null;
}

/** Whether a candidate is the reference of all scores and verdicts. */
export function isRelu({ kind, name }: Pick<Candidate, 'kind' | 'name'>): boolean {
  return kind === 'baseline' && name === 'ReLU';
}

/** What a candidate's trials decide about it, and what changes when it climbs to a higher rung. */
export const resultFields = ['status', 'rung', 'reason', 'score', 'low', 'high', 'versusRelu'] as const;
export type CandidateResult = Pick<Candidate, (typeof resultFields)[number]>;

/** A candidate before it is stored: judged, not trained. */
export interface NewCandidate
  extends Pick<
    Candidate,
    | 'number'
    | 'name'
    | 'tokens'
    | 'expression'
    | 'fingerprint'
    | 'complexity'
    | 'gated'
    | 'target'
    | 'reasonCode'
    | 'reason'
  > {
  readonly status: UntrainedStatus;
  /** Number of the candidate whose score a known function shares; null for others. */
  readonly owner: number | null;
}

/** A new candidate under the ids that it is stored with. */
export function storedCandidate(
  candidate: NewCandidate,
  { id, studyId, batch, sameAs }: Pick<Candidate, 'id' | 'studyId' | 'batch' | 'sameAs'>,
): Candidate {
  return {
    id,
    studyId,
    number: candidate.number,
    batch,
    kind: candidate.number < 0 ? 'baseline' : 'proposed',
    name: candidate.name,
    tokens: candidate.tokens,
    expression: candidate.expression,
    fingerprint: candidate.fingerprint,
    complexity: candidate.complexity,
    gated: candidate.gated,
    target: candidate.target,
    status: candidate.status,
    reasonCode: candidate.reasonCode,
    reason: candidate.reason,
    sameAs,
    rung: null,
    score: null,
    low: null,
    high: null,
    versusRelu: null,
  };
}
