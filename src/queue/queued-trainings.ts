import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type ChildRecipe, isScript } from '../children/recipe.ts';
import { ActivationSearchError, type ErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { RunOptions, TrialProgress } from '../trial/job.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import type { FitStudy } from './known-studies.ts';
import {
  type QueuedTrial,
  queuedTrial,
  studyKeys,
  type TrialAnswer,
  type WorkerNotice,
} from './queue-messages.ts';
import { decode, encode } from './wire.ts';
import type { WorkerCheckpoints } from './worker-checkpoints.ts';

/** What trains on this machine: `WorkerPool`; in benchmarks a function that takes its time. */
export interface QueueTrainer {
  readonly size: number;
  run(request: TrialRequest, options: RunOptions): Promise<TrialOutcome>;
}

export interface TrainingsOptions {
  readonly client: Redis;
  readonly trainer: QueueTrainer;
  readonly checkpoints: WorkerCheckpoints;
  readonly allowCommand: boolean;
  readonly logger: Logger;
  /** This machine cannot train for a study. */
  readonly onUnfit: (study: FitStudy, error: Error) => void;
}

interface Training {
  readonly id: string;
  readonly study: FitStudy;
  readonly trial: QueuedTrial;
  readonly recipe: ChildRecipe;
  readonly abort: AbortController;
  step: number;
  /** When progress was last sent, in the milliseconds of `performance`. */
  told: number;
}

const pauseMilliseconds = 1000;
/** What may be so on this machine only: its installation, the start of a script, its copy of a data set. */
const codesOfMachines: readonly ErrorCode[] = ['environment', 'config', 'dataset'];
const keptProgress = 1000;
/** How a training may end without an answer: another worker has to train it, or nobody waits for it. */
export type Unanswered = 'given back' | 'unwanted';

/** The trials that a worker has taken from queues: trained here, and answered with their outcomes. */
export class QueuedTrainings {
  readonly #options: TrainingsOptions;
  readonly #trainings = new Set<Training>();
  #requests = 0;

  constructor(options: TrainingsOptions) {
    this.#options = options;
  }

  /** What is trained now, and how far it is. */
  list(): WorkerNotice['trains'] {
    return [...this.#trainings].map(({ trial: { expression, child, seed, steps }, step }) => ({
      expression,
      child,
      seed,
      step,
      steps,
    }));
  }

  /** Gives all of them back, for other workers. */
  giveBack(): void {
    for (const { abort } of this.#trainings) abort.abort('given back' satisfies Unanswered);
  }

  /** Gives up those of a study that nobody wants any more. */
  async giveUpCancelled({ key }: FitStudy): Promise<void> {
    const trainings = [...this.#trainings].filter(({ study }) => study.key === key);
    if (trainings.length === 0) return;
    const ids = trainings.map(({ id }) => id);
    const replies = await this.#options.client.smismember(studyKeys(key).cancelled, ...ids);
    for (const [index, { abort }] of trainings.entries()) {
      if (replies[index] === 1) abort.abort('unwanted' satisfies Unanswered);
    }
  }

  /** Trains a trial. Returns the answer to it. */
  async process(study: FitStudy, id: string, body: string): Promise<TrialAnswer | Unanswered> {
    let trial: QueuedTrial;
    try {
      trial = decode(queuedTrial, body);
    } catch (error) {
      return refusal(`a trial of the queue cannot be read: ${(error as Error).message}`);
    }
    const recipe = study.notice.recipes[trial.child];
    if (!recipe) return refusal(`the study has no child ${trial.child}`);
    if (isScript(recipe) && !this.#options.allowCommand) {
      return refusal(`${trial.child} is a script, and this worker runs none`);
    }
    const abort = new AbortController();
    const training: Training = { id, study, trial, recipe, abort, step: 0, told: -pauseMilliseconds };
    this.#trainings.add(training);
    try {
      return await this.#train(training);
    } finally {
      this.#trainings.delete(training);
    }
  }

  async #train(training: Training): Promise<TrialAnswer | Unanswered> {
    const { study, trial, recipe, abort } = training;
    const { activation, precision } = study.notice;
    this.#requests += 1;
    try {
      const request: TrialRequest = {
        ...trial,
        recipe,
        activation,
        precision,
        id: this.#requests,
        checkpoint: this.#options.checkpoints.filesOf(study, trial),
      };
      const outcome = await this.#options.trainer.run(request, {
        signal: abort.signal,
        onProgress: (progress, pid) => this.#follow(training, progress, pid),
      });
      return { kind: 'outcome', outcome };
    } catch (error) {
      if (abort.signal.aborted) return abort.signal.reason as Unanswered;
      if (error instanceof ActivationSearchError && !codesOfMachines.includes(error.code)) {
        const { code, message, hint } = error;
        return { kind: 'refused', code, message, ...(hint === undefined ? {} : { hint }) };
      }
      // This machine cannot train it, which says nothing of others.
      this.#options.onUnfit(study, error as Error);
      return 'given back';
    }
  }

  /** Hands an answer over, however long that takes. */
  async send(study: FitStudy, id: string, answer: TrialAnswer): Promise<void> {
    const { answers } = studyKeys(study.key);
    for (;;) {
      try {
        await this.#options.client.xadd(answers, '*', id, encode(answer));
        return;
      } catch (error) {
        // A server whose memory is full may have room later; a training is too dear to be thrown away.
        this.#options.logger.warn(
          { error: String(error), trial: id },
          'the outcome cannot be handed over yet',
        );
        await sleep(pauseMilliseconds);
      }
    }
  }

  #follow(training: Training, progress: TrialProgress, pid: number): void {
    training.step = progress.step;
    const now = performance.now();
    if (now - training.told < pauseMilliseconds) return;
    training.told = now;
    const { progress: key } = studyKeys(training.study.key);
    const body = encode({ ...progress, pid });
    void this.#options.client
      .xadd(key, 'MAXLEN', '~', keptProgress, '*', training.id, body)
      .catch(() => undefined);
  }
}

function refusal(message: string): TrialAnswer {
  return { kind: 'refused', code: 'server', message };
}
