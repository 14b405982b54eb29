import type { Candidate } from '../study/candidate.ts';
import type { Counts } from './events.ts';

const failures = {
  diverged: 'diverged',
  'stopped-early': 'stoppedEarly',
  'timed-out': 'timedOut',
  crashed: 'crashed',
} as const;

/**
 * Counts what becomes of a study's proposals. One that climbs the ladder counts once, with its last result.
 */
export class Tally {
  readonly #counts = {
    proposed: 0,
    evaluated: 0,
    refused: 0,
    known: 0,
    diverged: 0,
    stoppedEarly: 0,
    timedOut: 0,
    crashed: 0,
  };

  readonly #byRung: number[];

  constructor(rungs: number) {
    this.#byRung = Array.from({ length: rungs }, () => 0);
  }

  get counts(): Counts {
    return { ...this.#counts, byRung: [...this.#byRung] };
  }

  add(record: Candidate): void {
    if (record.kind === 'proposed') this.#counts.proposed += 1;
    this.#count(record, 1);
  }

  change(before: Candidate, after: Candidate): void {
    this.#count(before, -1);
    this.#count(after, 1);
  }

  #count({ kind, status, rung }: Candidate, by: 1 | -1): void {
    if (kind === 'baseline' || status === 'waiting') return;
    if (status === 'refused' || status === 'known') this.#counts[status] += by;
    else this.#counts.evaluated += by;
    if (rung !== null) this.#byRung[rung - 1] = (this.#byRung[rung - 1] ?? 0) + by;
    if (status in failures) this.#counts[failures[status as keyof typeof failures]] += by;
  }
}
