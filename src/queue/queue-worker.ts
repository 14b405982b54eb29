import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { arithmeticFacts } from '../arithmetic.ts';
import { unlessRefused } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { tensorflowEnvironment } from '../tensorflow-binding.ts';
import { requireTensorflowLibrary } from '../tensorflow-library.ts';
import { Conditions } from '../trial/conditions.ts';
import type { WorkerTerms } from './fitness.ts';
import { type FitStudy, KnownStudies } from './known-studies.ts';
import { ownBuild, type WorkerNotice, workerKey, workersKey } from './queue-messages.ts';
import { QueuedTrainings, type QueueTrainer } from './queued-trainings.ts';
import type { QueueServer } from './server-connection.ts';
import { StudySource } from './study-source.ts';
import { StudyTurns, type TakenTrial } from './study-turns.ts';
import { encode } from './wire.ts';
import { sweepDeadWorkers, WorkerCheckpoints } from './worker-checkpoints.ts';
import { giveNotice } from './worker-list.ts';

export interface QueueWorkerOptions extends WorkerTerms {
  readonly trainer: QueueTrainer;
  readonly logger: Logger;
}

const beatMilliseconds = 1000;
const dropMilliseconds = 3000;

/**
 * Takes trials from a server, lets `trainer` train them and answers with their outcomes. This process holds
 * the locks of its trials and never trains itself, so that they are renewed in time. It works for all studies
 * that it may train, in turn. Own life: `run` once; `stop` or `drop` ends it.
 */
