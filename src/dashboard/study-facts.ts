import type { CandidateCount } from '../storage/candidate-pages.ts';
import { isAlive } from '../storage/holder.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { isTrained } from '../study/statuses.ts';

/** Counting a study takes at most this share of the time. */
const mostOfTime = 1 / 20;

interface Counted {
  readonly version: number;
  readonly again: number;
  readonly counts: readonly CandidateCount[];
}

/** Counts of whole studies; made again only where the database has changed, and seldom if large. */
export class StudyFacts {
  readonly #counted = new Map<string, Counted>();

  counts(store: Store, study: StudyRecord, version: number): readonly CandidateCount[] {
    // An id alone may mean another study in a file that has replaced this one.
    const key = `${study.id} ${study.createdAt}`;
    const known = this.#counted.get(key);
    if (known && (known.version === version || performance.now() < known.again)) return known.counts;
    const start = performance.now();
    const counts = store.countsOf(study.id);
    const end = performance.now();
    this.#counted.set(key, { version, again: end + (end - start) / mostOfTime, counts });
    return counts;
  }
}

export interface Totals {
  readonly all: number;
  readonly trained: number;
  readonly refused: number;
  readonly known: number;
  readonly waiting: number;
  readonly failed: number;
}

export function totalsOf(counts: readonly CandidateCount[]): Totals {
  const sum = (accepts: (count: CandidateCount) => boolean): number =>
    counts.filter(accepts).reduce((total, { count }) => total + count, 0);
  return {
    all: sum(() => true),
    trained: sum(({ status }) => isTrained(status)),
    refused: sum(({ status }) => status === 'refused'),
    known: sum(({ status }) => status === 'known'),
    waiting: sum(({ status }) => status === 'waiting'),
    failed: sum(({ status }) => isTrained(status) && status !== 'complete'),
  };
}

/** The state of a study in words. */
export function stateText({ status, holder }: StudyRecord): string {
  if (status !== 'running') return status;
  if (holder && isAlive(holder)) return `running (process ${holder.pid} on ${holder.host})`;
  return 'interrupted: its process has ended; it can be resumed';
}

/** The candidate that the study recommends, else that of rank 1. */
export function bestCandidate(store: Store, studyId: number): Candidate | undefined {
  const [first] = store.judgedOf(studyId);
  if (first?.recommended) return first;
  return store.pageOf(studyId, { order: 'rank', count: 1, accepts: () => true }).rows[0]?.candidate;
}

/** How many candidates the study is to train, if it is limited by them; `trials` in earlier versions. */
export function wantedCandidates({ config }: StudyRecord): number | null {
  const wanted = config.candidates ?? config.trials;
  return typeof wanted === 'number' ? wanted : null;
}
