import type { ControllerState, Tokens } from '../controllers/controller.ts';
import type { Arithmetic, EarlyStop, TrialOutcome, TrialRequest, TrialStatus } from '../trial/protocol.ts';
import type { CandidateStatus } from './candidate-status.ts';

export type { CandidateStatus };

export type Json = Readonly<Record<string, unknown>>;

/** running: a process holds it, or died while it did; stopped: can be resumed; finished: nothing left to do. */
export type StudyStatus = 'running' | 'stopped' | 'finished';

/** Is the candidate the study's target: the same function, or the same once all parameters are 1? */
export type TargetMatch = 'equal' | 'equal-at-1';

/** The baselines, or the proposal of one ask. */
export interface NewCandidate {
  /**
   * Names the candidate within its study. Proposals count 1, 2, 3, … in the order of the asks; baselines
   * have -1, -2, -3, … in the order in which they are given.
   */
  readonly number: number;
  /** A baseline's name, such as `ReLU`. */
  readonly name?: string;
  /** What the controller asked for; baselines have none. */
  readonly tokens?: Tokens;
  /** Simplified and printed; parameters carry their initial values. */
  readonly expression: string;
  readonly fingerprint: string;
  readonly complexity: number;
  readonly gated: boolean;
  readonly target?: TargetMatch;
  /** waiting: to be trained; refused: with the reason; known: `sameAs` owns the score. */
  readonly verdict:
    | { readonly status: 'waiting' }
    | { readonly status: 'refused'; readonly code: string; readonly reason: string }
    | { readonly status: 'known'; readonly sameAs: number };
}

export interface NewStudy {
  /** Unique in the database. */
  readonly name: string;
  /** The resolved configuration, whole: what `resume` goes on with. */
  readonly config: Json;
  readonly seed: number;
  readonly controller: string;
  readonly controllerState: ControllerState;
  /** The resolved search space, whole. */
  readonly space: Json;
  readonly primitives: readonly PrimitiveRecord[];
  /** The formula looked for. */
  readonly target?: string;
  readonly gitRevision?: string;
  /** Versions of the tool, Node, TensorFlow, … */
  readonly versions: Readonly<Record<string, string>>;
  /** Trained first, as batch 0. */
  readonly baselines: readonly NewCandidate[];
}

export interface PrimitiveRecord {
  readonly arity: 1 | 2;
  readonly name: string;
  readonly formula: string;
}

/** What must survive together with a batch for the search to go on exactly. */
export interface SearchState {
  /** From the controller's `save()`. */
  readonly controller: ControllerState;
  /** The search's own counters and generators; opaque to the store. */
  readonly progress: Json;
  /** Seconds of searching so far, over all sittings. */
  readonly seconds: number;
}

export interface StudyRecord {
  readonly id: number;
  readonly name: string;
  readonly status: StudyStatus;
  readonly config: Json;
  readonly seed: number;
  readonly controller: string;
  readonly state: SearchState;
  readonly space: Json;
  readonly target: string | null;
  readonly gitRevision: string | null;
  readonly versions: Readonly<Record<string, string>>;
  /** The batch recorded last: 0 for the baselines, 1 for the first ask. */
  readonly batch: number;
  /** The batch completed (told) last; -1 before the baselines are. Those between it and `batch` are open. */
  readonly completedBatch: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  /** Who holds it now, dead or alive. */
  readonly holder: Holder | null;
}

/** A process that runs a study; the start time tells it from a later process with the same number. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Opaque; equal for the same process only. */
  readonly started: string;
  readonly heartbeatAt: string;
}

/** How a candidate came out once all its trials are in. */
export interface CandidateResult {
  readonly candidateId: number;
  /** Rung of the study's ladder on which it was measured, from 1. */
  readonly rung: number;
  readonly status: TrialStatus;
  /** Why it did not complete. */
  readonly reason?: string;
  /** Higher is better; null unless complete. Non-finite numbers are refused here. */
  readonly score: number | null;
  /** 95% interval of the score; null where one seed allows none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Its errors over ReLU's, geometric mean over the children: 0.87 is 13% fewer. */
  readonly versusRelu: number | null;
}

export interface CandidateRecord {
  readonly id: number;
  readonly studyId: number;
  readonly number: number;
  readonly batch: number;
  readonly kind: 'baseline' | 'proposed';
  readonly name: string | null;
  readonly tokens: Tokens | null;
  readonly expression: string;
  readonly fingerprint: string;
  readonly complexity: number;
  readonly gated: boolean;
  readonly target: TargetMatch | null;
  readonly status: CandidateStatus;
  /** Rung on which score or failure were measured; null while waiting, and for refused and known ones. */
  readonly rung: number | null;
  /** Code of a refusal. */
  readonly reasonCode: string | null;
  readonly reason: string | null;
  /** Id of the candidate that owns the score of this known function. */
  readonly sameAs: number | null;
  /** A known function's own are null: read those of `sameAs`. */
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly versusRelu: number | null;
}

export interface TrialRecord {
  readonly id: number;
  readonly candidateId: number;
  /** The lowest rung that asks for it. */
  readonly rung: number;
  readonly child: string;
  readonly seed: number;
  /** Steps asked for. */
  readonly steps: number;
  readonly activation: TrialRequest['activation'];
  readonly precision: TrialRequest['precision'];
  readonly timeLimit: number;
  readonly earlyStop: EarlyStop | null;
  readonly status: TrialStatus;
  readonly reason: string | null;
  /** Steps done. */
  readonly stepsDone: number;
  /** Null unless complete; likewise the next six, and where a number was not finite. */
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  readonly trainingLoss: number | null;
  readonly parameterCount: number | null;
  readonly weightsHash: string | null;
  readonly learned: LearnedParameters | null;
  readonly arithmetic: Arithmetic | null;
  readonly seconds: number;
  /** How often it was tried: more than 1 after crashes. */
  readonly attempts: number;
  readonly storedAt: string;
}

/** Child, seed and budget: what tells the trials of one candidate apart. */
export type TrialKey = Pick<TrialRecord, 'child' | 'seed' | 'steps'>;

/** Per parameter and layer, over the channels. */
export type LearnedParameters = Readonly<Record<string, readonly LearnedLayer[]>>;
export interface LearnedLayer {
  readonly channels: number;
  readonly mean: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly deviation: number;
}

export interface RecordedTrial {
  readonly candidateId: number;
  /** The lowest rung of the study that asks for it, from 1. */
  readonly rung: number;
  readonly request: TrialRequest;
  readonly outcome: TrialOutcome;
}
