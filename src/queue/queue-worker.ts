import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { arithmeticFacts } from '../arithmetic.ts';
import { ActivationSearchError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { tensorflowEnvironment } from '../tensorflow-binding.ts';
import { requireTensorflowLibrary } from '../tensorflow-library.ts';
import type { WorkerTerms } from './fitness.ts';
import { type FitStudy, KnownStudies } from './known-studies.ts';
import { keyPrefix, ownBuild, type WorkerNotice, workerKey, workersKey } from './queue-messages.ts';
import { QueuedTrainings, type QueueTrainer } from './queued-trainings.ts';
import type { QueueServer } from './server-connection.ts';
import { encode } from './wire.ts';
import { WorkerCheckpoints } from './worker-checkpoints.ts';
import { giveNotice } from './worker-list.ts';

export interface QueueWorkerOptions extends WorkerTerms {
  readonly trainer: QueueTrainer;
  readonly logger: Logger;
}

const beatMilliseconds = 1000;
/** The lock of a trial is renewed twice in this time; a worker that does not loses its trial to another. */
const lockMilliseconds = 10_000;
const stalledMilliseconds = 2500;
/** A trial that was lost is tried again however often: a worker that died is no fault of the trial. */
const mostStalls = 1_000_000;
const dropMilliseconds = 3000;
/** BullMQ may lose its blocking connection for good while the server is away: then it is started anew. */
const looksUntilStuck = 15;

/**
 * Takes trials from a server, lets `trainer` train them and answers with their outcomes. This process holds
 * the
 * locks of its trials and never trains itself, so that they are renewed in time. It works for one study at a
 * time, the first that it may train and that has trials waiting. Own life: `run` once; `stop` or `drop` ends
 * it.
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
  readonly #stop = new AbortController();
  #endDrop: () => void = () => undefined;
  /** Trials that ran had time to be given back, or the server is away. */
  readonly #dropped = new Promise<void>((resolve) => {
    this.#endDrop = resolve;
  });
  #study: FitStudy | undefined;
  #worker: Worker | undefined;

  constructor(server: QueueServer, options: QueueWorkerOptions) {
    this.#server = server;
    this.#options = options;
    this.#client = server.connect();
    this.#studies = new KnownStudies(this.#client, options, this.#arithmetic);
    this.#trainings = new QueuedTrainings({
      ...options,
      bullmq: server.bullmq,
      client: this.#client,
      checkpoints: this.#checkpoints,
      onUnfit: (study, reason) => {
        this.#studies.refuse(study, reason);
        void this.#worker?.pause(true);
      },
    });
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    const { say } = this.#options;
    const timer = setInterval(() => void this.#beat(), beatMilliseconds);
    let idle = false;
    try {
      while (!this.#stop.signal.aborted) {
        const study = await this.#choose();
        if (study) await this.#serve(study);
        else if (!idle)
          say(`there is no study to work for at ${this.#server.address.shown}: waiting for one`);
        idle = study === undefined;
        if (idle) await this.#pause();
      }
    } finally {
      clearInterval(timer);
      this.#checkpoints.clear();
      const gone = this.#client.del(workerKey(this.#id)).catch(() => undefined);
      await Promise.race([gone, sleep(dropMilliseconds)]);
      this.#client.disconnect();
    }
  }

  /** Takes no more trials; `run` ends once those that run are finished. */
  stop(): void {
    this.#stop.abort();
  }

  /** Gives the trials that run back at once. */
  drop(): void {
    this.stop();
    this.#trainings.giveBack();
    setTimeout(this.#endDrop, dropMilliseconds);
  }

  async #choose(): Promise<FitStudy | undefined> {
    try {
      return await this.#studies.choose();
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, 'no study can be chosen now');
      return undefined;
    }
  }

  async #serve(study: FitStudy): Promise<void> {
    const { trainer, logger, say } = this.#options;
    say(`works for the study "${study.notice.study}", ${trainer.size} at a time`);
    this.#study = study;
    const worker = new this.#server.bullmq.Worker(
      study.queue,
      (job, token) => this.#trainings.process(study, job, token),
      {
        connection: this.#client,
        prefix: keyPrefix,
        concurrency: trainer.size,
        lockDuration: lockMilliseconds,
        stalledInterval: stalledMilliseconds,
        maxStalledCount: mostStalls,
        drainDelay: 1,
        runRetryDelay: beatMilliseconds,
      },
    );
    this.#worker = worker;
    // Locks that were lost, servers that are away: BullMQ goes on, and so does the trial with another worker.
    worker.on('error', (error) => logger.debug({ error: error.message }, 'queue'));
    let looksIdle = 0;
    while (looksIdle < looksUntilStuck && (await this.#staysWith(study))) {
      looksIdle = (await this.#passesOver(study)) ? looksIdle + 1 : 0;
      await this.#pause();
    }
    const isStuck = looksIdle === looksUntilStuck;
    if (isStuck) logger.warn('trials wait and none is taken: connecting anew');
    await Promise.race([worker.close(isStuck), this.#dropped, ...(isStuck ? [sleep(dropMilliseconds)] : [])]);
    this.#worker = undefined;
    this.#study = undefined;
    this.#checkpoints.clear();
    say(`has left the study "${study.notice.study}"`);
  }

  async #staysWith(study: FitStudy): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    try {
      return await this.#studies.staysWith(study, this.#trainings.size > 0);
    } catch (error) {
      this.#options.logger.debug({ error: String(error) }, 'no answer from the server');
      return true;
    }
  }

  /** Whether trials wait that this worker has room for. */
  async #passesOver(study: FitStudy): Promise<boolean> {
    if (this.#trainings.size >= this.#options.trainer.size) return false;
    return (await this.#studies.waiting(study).catch(() => 0)) > 0;
  }

  /** Says that this worker lives and what it does, and gives up trials that nobody wants any more. */
  async #beat(): Promise<void> {
    try {
      await giveNotice(this.#client, workersKey, this.#id, workerKey(this.#id), encode(this.#notice()));
      if (this.#study) {
        await this.#trainings.giveUpCancelled(this.#study);
        await this.#trainings.keepAnswers(this.#study);
      }
    } catch (error) {
      this.#options.logger.debug({ error: String(error) }, 'no answer from the server');
    }
  }

  #notice(): WorkerNotice {
    const study = this.#study;
    return {
      build: ownBuild(),
      machine: hostname(),
      pid: process.pid,
      cores: availableParallelism(),
      places: this.#options.trainer.size,
      seconds: Math.round((performance.now() - this.#started) / 1000),
      arithmetic: this.#arithmetic,
      study: study ? { key: study.key, name: study.notice.study } : null,
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
  try {
    requireTensorflowLibrary();
    Object.assign(process.env, tensorflowEnvironment);
    const facts = arithmeticFacts();
    return { ...facts, cpuFlags: [...facts.cpuFlags] };
  } catch (error) {
    if (error instanceof ActivationSearchError) return null;
    throw error;
  }
}
