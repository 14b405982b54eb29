import { randomUUID } from 'node:crypto';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { FitStudy } from './known-studies.ts';
import { keyPrefix, studyKeys } from './queue-messages.ts';
import type { QueueServer } from './server-connection.ts';

/** A worker that does not renew the lock of a trial in this time loses the trial to another. */
const lockMilliseconds = 10_000;
/** Looks, of which there is one a second, between two renewals. */
const looksBetweenRenewals = 3;
const stalledMilliseconds = 2500;
/** A trial that was lost is tried again however often: a worker that died is no fault of the trial. */
const mostStalls = 1_000_000;
const patienceSeconds = 1;
const secondsAnswersLast = 30 * 24 * 3600;
/** BullMQ may lose its blocking connection for good while the server is away: then it is started anew. */
const looksUntilStuck = 15;

/**
 * A study that a worker trains for, as the source of its trials. BullMQ's own loop is not used, because it
 * takes from one queue only: trials are taken one by one, and their locks are renewed here.
 */
export class StudySource {
  readonly study: FitStudy;
  /** The turn in which a trial was last taken from here; 0 before. */
  turn = 0;
  readonly #server: QueueServer;
  readonly #client: Redis;
  readonly #logger: Logger;
  readonly #running = new Map<string, Job>();
  #worker: Worker;
  #isLeft = false;
  #looks = 0;
  /** Looks since the current wait for a trial began. */
  #looksWaiting = 0;
  /** Ends the wait for a trial, if there is one. */
  #giveUp: (() => void) | undefined;

  constructor(study: FitStudy, server: QueueServer, client: Redis, logger: Logger) {
    this.study = study;
    this.#server = server;
    this.#client = client;
    this.#logger = logger;
    this.#worker = this.#connect();
  }

  /** How many of its trials are trained here now. */
  get running(): number {
    return this.#running.size;
  }

  /** Whether no more trials are taken from here. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Whether it was left, and its last trial has ended. */
  get isDone(): boolean {
    return this.#isLeft && this.running === 0 && this.#giveUp === undefined;
  }

  /** Takes a trial. Where none waits, it returns undefined, a patient call after about a second. */
  async take(isPatient: boolean): Promise<Job | undefined> {
    const worker = this.#worker;
    const coming = worker.waitUntilReady().then(() => worker.getNextJob(randomUUID(), { block: isPatient }));
    const isOver = new Promise<'over'>((resolve) => {
      this.#giveUp = () => resolve('over');
    });
    this.#looksWaiting = 0;
    try {
      const job = await Promise.race([coming, isOver]);
      if (job === 'over') {
        void coming.then((late) => late && this.giveBack(late)).catch(this.#note);
        return undefined;
      }
      if (job?.id) this.#running.set(job.id, job);
      return job;
    } finally {
      this.#giveUp = undefined;
    }
  }

  /** Takes a trial that was answered off the queue. */
  async finish(job: Job): Promise<void> {
    await this.#end(job, () => job.moveToCompleted(null, job.token ?? '', false));
  }

  /** Puts a trial back, for another worker. */
  async giveBack(job: Job): Promise<void> {
    await this.#end(job, () => job.moveToWait(job.token));
  }

  /** Renews the locks, and connects anew if the server answers others and does not answer `take`. */
  async look(): Promise<void> {
    this.#looks += 1;
    this.#looksWaiting += 1;
    if (this.#giveUp && this.#looksWaiting > looksUntilStuck) this.#connectAnew();
    if (this.#looks % looksBetweenRenewals === 0) await this.#renew();
  }

  /** Takes no more trials; those that run go on. */
  leave(): void {
    this.#isLeft = true;
    this.#giveUp?.();
  }

  close(): void {
    void this.#worker.close(true).catch(this.#note);
  }

  async #renew(): Promise<void> {
    const { answers } = studyKeys(this.study.key);
    await this.#client.expire(answers, secondsAnswersLast);
    const jobs = [...this.#running.values()];
    if (jobs.length === 0) return;
    const tokens = jobs.map(({ token }) => token ?? '');
    await this.#worker.extendJobLocks([...this.#running.keys()], tokens, lockMilliseconds);
  }

  #connectAnew(): void {
    this.#logger.warn('the server answers no request for trials: connecting anew');
    this.#giveUp?.();
    this.close();
    this.#worker = this.#connect();
  }

  #connect(): Worker {
    const worker = new this.#server.bullmq.Worker(this.study.queue, null, {
      connection: this.#client,
      prefix: keyPrefix,
      lockDuration: lockMilliseconds,
      stalledInterval: stalledMilliseconds,
      maxStalledCount: mostStalls,
      drainDelay: patienceSeconds,
    });
    worker.on('error', this.#note);
    void worker.startStalledCheckTimer().catch(this.#note);
    return worker;
  }

  async #end(job: Job, move: () => Promise<unknown>): Promise<void> {
    // A lock that was lost: another worker has the trial, which is answered all the same.
    await move().catch(this.#note);
    this.#running.delete(job.id ?? '');
  }

  // BullMQ goes on after a server that was away, and so does the trial with another worker.
  readonly #note = (error: unknown): void => this.#logger.debug({ error: String(error) }, 'queue');
}
