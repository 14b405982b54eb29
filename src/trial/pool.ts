import { availableParallelism, totalmem } from 'node:os';
import { ActivationSearchError, type ErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { FromWorker } from './messages.ts';
import type { TrialOutcome, TrialRequest } from './protocol.ts';
import { type Precision, WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  /** Worker processes, each with one TensorFlow thread; the number of cores by default. */
  readonly workers?: number;
  readonly logger: Logger;
  /**
   * Resident bytes above which a worker is replaced in the middle of a trial, and between trials above three quarters of it;
   * by default four fifths of the memory, shared among the workers.
   */
  readonly memoryLimit?: number;
  /** Seconds without a sign of life after which a training worker counts as hung; 60 by default. */
  readonly silenceLimit?: number;
  /** How often a trial whose worker died, hung or grew too big is tried again; 2 by default. */
  readonly retries?: number;
}

export interface TrialProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean training loss since the last sign of life, nats. */
  readonly trainingLoss: number;
}

export interface RunOptions {
  /** Takes the trial off the queue or kills its worker at once; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** About twice a second while the trial trains, with the process that trains it. */
  readonly onProgress?: (progress: TrialProgress, pid: number) => void;
}

interface Job {
  readonly request: TrialRequest;
  readonly options: RunOptions;
  readonly failures: string[];
  readonly settle: (result: { outcome: TrialOutcome } | { error: unknown }) => void;
  started: number;
  step: number;
}

// Workers that die one after the other before they are ready mean a broken installation, not bad luck.
const mostFailedStarts = 3;
// A worker near its limit is better replaced between trials than in the middle of one.
const retireShare = 0.75;
const tickMilliseconds = 500;
const startTicks = 60_000 / tickMilliseconds;

/**
 * Worker processes that are started as trials come, reused over them, and replaced when they die, hang or grow too big;
 * the trial is then tried again, with the same bits. Own life: `run` any number of times, then `close` or `kill`. Workers end
 * with this process, however it ends.
 */
export class WorkerPool {
  readonly size: number;
  readonly #logger: Logger;
  readonly #memoryLimit: number;
  readonly #silenceTicks: number;
  readonly #tries: number;
  readonly #workers = new Set<WorkerProcess>();
  readonly #queue: Job[] = [];
  readonly #running = new Map<WorkerProcess, Job>();
  readonly #watch: NodeJS.Timeout;
  readonly #killAtExit = (): void => this.#killWorkers();
  readonly #waiting: { readonly isQuiet: () => boolean; readonly resolve: () => void }[] = [];
  #failedStarts = 0;
  #open = true;

