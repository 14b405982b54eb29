import type { Database } from 'better-sqlite3';
import { ActivationSearchError, suggestion } from '../errors.ts';
import type { Candidate } from '../study/candidate.ts';
import type { LearnedParameters, LearnedValues } from '../study/learned.ts';
import type { Trial, TrialKey } from '../study/trial.ts';
import { commandText } from '../terminal/command-text.ts';
import {
  type CandidateCount,
  type CandidatePage,
  candidateCounts,
  candidatePage,
  latestTrialIds,
  type PageRequest,
  waitingCandidates,
} from './candidate-pages.ts';
import type { RawRow } from './columns.ts';
import { explained } from './database-errors.ts';
import { defineFunctions } from './functions.ts';
import { type LeaderboardRow, leaderboardColumns } from './leaderboard.ts';
import { unpackLearned } from './learned.ts';
import {
  describeViews,
  type QueryParameter,
  type QueryResult,
  runQuery,
  type ViewDescription,
} from './query.ts';
import type { JudgedCandidate, StudyPrimitives, StudyRecord, TestResult } from './records.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { byCandidate, candidateColumns, studyColumns, trialColumns, verdictColumns } from './tables.ts';

/** What can be read of a database of studies. */
export class StudyReader {
  readonly file: string;
  protected readonly db: Database;
  protected readonly sql: Statements;

  protected constructor(file: string, db: Database) {
    this.file = file;
    this.db = db;
    this.sql = explained(file, () => prepareStatements(db));
    defineFunctions(db);
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
    return this.#first(studyColumns, () => this.sql.studyByName.get(name));
  }

  /** The study with that id, if there is one. */
  studyWithId(id: number): StudyRecord | undefined {
    return this.#first(studyColumns, () => this.sql.studyById.get(id));
  }

  /** All studies, oldest first. */
  studies(): readonly StudyRecord[] {
    return this.#all(studyColumns, () => this.sql.studies.all());
  }

  /** All candidates of a study: baselines first, then proposals, in their order. */
  candidatesOf(studyId: number): readonly Candidate[] {
    return this.#all(candidateColumns, () => this.sql.candidates.all(studyId));
  }

  /** The candidate with that id, of any study. */
  candidate(id: number): Candidate | undefined {
    return this.#first(candidateColumns, () => this.sql.candidate.get(id));
  }

  /** One page of a study's candidates: a short walk, whatever the size of the study. */
  pageOf(studyId: number, request: PageRequest): CandidatePage {
    return decoded(this.file, () => candidatePage(this.db, studyId, request));
  }

  /** The candidates that a study has judged: the recommended one first, then by group. */
  judgedOf(studyId: number): readonly JudgedCandidate[] {
    const verdicts = this.#all(verdictColumns, () => this.sql.verdicts.all(studyId));
    return verdicts.map(({ candidateId, ...verdict }) => ({
      ...(this.candidate(candidateId) as Candidate),
      ...verdict,
    }));
  }

  /** How many candidates of a study have which status, reason and rung. */
  countsOf(studyId: number): readonly CandidateCount[] {
    return explained(this.file, () => candidateCounts(this.db, studyId));
  }

  /** The first candidates that are in training or wait for it. */
  waitingOf(studyId: number, most: number): readonly Candidate[] {
    return decoded(this.file, () => waitingCandidates(this.db, studyId, most));
  }

  /** The last trials that a study has stored, newest first. */
  latestTrialsOf(studyId: number, most: number): readonly Trial[] {
    const ids = explained(this.file, () => latestTrialIds(this.db, studyId, most));
    return ids.map((id) => this.trial(id) as Trial);
  }

  /** A number that changes with every transaction of another connection; undefined for a copy in memory. */
  dataVersion(): number | undefined {
    if (this.db.memory) return undefined;
    return explained(this.file, () => this.db.pragma('data_version', { simple: true }) as number);
  }

  /** Each function of all studies, once: its fingerprint and a formula of it. */
  functions(): readonly { readonly fingerprint: string; readonly expression: string }[] {
    return explained(this.file, () => this.sql.functions.all());
  }

