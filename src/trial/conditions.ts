/** Promises that wait for conditions, which are looked at when somebody says that something has changed. */
export class Conditions {
  readonly #waiting = new Map<() => boolean, () => void>();

  /** Resolves once a condition holds. */
  when(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (holds()) resolve();
      else this.#waiting.set(holds, resolve);
    });
  }

  changed(): void {
    for (const [holds, resolve] of this.#waiting) {
      if (!holds()) continue;
      this.#waiting.delete(holds);
      resolve();
    }
  }
}
