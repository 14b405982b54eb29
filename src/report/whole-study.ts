import { type SearchSpace, searchedSpace } from '../search-space/search-space.ts';
import type { LeaderboardRow, Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';

/** A study of which all is read: its candidates and its ranking each once, when they are first asked for. */
export class WholeStudy {
  readonly store: Store;
  readonly study: StudyRecord;
  #candidates: readonly Candidate[] | undefined;
  #proposed: readonly Candidate[] | undefined;
  #board: readonly LeaderboardRow[] | undefined;

  constructor(store: Store, study: StudyRecord) {
    this.store = store;
    this.study = study;
  }

  /** The space that was searched; undefined where functions were given. */
  get space(): SearchSpace | undefined {
    return searchedSpace(this.study.space);
  }

  /** All candidates, in the order of the proposals. */
  get candidates(): readonly Candidate[] {
    this.#candidates ??= this.store.candidatesOf(this.study.id);
    return this.#candidates;
  }

  get proposed(): readonly Candidate[] {
    this.#proposed ??= this.candidates.filter(({ kind }) => kind === 'proposed');
    return this.#proposed;
  }

  get board(): readonly LeaderboardRow[] {
    this.#board ??= this.store.leaderboard(this.study.name);
    return this.#board;
  }
}