  /** Candidates of all studies with that fingerprint that own their scores, oldest first. */
  candidatesByFingerprint(fingerprint: string): readonly Candidate[] {
    return this.#all(candidateColumns, () => this.sql.candidatesByFingerprint.all(fingerprint));
  }

  /** A candidate's trials in the order of child, seed and steps. */
  trialsOf(candidateId: number): readonly Trial[] {
    return this.#all(trialColumns, () => this.sql.trialsOf.all(candidateId));
  }

  /** All trials of a study by candidate id; candidates without trials are missing. */
  trialsOfStudy(studyId: number): ReadonlyMap<number, readonly Trial[]> {
    return byCandidate(this.#all(trialColumns, () => this.sql.trialsOfStudy.all(studyId)));
  }

  /** The trial with that id, of any study. */
  trial(id: number): Trial | undefined {
    return this.#first(trialColumns, () => this.sql.trial.get(id));
  }

  /** Ids of the trials with that key of proposals up to a batch, in the order of proposal. */
  trialsUntil(studyId: number, batch: number, { child, seed, steps }: TrialKey): readonly number[] {
    return explained(this.file, () => this.sql.trialsUntil.all({ studyId, batch, child, seed, steps }));
  }

  /** What the test split said of a candidate's trials; nothing unless it was evaluated on it. */
  testResultsOf(candidateId: number): readonly TestResult[] {
    return explained(this.file, () => this.sql.testResultsOf.all(candidateId));
  }

  /** Whether its trials were trained in several arithmetics, within each of which they are paired. */
  isMixed(studyId: number): boolean {
    return explained(this.file, () => this.sql.isMixed.get(studyId) === 1);
  }

  /** A trial's learning curve. */
  curveOf(trialId: number): readonly { readonly step: number; readonly trainingLoss: number | null }[] {
    return explained(this.file, () => this.sql.curveOf.all(trialId));
  }

  /** Every value of a trial's trained parameters (float32): by name, then layer, then channel. */
  learnedOf(trialId: number): LearnedValues {
    const row = explained(this.file, () => this.sql.learnedOf.get(trialId));
    if (!row?.learned || !row.learned_values) return {};
    const [learned, values] = [row.learned, row.learned_values];
    return decoded(this.file, () => unpackLearned(JSON.parse(learned) as LearnedParameters, values));
  }

  /** The primitives of a study's space, and which of them its proposals are made of. */
  primitivesOf(study: string): StudyPrimitives {
    return explained(this.file, () => {
      const byCandidate = new Map<number, Set<string>>();
      for (const { candidate, primitive } of this.sql.slots.all(study)) {
        const own = byCandidate.get(candidate);
        if (own) own.add(primitive);
        else byCandidate.set(candidate, new Set([primitive]));
      }
      return { names: this.sql.primitiveNames.all(study), byCandidate };
    });
  }

  /** A study's functions: the ranked ones best first, then those without a score. */
  leaderboard(study: string): readonly LeaderboardRow[] {
    return this.#all(leaderboardColumns, () => this.sql.leaderboard.all(study));
  }

  /** Runs one reading SQL statement over the views; see query.ts. */
  query(sql: string, parameters: readonly QueryParameter[] = []): QueryResult {
    return runQuery(this.db, this.file, sql, parameters);
  }

  /** Names and columns of the documented views. */
  views(): readonly ViewDescription[] {
    return describeViews(this.db);
  }

  #all<T>(columns: RecordsOf<T>, read: () => readonly RawRow[]): readonly T[] {
    return decoded(this.file, () => read().map((row) => columns.record(row)));
  }

  #first<T>(columns: RecordsOf<T>, read: () => RawRow | undefined): T | undefined {
    return decoded(this.file, () => {
      const row = read();
      return row && columns.record(row);
    });
  }
}

/** As `explained`, and where JSON that is stored cannot be read. */
function decoded<T>(file: string, action: () => T): T {
  try {
    return explained(file, action);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !/malformed JSON/.test(String(error))) throw error;
    throw new ActivationSearchError('database', `${file} is damaged (${(error as Error).message}).`, {
      hint: `Restore a copy, or look at what can be read: ${commandText(['query'], file)}`,
      cause: error,
    });
  }
}

interface RecordsOf<T> {
  record(row: RawRow): T;
}
