import type { Database } from 'better-sqlite3';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { type OpenOptions, openDatabase } from './database.ts';
import { explained } from './database-errors.ts';
import { heldBy, isAlive, thisProcess } from './holder.ts';
import { type LeaderboardRow, toLeaderboardRow } from './leaderboard.ts';
import { unpackLearned } from './learned.ts';
import { describeViews, type QueryResult, runQuery, type ViewDescription } from './query.ts';
import type {
  CandidateRecord,
  CandidateResult,
  Json,
  LearnedParameters,
  NewCandidate,
  NewStudy,
  RecordedTrial,
  SearchState,
  StudyRecord,
  TrialKey,
  TrialRecord,
} from './records.ts';
import { byCandidate, type StudyRow, toCandidate, toStudy, toTrial } from './rows.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { addBatch, addResults, addStudy, addTrial, batchOf, closeBatch } from './writes.ts';

export type { OpenOptions } from './database.ts';
export type { LeaderboardRow } from './leaderboard.ts';
export type { QueryResult, SqlValue, ViewDescription } from './query.ts';
export type * from './records.ts';

/**
 * A database of studies. One process writes a study at a time: it holds the study from `createStudy` or
 * `claimStudy` until `releaseStudy`, `finishStudy`, `close` or its death. Every writing method is one
 * immediate transaction and on disk when it returns: a killed process or a power failure loses nothing
 * that was returned from.
 *
 * The life of a batch, from which a study goes on after any end:
 *   recordBatch     what was asked, and the controller after the ask; before any training
 *   recordTrial     each trial as it ends
 *   recordResults   the scores of its candidates, as they become known
 *   completeBatch   the controller after the tell, in the order of the batches
 * After a death in between, `claimStudy` gives a study with `completedBatch < batch`: restore the controller from
 * `state.controller`, train what `trialsOf` lacks of the candidates that wait, and complete the batches. Batch 0
 * is the baselines, recorded by `createStudy`. What belongs together goes into one transaction with `together`.
 */
export class Store {
  readonly file: string;
  readonly #db: Database;
  readonly #sql: Statements;
  readonly #held = new Set<number>();
  /** Studies that this process has proven to hold, in the transaction of several calls that runs. */
  #proven: Set<number> | undefined;

  private constructor(file: string, db: Database) {
    this.file = file;
    this.#db = db;
    this.#sql = prepareStatements(db);
  }

  /**
   * Opens a database; a writer makes or migrates it where needed. Refuses, and leaves as it was, a file
   * that is no database, not ours, damaged, of a newer version, not readable or (for writers) not writable, or
   * missing where it may not be made.
   */
  static open(file: string, options: OpenOptions = {}): Store {
    const db = openDatabase(file, options);
    return explained(file, () => new Store(file, db));
  }

  /** Lets go of studies still held (they become `stopped`) and closes the file. */
  close(): void {
    if (!this.#db.open) return;
    for (const id of this.#held) {
      try {
        this.releaseStudy(id);
      } catch {
        // A holder that is gone counts for as much as a study let go: the next claim takes it over.
      }
    }
    this.#db.close();
  }

  // --- studies ---

  /**
   * Adds a study, its primitives and its baselines (batch 0, waiting; complete where there are none), and
   * holds it for this process. Refuses a name that is taken.
   */
  createStudy(study: NewStudy, progress: SearchState['progress'] = {}): StudyRecord {
    return this.#write(() => {
      const taken = this.findStudy(study.name);
      if (taken) {
        throw new ActivationSearchError('study', `study "${study.name}" exists already (${taken.status}).`, {
          hint: `Go on with it (activation-search resume ${study.name}) or choose another --study name.`,
        });
      }
      const now = timestamp();
      const id = addStudy(this.#sql, study, progress, now);
      this.#hold(id, now);
      return this.#studyById(id);
    });
  }

  /** The study of that name; refuses an unknown one, with the nearest known name. */
  study(name: string): StudyRecord {
    const found = this.findStudy(name);
    if (found) return found;
    const names = this.studies().map((study) => study.name);
    throw new ActivationSearchError('study', `no study "${name}" in ${this.file}.`, {
      hint: names.length > 0 ? suggestion(name, names) : 'It holds no study yet.',
    });
  }

