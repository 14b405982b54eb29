import { setMaxListeners } from 'node:events';
import type { RunOptions, Settled } from '../trial/job.ts';
import type { Arithmetic, TrialOutcome, TrialRequest } from '../trial/protocol.ts';

/** How a trial may be waited for over a queue. */
export interface QueueRunOptions extends RunOptions {
  /**
   * The arithmetic that the trial is to be trained in; rejects with `NoSuchArithmetic` where no worker has
   * it.
   */
  readonly within?: Arithmetic;
  /** Once aborted, a trial that no worker has begun is given back; `run` then rejects with the reason. */
  readonly withdraw?: AbortSignal;
}

interface Caller {
  readonly request: TrialRequest;
  readonly options: QueueRunOptions;
  readonly settle: (result: Settled) => void;
}

/** A trial that is at the server or with a worker, and all who wait for it: equal requests are one trial. */
export class WaitingTrial {
  readonly id: string;
  /** The arithmetic that it must be trained in, if only one will do. */
  readonly within: string | undefined;
  /** The arithmetic whose queue it is in; undefined in a study of one. */
  queue: string | undefined;
  /** The request as it travels. */
  readonly body: string;
  /** When it was put on the server last, in the milliseconds of `performance`; Infinity before. */
  since: number = Number.POSITIVE_INFINITY;
  get isPut(): boolean {
    return this.since !== Number.POSITIVE_INFINITY;
  }

  /** Looks in a row at which the server had neither the trial nor an answer. */
  looksMissing = 0;
  readonly #callers = new Set<Caller>();

  constructor(id: string, body: string, within?: string) {
    this.id = id;
    this.body = body;
    this.within = within;
    this.queue = within;
  }

  /** Waits for the outcome. Calls `forsaken` when nobody waits any more because a signal was aborted. */
  wait(request: TrialRequest, options: QueueRunOptions, forsaken: () => void): Promise<TrialOutcome> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const abort = (): void => {
        this.#callers.delete(caller);
        reject(signal?.reason);
        if (this.#callers.size === 0) forsaken();
      };
      const settle = (result: Settled): void => {
        signal?.removeEventListener('abort', abort);
        if ('outcome' in result) resolve({ ...result.outcome, id: request.id });
        else reject(result.error);
      };
      const caller: Caller = { request, options, settle };
      this.#callers.add(caller);
      // All trials of a study share one signal.
      if (signal) setMaxListeners(0, signal);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** The reason to give it back unless somebody has begun it; undefined if there is none. */
  get withdrawal(): unknown {
    const signals = [...this.#callers].map(({ options }) => options.withdraw);
    return signals.every((signal) => signal?.aborted) ? signals[0]?.reason : undefined;
  }

  follow(progress: { step: number; steps: number; trainingLoss: number }, pid: number): void {
    for (const { options } of this.#callers) options.onProgress?.(progress, pid);
  }

  settle(result: Settled): void {
    for (const caller of this.#callers) caller.settle(result);
    this.#callers.clear();
  }
}
