import type { Database } from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';
import type { Candidate, NewCandidate } from '../study/candidate.ts';
import type { EndedTrial } from '../study/trial.ts';
import type { StudyVerdicts } from '../study/verdict.ts';
import { commandText } from '../terminal/command-text.ts';
import type { RawRow } from './columns.ts';
import { type OpenOptions, openDatabase } from './database.ts';
import { explained } from './database-errors.ts';
import { heldBy, isAlive, thisProcess } from './holder.ts';
import { StudyReader } from './reader.ts';
import type { Json, NewStudy, SearchState, StudyRecord } from './records.ts';
import { studyColumns } from './tables.ts';
import { addBatch, addStudy, addTrial, closeBatch, setResults, setVerdicts } from './writes.ts';

export type { OpenOptions } from './database.ts';
export type { LeaderboardRow } from './leaderboard.ts';
export type { QueryResult, SqlValue, ViewDescription } from './query.ts';
export type * from './records.ts';

/**
 * A database of studies. One process writes a study at a time: it holds the study from `createStudy` or
 * `claimStudy` until `releaseStudy`, `finishStudy`, `close` or its death. Every writing method is one
 * immediate transaction and on disk when it returns: a killed process or a power failure loses nothing that
 * was returned from.
 *
 * The life of a batch, from which a study goes on after any end:
 *   recordBatch     what was asked, and the controller after the ask; before any training
 *   recordTrial     each trial as it ends
 *   recordResults   the scores of its candidates, as they become known
 *   completeBatch   the controller after the tell, in the order of the batches
 * After a death in between, `claimStudy` returns a study with `completedBatch < batch`: restore the
 * controller from its state, train what `trialsOf` lacks of the candidates that wait, and complete the
 * batches. Batch 0 is the baselines, recorded by `createStudy`. `together` makes one transaction of several
 * calls.
 */
export class Store extends StudyReader {
  readonly #held = new Set<number>();
  /** Within `together`: studies that this process has proven to hold. */
  #proven: Set<number> | undefined;

  /**
   * Opens a database; a writer makes or migrates it where needed. Refuses, and leaves as it was, a file that
   * is no database, not ours, damaged, of a newer version, not readable or (for writers) not writable, or
   * missing where it may not be made.
   */
  static open(file: string, options: OpenOptions = {}): Store {
    return new Store(file, openDatabase(file, options));
  }

  private constructor(file: string, db: Database) {
    super(file, db);
  }

  /** Releases studies still held (they become `stopped`) and closes the file. */
  close(): void {
    if (!this.db.open) return;
    for (const id of this.#held) {
      try {
        this.releaseStudy(id);
      } catch {
        // A holder that is gone counts for as much as a released study: the next claim takes it over.
      }
    }
    this.db.close();
  }

