import type { Controller } from '../../controllers/controller.ts';
import type { StudyJudge } from '../../ranking/study-verdicts.ts';
import type { Candidate } from '../../study/candidate.ts';
import type { Ladder } from '../../study/ladder.ts';
import type { EndedTrial, TrialKey } from '../../study/trial.ts';
import type { Climber, Scoring } from './climber.ts';
import type { Ledger } from './ledger.ts';
import type { AskingRules, Judge } from './proposer.ts';
import type { Limits } from './queue.ts';

/** What a study machine works with. */
export interface MachineParts {
  readonly ledger: Ledger;
  readonly ladder: Ladder;
  readonly controller: Controller;
  readonly judge: Judge;
  readonly scoring: Scoring;
  /** Judges the functions of a rung by their blocks, which are the trials of the rung. */
  readonly judging: (blocks: readonly TrialKey[]) => StudyJudge;
  readonly rules: AskingRules & Limits;
  /** The study's candidates so far, at least its baselines, ReLU first; in the order of batches. */
  readonly candidates: readonly Candidate[];
  /** The last batch whose results the controller has; -1 before the baselines are complete. */
  readonly completedBatch: number;
  /** Called with all that a transaction has changed, once it is kept. */
  readonly onNews?: (news: News) => void;
}

export type News =
  | { readonly kind: 'trial'; readonly id: number; readonly candidate: Candidate; readonly ended: EndedTrial }
  /** A candidate that was refused, is known, or has a new result. */
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** The controller has the results of a batch: its candidates climb no further, except into the finals. */
  | { readonly kind: 'told'; readonly numbers: readonly number[] };

/**
 * What comes next. `wait`: nothing until an outcome is kept; `again`: something else was done, step again.
 */
export type Step =
  | { readonly kind: 'train'; readonly climber: Climber; readonly trial: TrialKey; readonly rung: number }
  | { readonly kind: 'again' | 'wait' | 'end' };
