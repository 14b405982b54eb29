import type { ControllerState } from '../../controllers/controller.ts';
import type { ScoredTrial } from '../../ranking/scored-trials.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import { type Candidate, type NewCandidate, storedCandidate } from '../../study/candidate.ts';
import type { EndedTrial } from '../../study/trial.ts';
import type { StudyVerdicts } from '../../study/verdict.ts';

/** Where a study machine keeps what must outlive it. `save` is the controller's state at that moment. */
export interface Ledger {
  /** Makes one transaction of several calls: all of them are kept, or none. */
  together(calls: () => void): void;
  /** Keeps a batch that was asked; returns it with ids. */
  recordBatch(candidates: readonly NewCandidate[], save: () => ControllerState): readonly Candidate[];
  /** Keeps an ended trial; returns its id. */
  recordTrial(trial: EndedTrial): number;
  recordResults(candidates: readonly Candidate[]): void;
  /** Keeps the verdicts of the study, in the place of those before. */
  recordVerdicts(verdicts: StudyVerdicts): void;
  /** Closes the oldest open batch: the controller has its results. */
  completeBatch(save: () => ControllerState): void;
  trialsOf(candidateId: number): readonly ScoredTrial[];
}

/** The ledger of a study in the database; `seconds` is its running time, over all sittings. */
export function storedLedger(store: Store, { id }: StudyRecord, seconds: () => number): Ledger {
  const state = (save: () => ControllerState) => ({ controllerState: save(), seconds: seconds() });
  return {
    together: (calls) => store.together(calls),
    recordBatch: (candidates, save) => store.recordBatch(id, candidates, state(save)),
    recordTrial: (trial) => store.recordTrial(id, trial),
    recordResults: (candidates) => store.recordResults(id, candidates),
    recordVerdicts: (verdicts) => store.recordVerdicts(id, verdicts),
    completeBatch: (save) => store.completeBatch(id, state(save)),
    trialsOf: (candidateId) => store.trialsOf(candidateId),
  };
}

/**
 * A ledger in memory, for a study that need not outlive its process. Candidates have their numbers as ids.
 */
export class MemoryLedger implements Ledger {
  /** All of them, in the order of the batches. */
  readonly candidates: Candidate[] = [];
  #batches = 0;
  #trials = 0;

  /** Keeps the baselines, which must come first, or a batch that was asked. */
  recordBatch(candidates: readonly NewCandidate[]): readonly Candidate[] {
    const batch = candidates.map((candidate) =>
      storedCandidate(candidate, {
        id: candidate.number,
        studyId: 0,
        batch: this.#batches,
        sameAs: candidate.owner,
      }),
    );
    this.#batches += 1;
    this.candidates.push(...batch);
    return batch;
  }

  recordTrial(): number {
    this.#trials += 1;
    return this.#trials;
  }

  together(calls: () => void): void {
    calls();
  }

  recordResults(): void {}

  recordVerdicts(_: StudyVerdicts): void {}

  completeBatch(): void {}

  trialsOf(): readonly ScoredTrial[] {
    return [];
  }
}