  constructor(options: PoolOptions) {
    this.size = options.workers ?? availableParallelism();
    this.#logger = options.logger;
    this.#memoryLimit = options.memoryLimit ?? (0.8 * usableMemory()) / this.size;
    this.#silenceTicks = ((options.silenceLimit ?? 60) * 1000) / tickMilliseconds;
    this.#tries = 1 + (options.retries ?? 2);
    this.#watch = setInterval(() => this.#tick(), tickMilliseconds);
    this.#watch.unref();
    process.on('exit', this.#killAtExit);
  }

  /** Process ids of the workers that live now. */
  pids(): readonly number[] {
    return [...this.#workers].flatMap((worker) => worker.pid ?? []);
  }

  /**
   * Trains one trial as soon as a worker is free, in the order of the calls. However the training ends it gives an
   * outcome; it rejects only for a wrong request (such as a missing data set), for workers that cannot start, and when
   * aborted.
   */
  run(request: TrialRequest, options: RunOptions = {}): Promise<TrialOutcome> {
    if (!this.#open) return Promise.reject(new Error('the worker pool is closed'));
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#abort(job, signal?.reason);
      const job: Job = {
        request,
        options,
        failures: [],
        started: 0,
        step: 0,
        settle: (result) => {
          signal?.removeEventListener('abort', abort);
          if ('outcome' in result) resolve(result.outcome);
          else reject(result.error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(job);
      this.#assign();
    });
  }

  /** Waits for all trials, then ends the workers and waits for their end. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#quiet(() => this.#queue.length === 0 && this.#running.size === 0);
    for (const worker of this.#workers) worker.retire();
    await this.#quiet(() => this.#workers.size === 0);
    this.#dispose();
  }

  /** Ends the workers at once; what runs or waits rejects with an AbortError. */
  kill(): void {
    this.#open = false;
    const error = new DOMException('the worker pool was stopped', 'AbortError');
    const jobs = [...this.#queue.splice(0), ...this.#running.values()];
    this.#running.clear();
    this.#killWorkers();
    for (const job of jobs) job.settle({ error });
    this.#dispose();
  }

  #assign(): void {
    for (const job of [...this.#queue]) {
      const { precision } = job.request;
      const idle = [...this.#workers].filter((worker) => worker.state === 'idle');
      const worker = idle.find((candidate) => candidate.precision === precision);
      if (worker) this.#start(job, worker);
      else if (idle[0] && this.#workers.size >= this.size) idle[0].retire();
    }
    const starting = [...this.#workers].filter((worker) => worker.state === 'starting').length;
    const waiting = this.#queue.slice(starting);
    for (const job of waiting) if (this.#workers.size < this.size) this.#fork(job.request.precision);
    this.#tellQuiet();
  }

  #fork(precision: Precision): void {
    const worker = new WorkerProcess(precision, this.#logger, {
      onMessage: (message) => this.#receive(worker, message),
      onEnd: (reason) => this.#ended(worker, reason),
    });
    this.#workers.add(worker);
    this.#logger.debug({ worker: worker.pid, precision }, 'worker started');
  }

  #start(job: Job, worker: WorkerProcess): void {
    this.#queue.splice(this.#queue.indexOf(job), 1);
    this.#running.set(worker, job);
    worker.state = 'busy';
    job.started = performance.now();
    worker.send({ kind: 'run', request: job.request });
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    const job = this.#running.get(worker);
    switch (message.kind) {
      case 'ready':
        this.#failedStarts = 0;
        worker.state = 'idle';
        worker.wasReady = true;
        this.#assign();
        return;
      case 'progress': {
        if (!job) return;
        job.step = message.step;
        const { step, steps, trainingLoss } = message;
        job.options.onProgress?.({ step, steps, trainingLoss }, worker.pid ?? 0);
        return;
      }
      case 'outcome':
        this.#free(worker, message.memory);
        job?.settle({ outcome: withAttempts(message.outcome, job.failures.length + 1) });
        this.#assign();
        return;
      case 'refused': {
        const { code, message: text, hint } = message;
        this.#free(worker, 0);
        job?.settle({
          error: new ActivationSearchError(code as ErrorCode, text, hint === undefined ? {} : { hint }),
        });
        this.#assign();
        return;
      }
      case 'failed':
        worker.kill(`the training failed: ${message.reason}`);
    }
  }

  #free(worker: WorkerProcess, memory: number): void {
    this.#running.delete(worker);
    worker.state = 'idle';
    if (memory <= retireShare * this.#memoryLimit) return;
    this.#logger.info({ worker: worker.pid, memory }, 'worker replaced: it has grown too big');
    worker.retire();
  }

  #ended(worker: WorkerProcess, reason: string): void {
    const job = this.#running.get(worker);
    this.#workers.delete(worker);
    this.#running.delete(worker);
    if (job) this.#tryAgain(job, reason);
    else if (!worker.wasReady && this.#open) this.#countFailedStart(reason);
    this.#assign();
  }

  #tryAgain(job: Job, reason: string): void {
    job.failures.push(reason);
    const { child, expression } = job.request;
    const tries = job.failures.length;
    this.#logger.warn({ reason, child, expression, step: job.step, tries }, 'trial lost');
    if (tries < this.#tries) {
      this.#queue.unshift(job);
      return;
    }
    const last = `${reason} (step ${job.step}, try ${tries} of ${this.#tries})`;
    const { id } = job.request;
    const seconds = (performance.now() - job.started) / 1000;
    job.settle({
      outcome: { status: 'crashed', id, seconds, steps: job.step, curve: [], reason: last, attempts: tries },
    });
  }

  #countFailedStart(reason: string): void {
    this.#failedStarts += 1;
    this.#logger.warn({ reason }, 'worker did not start');
    if (this.#failedStarts < mostFailedStarts) return;
    this.#failedStarts = 0;
    const error = new ActivationSearchError('environment', `worker processes cannot start: ${reason}`, {
      hint: 'activation-search doctor says what is wrong with this installation.',
    });
    for (const job of this.#queue.splice(0)) job.settle({ error });
  }

  #abort(job: Job, reason: unknown): void {
    const place = this.#queue.indexOf(job);
    if (place >= 0) this.#queue.splice(place, 1);
    for (const [worker, running] of this.#running) {
      if (running !== job) continue;
      this.#running.delete(worker);
      worker.state = 'leaving';
      worker.kill('its trial was aborted');
    }
    job.settle({ error: reason });
    this.#tellQuiet();
  }

  /**
   * Looks for workers that hang or grow. Silence is counted in ticks, not by the clock, so that a computer that slept
   * does not lose its trials.
   */
  #tick(): void {
    for (const worker of this.#workers) {
      if (worker.state === 'idle' || worker.state === 'leaving') continue;
      worker.silence += 1;
      const limit =
        worker.state === 'starting' ? Math.max(startTicks, this.#silenceTicks) : this.#silenceTicks;
      if (worker.silence > limit) {
        const seconds = (limit * tickMilliseconds) / 1000;
        worker.kill(`the worker hung: no sign of life for ${seconds} s`);
      } else if (worker.state === 'busy' && worker.memory() > this.#memoryLimit) {
        const megabytes = Math.round(this.#memoryLimit / 1e6);
        worker.kill(`the worker grew beyond its memory limit of ${megabytes} MB`);
      }
    }
  }

  #killWorkers(): void {
    for (const worker of this.#workers) worker.kill();
  }

  #quiet(isQuiet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isQuiet, resolve });
      this.#tellQuiet();
    });
  }

  #tellQuiet(): void {
    for (const waiting of [...this.#waiting]) {
      if (!waiting.isQuiet()) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.resolve();
    }
  }

  #dispose(): void {
    clearInterval(this.#watch);
    process.off('exit', this.#killAtExit);
  }
}

/** An outcome says how often its trial was tried where that is more than once. */
function withAttempts(outcome: TrialOutcome, attempts: number): TrialOutcome {
  return attempts === 1 ? outcome : { ...outcome, attempts };
}

function usableMemory(): number {
  // 0, or a number beyond any memory, where no limit is set.
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
