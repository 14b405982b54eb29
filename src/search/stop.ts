/** How a running study is asked to end before its time. */
export interface StopSignals {
  /** Begin nothing more; finish and store the trials that run. */
  readonly finish: AbortSignal;
  /** Drop the trials that run; always aborted after `finish`. */
  readonly now: AbortSignal;
}

/** Signals that never come. */
export const neverStop: StopSignals = {
  finish: new AbortController().signal,
  now: new AbortController().signal,
};

/** Lets several wait for the next time that something happens. */
export class Changes {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  happen(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