  /**
   * Adds a study, its primitives and its baselines (batch 0, waiting; complete where there are none), and
   * holds it for this process. Refuses a name that is taken.
   */
  createStudy(study: NewStudy): StudyRecord {
    return this.#write(() => {
      const taken = this.findStudy(study.name);
      if (taken) {
        throw new ActivationSearchError('study', `study "${study.name}" exists already (${taken.status}).`, {
          hint: `Go on with it (${commandText(['resume', study.name], this.file)}) or choose another --study name.`,
        });
      }
      const now = timestamp();
      const id = addStudy(this.sql, study, now);
      this.#hold(id, now);
      return this.#studyById(id);
    });
  }

  /**
   * Holds a study for this process and sets it running; of two processes at the same instant exactly one
   * wins. Refuses while another holder lives, naming its process id; a dead one is taken over. A finished
   * study can be claimed too, to go on with more.
   */
  claimStudy(name: string): StudyRecord {
    return this.#write(() => {
      const study = this.study(name);
      if (study.holder && !this.#held.has(study.id) && isAlive(study.holder))
        throw heldBy(study.name, study.holder, this.file);
      this.sql.setStudyStatus.run({ id: study.id, status: 'running', finishedAt: null });
      this.#hold(study.id, timestamp());
      return this.#studyById(study.id);
    });
  }

  /** Releases a study that can be resumed later: status `stopped`. */
  releaseStudy(studyId: number): void {
    this.#release(studyId, 'stopped');
  }

  /** Marks a study as finished and releases it. */
  finishStudy(studyId: number): void {
    this.#release(studyId, 'finished');
  }

  /** Stores the configuration with the limits that a sitting has changed. */
  setConfig(studyId: number, config: Json): void {
    const stored = JSON.stringify(config);
    this.#writeTo(studyId, () => this.sql.setConfig.run({ id: studyId, config: stored }));
  }

  /**
   * Stores an ask before anything of it is trained: the next batch with its candidates in the order asked
   * (at least one), and the state after the ask. Returns the candidates in that order.
   */
  recordBatch(
    studyId: number,
    candidates: readonly NewCandidate[],
    state: SearchState,
  ): readonly Candidate[] {
    return this.#writeTo(studyId, (now) => addBatch(this.sql, studyId, candidates, state, now));
  }

  /** Stores one ended trial with its curve; returns its id. The same trial cannot be stored twice. */
  recordTrial(studyId: number, trial: EndedTrial): number {
    return this.#writeTo(studyId, (now) => addTrial(this.sql, trial, now));
  }

  /**
   * Stores results of candidates of open batches as soon as they are known, so that readers see them. A
   * result of a higher rung replaces that of a lower one.
   */
  recordResults(studyId: number, candidates: readonly Candidate[]): void {
    this.#writeTo(studyId, () => setResults(this.sql, studyId, candidates));
  }

  /** Stores what is known of a study's functions after the latest blocks, in place of what was before. */
  recordVerdicts(studyId: number, verdicts: StudyVerdicts): void {
    this.#writeTo(studyId, () => setVerdicts(this.sql, studyId, verdicts));
  }

  /**
   * Closes the oldest open batch and stores the state after the tell. Later batches may be open already, if
   * the controller was asked ahead.
   */
  completeBatch(studyId: number, state: SearchState): void {
    this.#writeTo(studyId, (now) => closeBatch(this.sql, studyId, state, now));
  }

  /**
   * Stores how long the study has run, over all sittings. Refuses, as each write does, if another process has
   * taken the study over: stop then.
   */
  recordSeconds(studyId: number, seconds: number): void {
    this.#writeTo(studyId, (now) => this.sql.setSeconds.run({ id: studyId, seconds, now }));
  }

  /** Makes one transaction of several writing calls: all of them are stored, or none. */
  together<T>(calls: () => T): T {
    this.#proven = new Set();
    try {
      return this.#write(calls);
    } finally {
      this.#proven = undefined;
    }
  }

  #write<T>(action: () => T): T {
    if (this.db.inTransaction) return action();
    return explained(this.file, () => this.db.transaction(action).immediate());
  }

  /** A write to a study that this process must hold. */
  #writeTo<T>(studyId: number, action: (now: string) => T): T {
    return this.#write(() => {
      const now = timestamp();
      this.#touch(studyId, now);
      return action(now);
    });
  }

  #studyById(id: number): StudyRecord {
    return studyColumns.record(this.sql.studyById.get(id) as RawRow);
  }

  #hold(id: number, now: string): void {
    this.sql.setHolder.run({ id, ...thisProcess(), now });
    this.#held.add(id);
  }

  /** Every write proves that this process still holds the study, and is a heartbeat too. */
  #touch(id: number, now: string): void {
    const holds = (): boolean => this.sql.touchHolder.run({ id, ...thisProcess(), now }).changes === 1;
    if (this.#proven?.has(id)) return;
    if (this.#held.has(id) && holds()) return void this.#proven?.add(id);
    this.#held.delete(id);
    const { name, holder } = this.#studyById(id);
    throw heldBy(name, holder, this.file);
  }

  #release(id: number, status: 'stopped' | 'finished'): void {
    this.#writeTo(id, (now) => {
      this.sql.setStudyStatus.run({ id, status, finishedAt: status === 'finished' ? now : null });
      this.sql.removeHolder.run(id);
    });
    this.#held.delete(id);
  }
}

/** ISO 8601, UTC, milliseconds. */
function timestamp(): string {
  return new Date().toISOString();
}
