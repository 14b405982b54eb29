/** The running time of a study, over all sittings. */
export class StudyClock {
  readonly #before: number;
  readonly #limit: number | null;
  readonly #started = performance.now();

  /** `before` is what earlier sittings took, `limit` what the study may take; both in seconds. */
  constructor(before: number, limit: number | null) {
    this.#before = before;
    this.#limit = limit;
  }

  get seconds(): number {
    return this.#before + (performance.now() - this.#started) / 1000;
  }

  /** Whether the study has taken all its time. */
  get isUp(): boolean {
    return this.#limit !== null && this.seconds >= this.#limit;
  }
}
