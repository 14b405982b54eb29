import type { Logger } from '../logger.ts';
import type { StopSignals } from '../search/stop.ts';
import { handleOutputErrors } from './output.ts';

const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What asks a running study to stop: signals of the process, and output that cannot be written. */
export class StopRequests {
  readonly #finish = new AbortController();
  readonly #now = new AbortController();
  readonly #stopping: () => void;
  readonly #logger: Logger;
  #outputError: NodeJS.ErrnoException | undefined;

  constructor(stopping: () => void, logger: Logger) {
    this.#stopping = stopping;
    this.#logger = logger;
    for (const name of signalNames) process.on(name, this.#onSignal);
    handleOutputErrors((error) => {
      if (this.#outputError !== undefined) return;
      this.#outputError = error;
      this.#stop(error.code ?? 'output');
    });
  }

  get signals(): StopSignals {
    return { finish: this.#finish.signal, now: this.#now.signal };
  }

  /** The first failure of standard output. */
  get outputError(): NodeJS.ErrnoException | undefined {
    return this.#outputError;
  }

  /** Listens no longer. Output that has failed stays silent: every further line would fail as well. */
  release(): void {
    for (const name of signalNames) process.off(name, this.#onSignal);
    if (this.#outputError === undefined) handleOutputErrors(undefined);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#finish.signal.aborted) {
      this.#logger.info({ cause: signal }, 'stop at once');
      this.#now.abort();
    } else this.#stop(signal);
  };

  #stop(cause: string): void {
    if (this.#finish.signal.aborted) return;
    this.#logger.info({ cause }, 'stop');
    this.#finish.abort();
    this.#stopping();
  }
}
