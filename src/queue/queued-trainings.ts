import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ChildRecipe, isScript } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
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
import type { QueueServer } from './server-connection.ts';
import { decode, encode } from './wire.ts';
import type { WorkerCheckpoints } from './worker-checkpoints.ts';

/** Whoever trains on this machine: `WorkerPool`; in benchmarks a function that takes its time. */
export interface QueueTrainer {
  readonly size: number;
  run(request: TrialRequest, options: RunOptions): Promise<TrialOutcome>;
}

export interface TrainingsOptions {
  readonly bullmq: QueueServer['bullmq'];
  readonly client: Redis;
  readonly trainer: QueueTrainer;
  readonly checkpoints: WorkerCheckpoints;
  readonly allowCommand: boolean;
  readonly logger: Logger;
  /** This machine cannot train for a study, for the given reason. */
  readonly onUnfit: (study: FitStudy, reason: string) => void;
}

interface Training {
  readonly study: FitStudy;
  readonly trial: QueuedTrial;
  readonly recipe: ChildRecipe;
  readonly abort: AbortController;
  step: number;
  /** When progress was last told, in the clock's milliseconds. */
  told: number;
}

const pauseMilliseconds = 1000;
const keptProgress = 1000;
const secondsAnswersLast = 30 * 24 * 3600;
const givenBack = new Error('the trial is given back');

/** The trials that a worker has taken from a queue: trained here, and answered with their outcomes. */
export class QueuedTrainings {
  readonly #options: TrainingsOptions;
  readonly #trainings = new Map<string, Training>();
  #requests = 0;

  constructor(options: TrainingsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#trainings.size;
  }

  /** What is trained now, and how far it is. */
  list(): WorkerNotice['trains'] {
    return [...this.#trainings.values()].map(({ trial: { expression, child, seed, steps }, step }) => ({
      expression,
      child,
      seed,
      step,
      steps,
    }));
  }

  /** Gives all of them back, for other workers. */
  giveBack(): void {
    for (const { abort } of this.#trainings.values()) abort.abort(givenBack);
  }

  /** Gives up those that nobody wants any more. */
  async giveUpCancelled({ key }: FitStudy): Promise<void> {
    const ids = [...this.#trainings.keys()];
    if (ids.length === 0) return;
    const replies = await this.#options.client.smismember(studyKeys(key).cancelled, ...ids);
    for (const [index, id] of ids.entries()) {
      if (replies[index] !== 1) continue;
      this.#trainings.get(id)?.abort.abort(new DOMException('nobody waits for it', 'AbortError'));
    }
  }

  /** Keeps the answers to a study on the server for longer. */
  async keepAnswers({ key }: FitStudy): Promise<void> {
    await this.#options.client.expire(studyKeys(key).answers, secondsAnswersLast);
  }

  /** Trains a trial of the queue and answers it. Throws where BullMQ has to give it to another worker. */
  async process(study: FitStudy, job: Job, token: string | undefined): Promise<void> {
    const id = job.id ?? '';
    let trial: QueuedTrial;
    try {
      trial = decode(queuedTrial, String(job.data.body));
    } catch (error) {
      await this.#answer(
        study,
        id,
        refusal(`a trial of the queue cannot be read: ${(error as Error).message}`),
      );
      return;
    }
    const recipe = study.notice.recipes[trial.child];
    if (!recipe) {
      await this.#answer(study, id, refusal(`the study has no child ${trial.child}`));
      return;
    }
    if (isScript(recipe) && !this.#options.allowCommand) {
      await this.#answer(study, id, refusal(`${trial.child} is a script, and this worker runs none`));
      return;
    }
    const training: Training = {
      study,
      trial,
      recipe,
      abort: new AbortController(),
      step: 0,
      told: -pauseMilliseconds,
    };
    this.#trainings.set(id, training);
    try {
      await this.#answer(study, id, await this.#train(id, training));
    } catch (error) {
      if (error !== givenBack) throw error;
      await job.moveToWait(token);
      throw new this.#options.bullmq.WaitingError();
    } finally {
      this.#trainings.delete(id);
    }
  }

  /**
   * Trains; returns undefined if nobody wants the outcome any more, and throws `givenBack` if another worker
   * has to.
   */
  async #train(id: string, training: Training): Promise<TrialAnswer | undefined> {
    const { study, trial, recipe, abort } = training;
    const { activation, precision } = study.notice;
    this.#requests += 1;
    const request: TrialRequest = {
      ...trial,
      recipe,
      activation,
      precision,
      id: this.#requests,
      checkpoint: this.#options.checkpoints.filesOf(trial),
    };
    try {
      const outcome = await this.#options.trainer.run(request, {
        signal: abort.signal,
        onProgress: (progress, pid) => this.#follow(id, training, progress, pid),
      });
      return { kind: 'outcome', outcome };
    } catch (error) {
      if (abort.signal.aborted && abort.signal.reason !== givenBack) return undefined;
      if (abort.signal.aborted) throw givenBack;
      if (error instanceof ActivationSearchError && error.code !== 'environment') {
        const { code, message, hint } = error;
        return { kind: 'refused', code, message, ...(hint === undefined ? {} : { hint }) };
      }
      // This machine cannot train, which says nothing of the trial.
      this.#options.onUnfit(study, (error as Error).message);
      throw givenBack;
    }
  }

  async #answer(study: FitStudy, id: string, answer: TrialAnswer | undefined): Promise<void> {
    if (answer === undefined) return;
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

  #follow(id: string, training: Training, progress: TrialProgress, pid: number): void {
    training.step = progress.step;
    const now = performance.now();
    if (now - training.told < pauseMilliseconds) return;
    training.told = now;
    const { progress: key } = studyKeys(training.study.key);
    const body = encode({ ...progress, pid });
    void this.#options.client.xadd(key, 'MAXLEN', '~', keptProgress, '*', id, body).catch(() => undefined);
  }
}

function refusal(message: string): TrialAnswer {
  return { kind: 'refused', code: 'server', message };
}
