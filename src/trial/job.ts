import type { TrialOutcome, TrialRequest } from './protocol.ts';
import { type WorkerKind, workerKind } from './worker-kind.ts';

export interface TrialProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean training loss since the last report, nats; NaN if a script reports none. */
  readonly trainingLoss: number;
}

export interface RunOptions {
  /**
   * Takes the trial off the queue or kills its worker at once; `run` then rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
  /** About twice a second while the trial trains, with the process that trains it. */
  readonly onProgress?: (progress: TrialProgress, pid: number) => void;
}

/** What has become of a trial. */
export type Settled = { readonly outcome: TrialOutcome } | { readonly error: unknown };

/** A trial on its way through the pool: what is asked for, and what has become of it so far. */
export class Job {
  readonly request: TrialRequest;
  readonly kind: WorkerKind;
  readonly options: RunOptions;
  readonly settle: (result: Settled) => void;
  readonly #failures: string[] = [];
  #started = 0;
  #step = 0;

  constructor(request: TrialRequest, options: RunOptions, settle: (result: Settled) => void) {
    this.request = request;
    this.kind = workerKind(request);
    this.options = options;
    this.settle = settle;
  }

  get step(): number {
    return this.#step;
  }

  get failures(): number {
    return this.#failures.length;
  }

  begin(): void {
    this.#started = performance.now();
  }

  follow({ step, steps, trainingLoss }: TrialProgress, pid: number): void {
    this.#step = step;
    this.options.onProgress?.({ step, steps, trainingLoss }, pid);
  }

  /** The worker has ended in the middle. */
  fail(reason: string): void {
    this.#failures.push(reason);
  }

  /** Hands the outcome over, with the number of tries if there was more than one. */
  complete(outcome: TrialOutcome): void {
    const attempts = this.failures + 1;
    this.settle({ outcome: attempts === 1 ? outcome : { ...outcome, attempts } });
  }

  /** Gives up: it has failed too often. */
  crash(tries: number): void {
    const reason = `${this.#failures.at(-1)} (step ${this.#step}, try ${this.failures} of ${tries})`;
    const seconds = (performance.now() - this.#started) / 1000;
    const common = { id: this.request.id, seconds, steps: this.#step, curve: [], attempts: this.failures };
    this.settle({ outcome: { status: 'crashed', ...common, reason } });
  }
}
