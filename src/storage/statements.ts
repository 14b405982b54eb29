import type { Database, Statement } from 'better-sqlite3';
import { type LeaderboardViewRow, leaderboardSql } from './leaderboard.ts';
import { type CandidateRow, type StudyRow, studyColumns, type TrialRow, trialColumns } from './rows.ts';

const candidateColumns = 'candidate.* FROM candidate';

/** Every statement of the store, prepared once for each connection. */
export function prepareStatements(db: Database) {
  const rows = <Row>(sql: string): Statement<unknown[], Row> => db.prepare<unknown[], Row>(sql);
  return {
    studyByName: rows<StudyRow>(`SELECT ${studyColumns} WHERE study.name = ?`),
    studyById: rows<StudyRow>(`SELECT ${studyColumns} WHERE study.id = ?`),
    studies: rows<StudyRow>(`SELECT ${studyColumns} ORDER BY study.id`),
    addStudy: db.prepare(`
      INSERT INTO study (name, status, seed, controller, target, config, space, versions, git_revision, created_at)
      VALUES (@name, 'running', @seed, @controller, @target, @config, @space, @versions, @gitRevision, @now)`),
    setConfig: db.prepare('UPDATE study SET config = @config WHERE id = @id'),
    setStudyStatus: db.prepare('UPDATE study SET status = @status, finished_at = @finishedAt WHERE id = @id'),
    addState: db.prepare(`
      INSERT INTO state (study_id, batch, completed_batch, controller, progress, seconds, updated_at)
      VALUES (@id, 0, @completedBatch, @controller, @progress, 0, @now)`),
    setState: db.prepare(`
      UPDATE state SET batch = @batch, completed_batch = @completedBatch, controller = @controller,
        progress = @progress, seconds = @seconds, updated_at = @now
      WHERE study_id = @id`),
    batchOf: rows<{ batch: number; completed_batch: number }>(
      'SELECT batch, completed_batch FROM state WHERE study_id = ?',
    ),

    holderOf: rows<Pick<StudyRow, 'pid' | 'host' | 'started' | 'heartbeat_at'>>(
      'SELECT pid, host, started, heartbeat_at FROM holder WHERE study_id = ?',
    ),
    setHolder: db.prepare(`
      INSERT OR REPLACE INTO holder (study_id, pid, host, started, heartbeat_at)
      VALUES (@id, @pid, @host, @started, @now)`),
    touchHolder: db.prepare(`
      UPDATE holder SET heartbeat_at = @now
      WHERE study_id = @id AND pid = @pid AND host = @host AND started = @started`),
    removeHolder: db.prepare('DELETE FROM holder WHERE study_id = ?'),

    addPrimitive: db.prepare(
      'INSERT INTO primitive (study_id, arity, position, name, formula) VALUES (?, ?, ?, ?, ?)',
    ),

    addCandidate: db.prepare(`
      INSERT INTO candidate (study_id, number, batch, name, tokens, expression, fingerprint, complexity, gated,
        target, status, reason_code, reason, same_as)
      VALUES (@studyId, @number, @batch, @name, @tokens, @expression, @fingerprint, @complexity, @gated,
        @target, @status, @reasonCode, @reason, @sameAs)`),
    lastNumber: db
      .prepare<unknown[], number>('SELECT coalesce(max(max(number), 0), 0) FROM candidate WHERE study_id = ?')
      .pluck(),
    owner: rows<{ id: number; status: string }>(
      'SELECT id, status FROM candidate WHERE study_id = ? AND number = ?',
    ),
    candidate: rows<CandidateRow>(`SELECT ${candidateColumns} WHERE id = ?`),
    candidates: rows<CandidateRow>(
      `SELECT ${candidateColumns} WHERE study_id = ? ORDER BY number > 0, abs(number)`,
    ),
    candidatesOfBatch: rows<CandidateRow>(
      `SELECT ${candidateColumns} WHERE study_id = ? AND batch = ? ORDER BY abs(number)`,
    ),
    functions: rows<{ fingerprint: string; expression: string }>(
      "SELECT fingerprint, min(expression) AS expression FROM candidate WHERE status <> 'known' GROUP BY fingerprint",
    ),
    candidatesByFingerprint: rows<CandidateRow>(
      `SELECT ${candidateColumns} WHERE fingerprint = ? AND same_as IS NULL ORDER BY id`,
    ),
    setResult: db.prepare(`
      UPDATE candidate SET status = @status, rung = @rung, reason = @reason, score = @score, low = @low, high = @high,
        versus_relu = @versusRelu
      WHERE id = @id AND study_id = @studyId AND status NOT IN ('refused', 'known')
        AND (rung < @rung OR batch > (SELECT completed_batch FROM state WHERE study_id = @studyId))`),
    setProgress: db.prepare(
      'UPDATE state SET progress = @progress, seconds = @seconds, updated_at = @now WHERE study_id = @id',
    ),
    waiting: db
      .prepare<unknown[], number>(
        "SELECT count(*) FROM candidate WHERE study_id = ? AND batch = ? AND status = 'waiting'",
      )
      .pluck(),

    arithmetic: db.prepare<unknown[], number>('SELECT id FROM arithmetic WHERE facts = ?').pluck(),
    addArithmetic: db.prepare('INSERT INTO arithmetic (facts) VALUES (?)'),
    addTrial: db.prepare(`
      INSERT INTO trial (candidate_id, rung, child, seed, steps, activation, precision, time_limit, early_stop, status, reason,
        steps_done, validation_accuracy, validation_loss, training_loss, parameter_count, weights_hash,
        learned, learned_values, arithmetic_id, seconds, attempts, stored_at)
      VALUES (@candidateId, @rung, @child, @seed, @steps, @activation, @precision, @timeLimit, @earlyStop, @status, @reason,
        @stepsDone, @validationAccuracy, @validationLoss, @trainingLoss, @parameterCount, @weightsHash,
        @learned, @learnedValues, @arithmeticId, @seconds, @attempts, @now)`),
    addCurvePoint: db.prepare('INSERT INTO curve (trial_id, step, training_loss) VALUES (?, ?, ?)'),
    trial: rows<TrialRow>(`SELECT ${trialColumns} WHERE trial.id = ?`),
    trialsOf: rows<TrialRow>(
      `SELECT ${trialColumns} WHERE trial.candidate_id = ? ORDER BY trial.child, trial.seed, trial.steps`,
    ),
    trialsOfStudy: rows<TrialRow>(`
      SELECT ${trialColumns} JOIN candidate ON candidate.id = trial.candidate_id
      WHERE candidate.study_id = ? ORDER BY trial.candidate_id, trial.child, trial.seed, trial.steps`),
    trialsUntil: db
      .prepare<unknown[], number>(`
        SELECT trial.id FROM trial JOIN candidate ON candidate.id = trial.candidate_id
        WHERE candidate.study_id = @studyId AND candidate.batch BETWEEN 1 AND @batch
          AND trial.rung <= candidate.rung AND trial.child = @child AND trial.seed = @seed AND trial.steps = @steps
        ORDER BY candidate.number`)
      .pluck(),
    curveOf: rows<{ step: number; trainingLoss: number | null }>(
      'SELECT step, training_loss AS trainingLoss FROM curve WHERE trial_id = ? ORDER BY step',
    ),
    learnedOf: rows<{ learned: string | null; learned_values: Buffer | null }>(
      'SELECT learned, learned_values FROM trial WHERE id = ?',
    ),
    leaderboard: rows<LeaderboardViewRow>(leaderboardSql),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
