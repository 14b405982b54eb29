import type { Logger } from '../logger.ts';
import type { TrialOutcome, TrialRequest } from './protocol.ts';

export interface PoolOptions {
  /** Worker processes, each with one TensorFlow thread; the number of cores by default. */
  readonly workers?: number;
  readonly logger: Logger;
  /** Resident bytes above which a worker is replaced; by default four fifths of the memory, shared among the workers. */
  readonly memoryLimit?: number;
  /** Seconds without a sign of life after which a training worker counts as hung; 60 by default. */
  readonly silenceLimit?: number;
  /** How often a trial whose worker died, hung or grew too big is tried again; 2 by default. */
  readonly retries?: number;
}

export interface TrialProgress {
  readonly id: number;
  readonly step: number;
  readonly steps: number;
  /** Mean training loss over the steps since the last sign of life, nats. */
  readonly trainingLoss: number;
}

export interface RunOptions {
  /** Takes the trial off the queue or kills its worker at once; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrialProgress) => void;
}

/** Worker processes that are reused over trials and replaced when they die, hang or grow too big. */
export class WorkerPool {
  constructor(options: PoolOptions) {
    throw new Error(`${options.workers} not yet`);
  }

  /** Trains one trial as soon as a worker is free. */
  run(request: TrialRequest, options: RunOptions = {}): Promise<TrialOutcome> {
    throw new Error(`${request.id} ${options.signal}`);
  }

  /** Waits for all trials, then ends the workers. */
  close(): Promise<void> {
    throw new Error('not yet');
  }

  /** Ends the workers at once; what runs or waits rejects with an AbortError. */
  kill(): void {
    throw new Error('not yet');
  }
}