export class QueueWorker {
  readonly #id = randomUUID();
  readonly #options: QueueWorkerOptions;
  readonly #server: QueueServer;
  readonly #client: Redis;
  readonly #studies: KnownStudies;
  readonly #arithmetic = ownArithmetic();
  readonly #checkpoints = new WorkerCheckpoints(this.#id);
  readonly #started = performance.now();
  readonly #trainings: QueuedTrainings;
  readonly #turns = new StudyTurns((study) => this.#left(study));
  readonly #running = new Set<Promise<void>>();
  /** Woken when a place or a study is there, or when this worker stops. */
  readonly #changes = new Conditions();
  readonly #stop = new AbortController();
  #endDrop: () => void = () => undefined;
  /** Trials that ran had time to be given back, or the server is away. */
  readonly #dropped = new Promise<void>((resolve) => {
    this.#endDrop = resolve;
  });

  constructor(server: QueueServer, options: QueueWorkerOptions) {
    this.#server = server;
    this.#options = options;
    this.#client = server.connect();
    this.#studies = new KnownStudies(this.#client, options, this.#arithmetic);
    this.#trainings = new QueuedTrainings({
      ...options,
      client: this.#client,
      checkpoints: this.#checkpoints,
      onUnfit: (study, error) => {
        this.#studies.refuse(study, error);
        this.#keepOnly(({ text }) => text !== study.text);
      },
    });
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    const timer = setInterval(() => void this.#beat(), beatMilliseconds);
    sweepDeadWorkers();
    try {
      // Not waited for: a server that is away must not keep a worker that is told to stop.
      void this.#followStudies();
      await this.#takeTrials();
      await Promise.race([Promise.all(this.#running), this.#dropped]);
    } finally {
      clearInterval(timer);
      for (const source of this.#turns.sources) source.close();
      this.#checkpoints.clear();
      const gone = this.#client.del(workerKey(this.#id)).catch(() => undefined);
      await Promise.race([gone, sleep(dropMilliseconds)]);
      this.#client.disconnect();
    }
  }

  /** Takes no more trials; `run` ends once those that run are finished. */
  stop(): void {
    this.#stop.abort();
    this.#keepOnly(() => false);
  }

  /** Gives the trials that run back at once. */
  drop(): void {
    this.stop();
    this.#trainings.giveBack();
    setTimeout(this.#endDrop, dropMilliseconds);
  }

  async #followStudies(): Promise<void> {
    const { logger, say } = this.#options;
    let wasIdle = false;
    while (!this.#stop.signal.aborted) {
      try {
        this.#workFor(await this.#studies.fit());
        const isIdle = this.#turns.sources.length === 0;
        if (isIdle && !wasIdle)
          say(`there is no study to work for at ${this.#server.address.shown}: waiting for one`);
        wasIdle = isIdle;
      } catch (error) {
        logger.debug({ error: String(error) }, 'no answer from the server');
      }
      await this.#pause();
    }
  }

  #workFor(studies: readonly FitStudy[]): void {
    if (this.#stop.signal.aborted) return;
    const { trainer, logger, say } = this.#options;
    this.#keepOnly((study) => studies.some(({ text }) => text === study.text));
    const texts = new Set(this.#turns.sources.map(({ study }) => study.text));
    for (const study of studies) {
      if (texts.has(study.text)) continue;
      this.#turns.add(new StudySource(study, this.#server, this.#client, logger));
      say(`works for the study "${study.notice.study}", ${trainer.size} at a time`);
    }
    this.#changes.changed();
  }

  #keepOnly(stays: (study: FitStudy) => boolean): void {
    this.#turns.keepOnly(stays);
    this.#changes.changed();
  }

  #left(study: FitStudy): void {
    this.#checkpoints.forget(study);
    this.#options.say(`has left the study "${study.notice.study}"`);
  }

  async #takeTrials(): Promise<void> {
    const { signal } = this.#stop;
    const { trainer, logger } = this.#options;
    const canTake = (): boolean => this.#running.size < trainer.size && this.#turns.open.length > 0;
    while (!signal.aborted) {
      await this.#changes.when(() => signal.aborted || canTake());
      try {
        const taken = await this.#turns.take();
        if (taken) this.#begin(taken);
      } catch (error) {
        logger.debug({ error: String(error) }, 'no trial could be taken');
        await this.#pause();
      }
    }
  }

  #begin({ source, job }: TakenTrial): void {
    const training = this.#train(source, job).finally(() => {
      this.#running.delete(training);
      this.#turns.closeLeft(source);
      this.#changes.changed();
    });
    this.#running.add(training);
  }

  async #train(source: StudySource, job: Job): Promise<void> {
    const id = job.id ?? '';
    const answer = await this.#trainings.process(source.study, id, String(job.data.body));
    if (answer === 'given back') {
      await source.giveBack(job);
      return;
    }
    // Both are sent at once, so that a coordinator that asks again for an equal trial finds this one gone.
    const sent = answer === 'unwanted' ? undefined : this.#trainings.send(source.study, id, answer);
    await Promise.all([sent, source.finish(job)]);
  }

  /** Says that this worker lives and what it does, and gives up trials that nobody wants any more. */
  async #beat(): Promise<void> {
    try {
      await giveNotice(this.#client, workersKey, this.#id, workerKey(this.#id), encode(this.#notice()));
      for (const source of this.#turns.sources) {
        await source.look();
        await this.#trainings.giveUpCancelled(source.study);
      }
    } catch (error) {
      this.#options.logger.debug({ error: String(error) }, 'no answer from the server');
    }
  }

  #notice(): WorkerNotice {
    return {
      build: ownBuild(),
      machine: hostname(),
      pid: process.pid,
      cores: availableParallelism(),
      places: this.#options.trainer.size,
      seconds: Math.round((performance.now() - this.#started) / 1000),
      arithmetic: this.#arithmetic,
      studies: this.#turns.open.map(({ study: { key, notice } }) => ({ key, name: notice.study })),
      trains: this.#trainings.list(),
      refused: [...this.#studies.refused],
    };
  }

  async #pause(): Promise<void> {
    await sleep(beatMilliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

/** The arithmetic of this machine's trainers; null where TensorFlow cannot be used. */
function ownArithmetic(): WorkerNotice['arithmetic'] {
  const facts = unlessRefused(() => {
    requireTensorflowLibrary();
    Object.assign(process.env, tensorflowEnvironment);
    return arithmeticFacts();
  });
  return facts ? { ...facts, cpuFlags: [...facts.cpuFlags] } : null;
}
