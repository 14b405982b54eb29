import type { Database, RunResult } from 'better-sqlite3';
import { resultFields } from '../study/candidate.ts';
import type { RawRow } from './columns.ts';
import { leaderboardColumns } from './leaderboard.ts';
import type { TestResult } from './records.ts';
import { candidateColumns, studyColumns, trialColumns, verdictColumns } from './tables.ts';

const selectStudy = `SELECT ${studyColumns.selected} FROM study JOIN state ON state.study_id = study.id
  LEFT JOIN holder ON holder.study_id = study.id`;
const selectCandidate = `SELECT ${candidateColumns.selected} FROM candidate`;
const selectTrial = `SELECT ${trialColumns.selected} FROM trial
  LEFT JOIN arithmetic ON arithmetic.id = trial.arithmetic_id`;

/** What the store does with a statement of better-sqlite3. */
interface PreparedStatement<Row = unknown> {
  all(...parameters: unknown[]): Row[];
  get(...parameters: unknown[]): Row | undefined;
  run(...parameters: unknown[]): RunResult;
}

/** Every statement of the store, prepared once for each connection. */
export function prepareStatements(db: Database) {
  const records = (sql: string): PreparedStatement<RawRow> => db.prepare<unknown[], RawRow>(sql).raw();
  const rows = <Row>(sql: string): PreparedStatement<Row> => db.prepare<unknown[], Row>(sql);
  const number = (sql: string): PreparedStatement<number> => db.prepare<unknown[], number>(sql).pluck();
  const texts = (sql: string): PreparedStatement<string> => db.prepare<unknown[], string>(sql).pluck();
  const change = (sql: string): PreparedStatement => db.prepare(sql);
  return {
    studyByName: records(`${selectStudy} WHERE study.name = ?`),
    studyById: records(`${selectStudy} WHERE study.id = ?`),
    studies: records(`${selectStudy} ORDER BY study.id`),
    addStudy: change(studyColumns.insert()),
    setConfig: change('UPDATE study SET config = @config WHERE id = @id'),
    setStudyStatus: change('UPDATE study SET status = @status, finished_at = @finishedAt WHERE id = @id'),
    addState: change(`
      INSERT INTO state (study_id, batch, completed_batch, controller, progress, seconds, updated_at)
      VALUES (@id, 0, @completedBatch, @controller, '{}', 0, @now)`),
    setState: change(`
      UPDATE state SET batch = @batch, completed_batch = @completedBatch, controller = @controller,
        seconds = @seconds, updated_at = @now
      WHERE study_id = @id`),
    setSeconds: change('UPDATE state SET seconds = @seconds, updated_at = @now WHERE study_id = @id'),
    batchOf: rows<{ batch: number; completedBatch: number }>(
      'SELECT batch, completed_batch AS completedBatch FROM state WHERE study_id = ?',
    ),

    setHolder: change(`
      INSERT OR REPLACE INTO holder (study_id, pid, host, started, heartbeat_at)
      VALUES (@id, @pid, @host, @started, @now)`),
    touchHolder: change(`
      UPDATE holder SET heartbeat_at = @now
      WHERE study_id = @id AND pid = @pid AND host = @host AND started = @started`),
    removeHolder: change('DELETE FROM holder WHERE study_id = ?'),

    addPrimitive: change(
      'INSERT INTO primitive (study_id, arity, position, name, formula) VALUES (?, ?, ?, ?, ?)',
    ),

    primitiveNames: texts('SELECT name FROM primitives WHERE study = ?'),
    slots: rows<{ candidate: number; primitive: string }>(
      'SELECT candidate, primitive FROM slots WHERE study = ?',
    ),

    addCandidate: change(candidateColumns.insert()),
    lastNumber: number('SELECT coalesce(max(max(number), 0), 0) FROM candidate WHERE study_id = ?'),
    owner: rows<{ id: number; status: string }>(
      'SELECT id, status FROM candidate WHERE study_id = ? AND number = ?',
    ),
    candidate: records(`${selectCandidate} WHERE id = ?`),
    candidates: records(`${selectCandidate} WHERE study_id = ? ORDER BY number > 0, abs(number)`),
    functions: rows<{ fingerprint: string; expression: string }>(
      "SELECT fingerprint, min(expression) AS expression FROM candidate WHERE status <> 'known' GROUP BY fingerprint",
    ),
    candidatesByFingerprint: records(
      `${selectCandidate} WHERE fingerprint = ? AND same_as IS NULL ORDER BY id`,
    ),
    setResult: change(`
      UPDATE candidate SET ${candidateColumns.assigned(resultFields)}
      WHERE id = @id AND study_id = @studyId AND status NOT IN ('refused', 'known')
        AND (rung <= @rung OR batch > (SELECT completed_batch FROM state WHERE study_id = @studyId))`),
    verdicts: records(`
      SELECT ${verdictColumns.selected} FROM verdict
      CROSS JOIN candidate ON candidate.id = verdict.candidate_id WHERE candidate.study_id = ?
      ORDER BY recommended DESC, "group" IS NULL, "group", lead DESC, candidate_id`),
    addVerdict: change(verdictColumns.insert()),
    removeVerdicts: change(
      'DELETE FROM verdict WHERE candidate_id IN (SELECT id FROM candidate WHERE study_id = ?)',
    ),
    setAgreement: change(
      'UPDATE state SET concordance = @concordance, seed_correlation = @seedCorrelation WHERE study_id = @id',
    ),
    waiting: number("SELECT count(*) FROM candidate WHERE study_id = ? AND batch = ? AND status = 'waiting'"),

    arithmetic: number('SELECT id FROM arithmetic WHERE facts = ?'),
    addArithmetic: change('INSERT INTO arithmetic (facts) VALUES (?)'),
    addTrial: change(trialColumns.insert(['arithmeticId', 'learnedValues'])),
    addTestResult: change('INSERT INTO test_result (trial_id, accuracy, loss) VALUES (?, ?, ?)'),
    testResultsOf: rows<TestResult>(`
      SELECT trial_id AS trialId, accuracy, loss
      FROM test_result JOIN trial ON trial.id = trial_id WHERE candidate_id = ? ORDER BY trial_id`),
    addCurvePoint: change('INSERT INTO curve (trial_id, step, training_loss) VALUES (?, ?, ?)'),
    trial: records(`${selectTrial} WHERE trial.id = ?`),
    trialsOf: records(
      `${selectTrial} WHERE trial.candidate_id = ? ORDER BY trial.child, trial.seed, trial.steps, trial.id`,
    ),
    trialsOfStudy: records(`
      ${selectTrial} JOIN candidate ON candidate.id = trial.candidate_id
      WHERE candidate.study_id = ? ORDER BY trial.candidate_id, trial.child, trial.seed, trial.steps, trial.id`),
    trialsUntil: number(`
      SELECT trial.id FROM trial JOIN candidate ON candidate.id = trial.candidate_id
      WHERE candidate.study_id = @studyId AND candidate.batch BETWEEN 1 AND @batch
        AND trial.rung <= candidate.rung AND trial.child = @child AND trial.seed = @seed AND trial.steps = @steps
      ORDER BY candidate.number`),
    curveOf: rows<{ step: number; trainingLoss: number | null }>(
      'SELECT step, training_loss AS trainingLoss FROM curve WHERE trial_id = ? ORDER BY step',
    ),
    isMixed: number('SELECT mixed FROM studies WHERE id = ?'),
    learnedOf: rows<{ learned: string | null; learned_values: Buffer | null }>(
      'SELECT learned, learned_values FROM trial WHERE id = ?',
    ),
    leaderboard: records(
      `SELECT ${leaderboardColumns.selected} FROM leaderboard WHERE study = ?
      ORDER BY rank IS NULL, rung DESC, recommended DESC, "group" IS NULL, "group", rank, id`,
    ),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
