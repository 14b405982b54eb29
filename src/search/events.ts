import type { Candidate, TargetMatch } from '../study/candidate.ts';
import type { CandidateStatus } from '../study/statuses.ts';
import type { TrialStatus } from '../trial/protocol.ts';
import type { StudyConfig } from './study-config.ts';

/** How many candidates came to what, over all sittings of a study; baselines are not among them. */
export interface Counts {
  /** Asked of the controller: refused, known, evaluated and waiting ones. */
  readonly proposed: number;
  /** Scored on some rung, or failed: diverged, stopped early, timed out or crashed. */
  readonly evaluated: number;
  readonly refused: number;
  /** Equal to an earlier function, whose score they share. */
  readonly known: number;
  readonly diverged: number;
  readonly stoppedEarly: number;
  readonly timedOut: number;
  readonly crashed: number;
  /** Those evaluated, by the rung of their last result, the first rung first. */
  readonly byRung: readonly number[];
}

/** Why a study ended, or was left. */
export type EndReason = 'candidates' | 'time' | 'exhausted' | 'target' | 'stopped';

/** What happens in a running study; `search --json` prints each event as one line. */
export type StudyEvent =
  | {
      readonly event: 'study';
      readonly study: string;
      readonly id: number;
      readonly resumed: boolean;
      readonly config: StudyConfig;
      /** Token sequences in the space, in digits. */
      readonly sequences: string;
      readonly baselinesLeft: number;
      readonly counts: Counts;
      /** Running time so far, over all sittings. */
      readonly seconds: number;
      /** The best proposals and the baselines of earlier sittings, and the target if one of them found it. */
      readonly best: readonly CandidateReport[];
      readonly target: { id: number; number: number; expression: string; match: TargetMatch } | null;
    }
  | {
      readonly event: 'trial';
      readonly id: number;
      /** Id of its candidate, and its number in the study. */
      readonly candidate: number;
      readonly number: number;
      readonly rung: number;
      readonly child: string;
      readonly seed: number;
      readonly steps: number;
      readonly status: TrialStatus;
      readonly validationAccuracy: number | null;
      readonly validationLoss: number | null;
      /** The metric that the recipe of a command names. */
      readonly metric: number | null;
      readonly seconds: number;
      readonly reason: string | null;
    }
  /** How far a running trial is; about twice a second, and not printed with --json. */
  | {
      readonly event: 'progress';
      readonly candidate: number;
      readonly expression: string;
      readonly rung: number;
      readonly child: string;
      readonly seed: number;
      readonly step: number;
      readonly steps: number;
      /** Mean since the last report, nats; NaN if a script reports none. */
      readonly trainingLoss: number;
      readonly secondsLeft: number | null;
    }
  | ({
      readonly event: 'candidate';
      readonly counts: Counts;
      readonly seconds: number;
      /** What is left of the study's time; an estimate if candidates limit it; null if nothing is known. */
      readonly secondsLeft: number | null;
    } & CandidateReport)
  /** Over a queue: the workers of this study and the trials that they train at a time, or news of them. */
  | {
      readonly event: 'workers';
      readonly machines: number;
      readonly places: number;
      readonly text: string | undefined;
    }
  | {
      readonly event: 'target';
      readonly id: number;
      readonly number: number;
      readonly expression: string;
      readonly match: TargetMatch;
    }
  | {
      readonly event: 'end';
      readonly study: string;
      readonly reason: EndReason;
      readonly counts: Counts;
      readonly seconds: number;
      readonly target: TargetReport | null;
      /** What the verdicts recommend; null where they recommend nothing. */
      readonly recommended: Pick<Candidate, 'id' | 'number' | 'expression'> | null;
    };

/** A candidate as it is refused, known, or has a result on a rung: those that climb have several. */
export type CandidateReport = Pick<Candidate, (typeof reportedFields)[number]>;

export const reportedFields = [
  'id',
  'number',
  'kind',
  'name',
  'expression',
  'status',
  'rung',
  'score',
  'low',
  'high',
  'versusRelu',
  'complexity',
  'reason',
] as const satisfies readonly (keyof Candidate)[];

/** The function looked for, and the first proposal that equals it in each way. */
export interface TargetReport {
  readonly formula: string;
  readonly found: readonly FoundTarget[];
}

export interface FoundTarget {
  readonly match: TargetMatch;
  readonly id: number;
  readonly number: number;
  readonly expression: string;
  readonly status: CandidateStatus;
  readonly rung: number | null;
  readonly score: number | null;
  /** Among the proposed candidates that have a score; null where it has none. */
  readonly rank: number | null;
  readonly ranked: number;
}
