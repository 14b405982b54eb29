/** How a running study is asked to stop before its end. */
export interface StopSignals {
  /** Begin nothing more; finish and store the trials that run. */
  readonly finish: AbortSignal;
  /** Drop the trials that run; always aborted after `finish`. */
  readonly now: AbortSignal;
}

/** Signals that are never given. */
export const neverStop: StopSignals = {
  finish: new AbortController().signal,
  now: new AbortController().signal,
};

/** Something that happens again and again, and that several can wait for. */
export class Moments {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Whether somebody waits for the next. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  happen(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
