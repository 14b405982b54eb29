import type { ControllerState } from '../controllers/controller.ts';
import type { Candidate, NewCandidate } from '../study/candidate.ts';
import type { CandidateVerdict, StudyVerdicts } from '../study/verdict.ts';
import type { TestMeasures } from '../trial/protocol.ts';

export type Json = Readonly<Record<string, unknown>>;

/**
 * running: a process holds it, or died while it did; stopped: can be resumed; finished: nothing left to do.
 */
export type StudyStatus = 'running' | 'stopped' | 'finished';

/** What must be stored together with a batch for the search to go on exactly. */
export interface SearchState {
  /** From the controller's `save()`. */
  readonly controllerState: ControllerState;
  /** Seconds of searching so far, over all sittings. */
  readonly seconds: number;
}

export interface StudyRecord extends SearchState, Pick<StudyVerdicts, 'concordance' | 'seedCorrelation'> {
  readonly id: number;
  /** Unique in the database. */
  readonly name: string;
  readonly status: StudyStatus;
  /** The resolved configuration, whole: what `resume` goes on with. */
  readonly config: Json;
  readonly seed: number;
  readonly controller: string;
  /** The resolved search space, whole. */
  readonly space: Json;
  /** The formula looked for. */
  readonly target: string | null;
  readonly gitRevision: string | null;
  /** Versions of the tool, Node, TensorFlow, … */
  readonly versions: Readonly<Record<string, string>>;
  /** The batch recorded last: 0 for the baselines, 1 for the first ask. */
  readonly batch: number;
  /** The batch completed last; -1 before the baselines are. Those between it and `batch` are open. */
  readonly completedBatch: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  /** Who holds it now, dead or alive. */
  readonly holder: Holder | null;
}

export interface NewStudy
  extends Pick<
    StudyRecord,
    | 'name'
    | 'config'
    | 'seed'
    | 'controller'
    | 'controllerState'
    | 'space'
    | 'target'
    | 'gitRevision'
    | 'versions'
  > {
  readonly primitives: readonly PrimitiveRecord[];
  /** Trained first, as batch 0. */
  readonly baselines: readonly NewCandidate[];
}

/** What the test split said of a trial. */
export interface TestResult extends TestMeasures {
  readonly trialId: number;
}

export interface PrimitiveRecord {
  readonly arity: 1 | 2;
  readonly name: string;
  readonly formula: string;
}

/** The primitives of a study's space, by name. */
export interface StudyPrimitives {
  readonly names: readonly string[];
  /** Those that a proposal is made of, by its id. */
  readonly byCandidate: ReadonlyMap<number, ReadonlySet<string>>;
}

/** A candidate with the verdict on it. */
export type JudgedCandidate = Candidate & Omit<CandidateVerdict, 'candidateId'>;

/** A process that runs a study; the start time tells it from a later process with the same number. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Opaque; equal for the same process only. */
  readonly started: string;
  readonly heartbeatAt: string;
}