  /** The study of that name, if there is one. */
  findStudy(name: string): StudyRecord | undefined {
    const row = explained(this.file, () => this.#sql.studyByName.get(name));
    return row && toStudy(row);
  }

  /** All studies, oldest first. */
  studies(): readonly StudyRecord[] {
    return explained(this.file, () => this.#sql.studies.all()).map(toStudy);
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
        throw heldBy(study.name, study.holder);
      this.#sql.setStudyStatus.run({ id: study.id, status: 'running', finishedAt: null });
      this.#hold(study.id, timestamp());
      return this.#studyById(study.id);
    });
  }

  /**
   * Says that this holder lives; call it every ten seconds or so. Refuses where another process has taken
   * the study over: stop then.
   */
  heartbeat(studyId: number): void {
    this.#write(() => this.#touch(studyId, timestamp()));
  }

  /** Lets go of a study that can be gone on with later: status `stopped`. */
  releaseStudy(studyId: number): void {
    this.#letGo(studyId, 'stopped');
  }

  /** Marks a study as finished and lets go of it. */
  finishStudy(studyId: number): void {
    this.#letGo(studyId, 'finished');
  }

  /** Stores the configuration with the limits that a sitting has changed. */
  setConfig(studyId: number, config: Json): void {
    this.#write(() => {
      this.#touch(studyId, timestamp());
      this.#sql.setConfig.run({ id: studyId, config: JSON.stringify(config) });
    });
  }

  // --- batches ---

  /**
   * Stores an ask before anything of it is trained: the next batch with its candidates in the order asked
   * (at least one), and the state after the ask. Gives them with their ids, in that order.
   */
  recordBatch(
    studyId: number,
    candidates: readonly NewCandidate[],
    state: SearchState,
  ): readonly CandidateRecord[] {
    return this.#write(() => {
      const now = timestamp();
      this.#touch(studyId, now);
      const batch = addBatch(this.#sql, studyId, candidates, state, now);
      return this.#sql.candidatesOfBatch.all(studyId, batch).map(toCandidate);
    });
  }

  /** Stores one ended trial with its curve; gives its id. The same trial cannot be stored twice. */
  recordTrial(studyId: number, trial: RecordedTrial): number {
    return this.#write(() => {
      const now = timestamp();
      this.#touch(studyId, now);
      return addTrial(this.#sql, trial, now);
    });
  }

  /**
   * Stores results of candidates of open batches as soon as they are known, so that readers see them, and how far the
   * search is; those of a higher rung take the place of those of a lower. A study may end with its last batch open.
   */
  recordResults(
    studyId: number,
    results: readonly CandidateResult[],
    progress: Pick<SearchState, 'progress' | 'seconds'>,
  ): void {
    this.#write(() => {
      const now = timestamp();
      this.#touch(studyId, now);
      addResults(this.#sql, studyId, results, progress, now);
    });
  }

  /**
   * Closes the oldest open batch: stores the results not yet stored and the state after the tell. Later
   * batches may be open already, where a controller that does not learn was asked ahead.
   */
  completeBatch(studyId: number, results: readonly CandidateResult[], state: SearchState): void {
    this.#write(() => {
      const now = timestamp();
      this.#touch(studyId, now);
      closeBatch(this.#sql, studyId, results, state, now);
    });
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

  // --- reading ---

  /** All candidates of a study: baselines first, then proposals, in their order. */
  candidatesOf(studyId: number): readonly CandidateRecord[] {
    return explained(this.file, () => this.#sql.candidates.all(studyId)).map(toCandidate);
  }

  /** The candidates of one batch in their order; of the last recorded one where none is named. */
  candidatesOfBatch(studyId: number, batch?: number): readonly CandidateRecord[] {
    return explained(this.file, () => {
      const wanted = batch ?? batchOf(this.#sql, studyId).batch;
      return this.#sql.candidatesOfBatch.all(studyId, wanted).map(toCandidate);
    });
  }

  /** The candidate with that id, of any study. */
  candidate(id: number): CandidateRecord | undefined {
    const row = explained(this.file, () => this.#sql.candidate.get(id));
    return row && toCandidate(row);
  }

  /** Each function of all studies, once: its fingerprint and a formula of it. */
  functions(): readonly { readonly fingerprint: string; readonly expression: string }[] {
    return explained(this.file, () => this.#sql.functions.all());
  }

  /** Candidates of all studies with that fingerprint that own their scores, oldest first. */
  candidatesByFingerprint(fingerprint: string): readonly CandidateRecord[] {
    return explained(this.file, () => this.#sql.candidatesByFingerprint.all(fingerprint)).map(toCandidate);
  }

  /** A candidate's trials in the order of child, seed and steps. */
  trialsOf(candidateId: number): readonly TrialRecord[] {
    return explained(this.file, () => this.#sql.trialsOf.all(candidateId)).map(toTrial);
  }

  /** All trials of a study by candidate id; candidates without trials are missing. */
  trialsOfStudy(studyId: number): ReadonlyMap<number, readonly TrialRecord[]> {
    return byCandidate(explained(this.file, () => this.#sql.trialsOfStudy.all(studyId)));
  }

  /** The trial with that id, of any study. */
  trial(id: number): TrialRecord | undefined {
    const row = explained(this.file, () => this.#sql.trial.get(id));
    return row && toTrial(row);
  }

  /** Ids of the trials of proposals of the batches up to one that count for results, in the order of proposal. */
  trialsUntil(studyId: number, batch: number, trial: TrialKey): readonly number[] {
    return explained(this.file, () => this.#sql.trialsUntil.all({ studyId, batch, ...trial }));
  }

  /** A trial's learning curve. */
  curveOf(trialId: number): readonly { step: number; trainingLoss: number | null }[] {
    return explained(this.file, () => this.#sql.curveOf.all(trialId));
  }

  /** Every value of a trial's trained parameters (float32): by name, then layer, then channel. */
  learnedOf(trialId: number): Readonly<Record<string, readonly (readonly number[])[]>> {
    const row = explained(this.file, () => this.#sql.learnedOf.get(trialId));
    if (!row?.learned || !row.learned_values) return {};
    return unpackLearned(JSON.parse(row.learned) as LearnedParameters, row.learned_values);
  }

  /** A study's functions: the ranked ones best first, then those without a score. */
  leaderboard(study: string): readonly LeaderboardRow[] {
    return explained(this.file, () => this.#sql.leaderboard.all(study)).map(toLeaderboardRow);
  }

  /** Runs one reading SQL statement over the views; see query.ts. */
  query(sql: string, parameters: readonly string[] = []): QueryResult {
    return runQuery(this.#db, this.file, sql, parameters);
  }

  /** Names and columns of the documented views. */
  views(): readonly ViewDescription[] {
    return describeViews(this.#db);
  }

  #write<T>(action: () => T): T {
    if (this.#db.inTransaction) return action();
    return explained(this.file, () => this.#db.transaction(action).immediate());
  }

  #studyById(id: number): StudyRecord {
    return toStudy(this.#sql.studyById.get(id) as StudyRow);
  }

  #hold(id: number, now: string): void {
    this.#sql.setHolder.run({ id, ...thisProcess(), now });
    this.#held.add(id);
  }

  /** Every write proves that this process still holds the study, and is a heartbeat too. */
  #touch(id: number, now: string): void {
    const holds = (): boolean => this.#sql.touchHolder.run({ id, ...thisProcess(), now }).changes === 1;
    if (this.#proven?.has(id)) return;
    if (this.#held.has(id) && holds()) return void this.#proven?.add(id);
    this.#held.delete(id);
    const { name, holder } = this.#studyById(id);
    throw heldBy(name, holder);
  }

  #letGo(id: number, status: 'stopped' | 'finished'): void {
    this.#write(() => {
      const now = timestamp();
      this.#touch(id, now);
      this.#sql.setStudyStatus.run({ id, status, finishedAt: status === 'finished' ? now : null });
      this.#sql.removeHolder.run(id);
    });
    this.#held.delete(id);
  }
}

/** ISO 8601, UTC, milliseconds. */
function timestamp(): string {
  return new Date().toISOString();
}
