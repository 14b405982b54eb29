import type { CandidateCount } from '../storage/candidate-pages.ts';
import { isAlive } from '../storage/holder.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { isTrained } from '../study/statuses.ts';
import type { Markup } from './layout.ts';

/** Counting a study takes at most this share of the time. */
const mostOfTime = 1 / 20;

interface Counted {
  readonly version: number;
  readonly again: number;
  readonly counts: readonly CandidateCount[];
}

interface Pictured {
  readonly version: number;
  readonly picture: Markup | '';
}

/** What is said of whole studies; made again only where the database has changed. */
export class StudyFacts {
  readonly #counted = new Map<string, Counted>();
  readonly #pictured = new Map<string, Pictured>();

  /** Counts of candidates; those of a large study are seldom made again. */
  counts(store: Store, study: StudyRecord, version: number): readonly CandidateCount[] {
    const known = this.#counted.get(keyOf(study));
    if (known && (known.version === version || performance.now() < known.again)) return known.counts;
    const start = performance.now();
    const counts = store.countsOf(study.id);
    const end = performance.now();
    this.#counted.set(keyOf(study), { version, again: end + (end - start) / mostOfTime, counts });
    return counts;
  }

  /** A picture of the study, drawn once for each state of the database. */
  picture(study: StudyRecord, version: number, draw: () => Markup | ''): Markup | '' {
    const known = this.#pictured.get(keyOf(study));
    if (known?.version === version) return known.picture;
    const picture = draw();
    this.#pictured.set(keyOf(study), { version, picture });
    return picture;
  }
}

/** An id alone may mean another study in a file that has replaced this one. */
function keyOf({ id, createdAt }: StudyRecord): string {
  return `${id} ${createdAt}`;
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

/** The process that trains a study; undefined where none does. */
export function trainerOf({ status, holder }: StudyRecord): StudyRecord['holder'] | undefined {
  return status === 'running' && holder && isAlive(holder) ? holder : undefined;
}

/** The state of a study in words. */
export function stateText(study: StudyRecord): string {
  const trainer = trainerOf(study);
  if (trainer) return `running (process ${trainer.pid} on ${trainer.host})`;
  return study.status === 'running' ? 'interrupted: its process has ended; it can be resumed' : study.status;
}

/** The candidate that the study recommends, else that of rank 1. */
export function bestCandidate(store: Store, studyId: number): Candidate | undefined {
  const [first] = store.judgedOf(studyId);
  if (first?.recommended) return first;
  return store.pageOf(studyId, { order: 'rank', status: 'complete', count: 1, accepts: () => true }).rows[0]
    ?.candidate;
}

/** How many candidates the study is to train, if it is limited by them; `trials` in earlier versions. */
export function wantedCandidates({ config }: StudyRecord): number | null {
  const wanted = config.candidates ?? config.trials;
  return typeof wanted === 'number' ? wanted : null;
}
