import type { Job } from 'bullmq';
import type { FitStudy } from './known-studies.ts';
import type { StudySource } from './study-source.ts';

/** A trial, and the study that it was taken from. */
export interface TakenTrial {
  readonly source: StudySource;
  readonly job: Job;
}

/**
 * The studies that a worker trains for. They share its places: a free one goes to the study with the fewest
 * trials here, and among equals to the one whose last turn is the longest ago.
 */
export class StudyTurns {
  readonly #sources = new Set<StudySource>();
  readonly #onLeft: (study: FitStudy) => void;
  #turns = 0;

  constructor(onLeft: (study: FitStudy) => void) {
    this.#onLeft = onLeft;
  }

  /** All of them, those with trials that end before they are left too. */
  get sources(): readonly StudySource[] {
    return [...this.#sources];
  }

  /** Those that trials are taken from, in the order of their turns. */
  get open(): readonly StudySource[] {
    const open = this.sources.filter(({ isLeft }) => !isLeft);
    return open.sort((a, b) => a.running - b.running || a.turn - b.turn);
  }

  add(source: StudySource): void {
    this.#sources.add(source);
  }

  /** Leaves the other studies, each when its last trial here has ended. */
  keepOnly(stays: (study: FitStudy) => boolean): void {
    for (const source of this.#sources) {
      if (stays(source.study)) continue;
      source.leave();
      this.closeLeft(source);
    }
  }

  /** Closes a study that was left, unless trials of it run. */
  closeLeft(source: StudySource): void {
    if (!source.isDone || !this.#sources.delete(source)) return;
    source.close();
    this.#onLeft(source.study);
  }

  /** Takes a trial of the first study in turn that has one. If none has, waits for one for a moment. */
  async take(): Promise<TakenTrial | undefined> {
    const { open } = this;
    const [only, another] = open;
    if (!only) return undefined;
    if (!another) return this.#takeFrom(only, true);
    for (const source of open) {
      const taken = await this.#takeFrom(source, false);
      if (taken) return taken;
    }
    // The study of the last turn is the most likely to have a trial soon.
    return this.#takeFrom(
      open.reduce((latest, source) => (source.turn > latest.turn ? source : latest)),
      true,
    );
  }

  async #takeFrom(source: StudySource, isPatient: boolean): Promise<TakenTrial | undefined> {
    const job = await source.take(isPatient);
    this.closeLeft(source);
    if (!job) return undefined;
    this.#turns += 1;
    source.turn = this.#turns;
    return { source, job };
  }
}
