import { availableParallelism } from 'node:os';
import { ActivationSearchError, type ErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { Conditions } from './conditions.ts';
import { Job, type RunOptions } from './job.ts';
import type { FromWorker } from './messages.ts';
import { usableMemory } from './process-memory.ts';
import type { TrialOutcome, TrialRequest } from './protocol.ts';
import { cannotStart, type WorkerKind } from './worker-kind.ts';
import { type WorkerLimits, WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  /** Trials that train at a time, each in a worker process; the number of cores by default. */
  readonly workers?: number;
  readonly logger: Logger;
  /**
   * Resident bytes above which a worker is replaced in the middle of a trial, and between trials above three
   * quarters of it; by default four fifths of the memory, shared among the workers.
   */
  readonly memoryLimit?: number;
  /** Seconds without a sign of life after which a training worker counts as hung; 60 by default. */
  readonly silenceLimit?: number;
  /** How often a trial whose worker died, hung or grew too big is tried again; 2 by default. */
  readonly retries?: number;
}

// Workers that die one after the other before they are ready mean a broken installation, not bad luck.
const mostFailedStarts = 3;
// A worker near its limit is better replaced between trials than in the middle of one.
const retireShare = 0.75;
const lookMilliseconds = 500;

/**
 * Worker processes that are started as trials come, reused over them, and replaced when they die, hang or
 * grow too big; the trial is then tried again, with the same bits. At most `size` of them work at a time. A
 * worker that waits stays for the next trial of its kind, beside those of other kinds: loading TensorFlow or
 * a script takes seconds. Own life: `run` any number of times, then `close` or `kill`. Workers end with this
 * process, however it ends.
 */
export class WorkerPool {
  readonly size: number;
  readonly #logger: Logger;
  readonly #limits: WorkerLimits;
  readonly #tries: number;
  readonly #workers = new Set<WorkerProcess>();
  readonly #queue: Job[] = [];
  readonly #running = new Map<WorkerProcess, Job>();
  readonly #watch: NodeJS.Timeout;
  readonly #killWorkers = (): void => {
    for (const worker of this.#workers) worker.kill();
  };
  readonly #conditions = new Conditions();
  /** Starts that failed since the last that did not, by the kind of worker. */
  readonly #failedStarts = new Map<string, number>();
  #open = true;

  constructor(options: PoolOptions) {
    this.size = options.workers ?? availableParallelism();
    this.#logger = options.logger;
    this.#limits = {
      silence: options.silenceLimit ?? 60,
      memory: options.memoryLimit ?? (0.8 * usableMemory()) / this.size,
      secondsPerLook: lookMilliseconds / 1000,
    };
    this.#tries = 1 + (options.retries ?? 2);
    this.#watch = setInterval(() => {
      for (const worker of this.#workers) worker.look(this.#limits);
    }, lookMilliseconds);
    this.#watch.unref();
    process.on('exit', this.#killWorkers);
  }

  /** Process ids of the workers that live now. */
  pids(): readonly number[] {
    return [...this.#workers].flatMap((worker) => worker.pid ?? []);
  }

  /**
   * Trains one trial as soon as a worker is free, in the order of the calls. It resolves to an outcome
   * however the training ends; it rejects only for a wrong request (such as a missing data set), for workers
   * that cannot start, and when aborted.
   */
  run(request: TrialRequest, options: RunOptions = {}): Promise<TrialOutcome> {
    if (!this.#open) return Promise.reject(new Error('the worker pool is closed'));
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#abort(job, signal?.reason);
      const job = new Job(request, options, (result) => {
        signal?.removeEventListener('abort', abort);
        if ('outcome' in result) resolve(result.outcome);
        else reject(result.error);
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(job);
      this.#assign();
    });
  }

  /** Waits for all trials, then ends the workers and waits for their end. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#conditions.when(() => this.#queue.length === 0 && this.#running.size === 0);
    for (const worker of this.#workers) worker.retire();
    await this.#conditions.when(() => this.#workers.size === 0);
    this.kill();
  }

  /** Ends the workers at once; what runs or waits rejects with an AbortError. */
  kill(): void {
    this.#open = false;
    const error = new DOMException('the worker pool was stopped', 'AbortError');
    const jobs = [...this.#queue.splice(0), ...this.#running.values()];
    this.#running.clear();
    this.#killWorkers();
    for (const job of jobs) job.settle({ error });
    clearInterval(this.#watch);
    process.off('exit', this.#killWorkers);
  }

  #assign(): void {
    // Each worker that starts will take a waiting job of its kind.
    const starting = new Map<string, number>();
    for (const { isStarting, kind } of this.#workers) {
      if (isStarting) starting.set(kind.key, (starting.get(kind.key) ?? 0) + 1);
    }
    for (const job of [...this.#queue]) {
      const { key } = job.kind;
      const expected = starting.get(key) ?? 0;
      const idle = [...this.#workers].find((worker) => worker.isIdle && worker.kind.key === key);
      const atWork = [...this.#workers].filter((worker) => worker.isAtWork).length;
      if (idle && atWork < this.size) this.#start(job, idle);
      else if (expected > 0) starting.set(key, expected - 1);
      else if (!idle && atWork < this.size) this.#fork(job.kind);
    }
    this.#conditions.changed();
  }

  #fork(kind: WorkerKind): void {
    const taken = new Set(
      [...this.#workers].filter((one) => one.kind.key === kind.key).map((one) => one.number),
    );
    let number = 0;
    while (taken.has(number)) number += 1;
    const worker = new WorkerProcess(kind, number, this.#logger, {
      onMessage: (message) => this.#receive(worker, message),
      onEnd: (reason) => this.#ended(worker, reason),
    });
    this.#workers.add(worker);
    this.#logger.debug({ worker: worker.pid, kind: kind.child ?? kind.key }, 'worker started');
  }

  #start(job: Job, worker: WorkerProcess): void {
    this.#queue.splice(this.#queue.indexOf(job), 1);
    this.#running.set(worker, job);
    job.begin();
    worker.run(job.request);
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    const job = this.#running.get(worker);
    switch (message.kind) {
      case 'ready':
        this.#failedStarts.delete(worker.kind.key);
        this.#assign();
        return;
      case 'progress':
        job?.follow(message, worker.pid ?? 0);
        return;
      case 'outcome':
        this.#free(worker);
        job?.complete(message.outcome);
        this.#assign();
        return;
      case 'refused': {
        const { code, message: text, hint } = message;
        const error = new ActivationSearchError(code as ErrorCode, text, hint === undefined ? {} : { hint });
        if (job) {
          this.#running.delete(worker);
          job.settle({ error });
        } else {
          // Refused before its first trial: it can train none.
          worker.retire();
          this.#giveUp(worker.kind, error);
        }
        this.#assign();
        return;
      }
      case 'failed':
        worker.kill(message.reason);
    }
  }

  #free(worker: WorkerProcess): void {
    this.#running.delete(worker);
    if (!worker.isIdle) return;
    const memory = worker.memory();
    if (memory <= retireShare * this.#limits.memory) return;
    this.#logger.info({ worker: worker.pid, memory }, 'worker replaced: it has grown too big');
    worker.retire();
  }

  #ended(worker: WorkerProcess, reason: string): void {
    const job = this.#running.get(worker);
    this.#workers.delete(worker);
    this.#running.delete(worker);
    if (job) this.#tryAgain(job, reason);
    else if (!worker.wasReady && this.#open) this.#countFailedStart(worker.kind, reason);
    this.#assign();
  }

  #tryAgain(job: Job, reason: string): void {
    job.fail(reason);
    const { request, step, failures } = job;
    const { child, expression } = request;
    this.#logger.warn({ reason, child, expression, step, tries: failures }, 'trial lost');
    if (failures < this.#tries) this.#queue.unshift(job);
    else job.crash(this.#tries);
  }

  #countFailedStart(kind: WorkerKind, reason: string): void {
    const failed = 1 + (this.#failedStarts.get(kind.key) ?? 0);
    this.#failedStarts.set(kind.key, failed);
    this.#logger.warn({ reason }, 'worker did not start');
    if (failed < mostFailedStarts) return;
    this.#failedStarts.delete(kind.key);
    this.#giveUp(kind, cannotStart(kind, reason));
  }

  /** Rejects all trials that wait for workers of a kind. */
  #giveUp({ key }: WorkerKind, error: unknown): void {
    const hopeless = this.#queue.filter((job) => job.kind.key === key);
    for (const job of hopeless) {
      this.#queue.splice(this.#queue.indexOf(job), 1);
      job.settle({ error });
    }
  }

  #abort(job: Job, reason: unknown): void {
    const place = this.#queue.indexOf(job);
    if (place >= 0) this.#queue.splice(place, 1);
    for (const [worker, running] of this.#running) {
      if (running !== job) continue;
      this.#running.delete(worker);
      worker.kill('its trial was aborted');
    }
    job.settle({ error: reason });
    this.#conditions.changed();
  }
}
