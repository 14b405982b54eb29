import { openDatabase } from '../../src/storage/database.ts';
import { Store } from '../../src/storage/store.ts';
import { sampleStudy, scored, state } from '../storage/samples.ts';

const candidates = 250_000;

/**
 * A database with one finished study, `million`, of 250,000 proposals and a million trials: 175,000 scored,
 * 25,000 diverged and 50,000 refused proposals, and five trials for each that was trained.
 */
export function writeMillionTrials(file: string): void {
  const store = Store.open(file);
  const { id } = store.createStudy(sampleStudy('million', { config: { candidates } }));
  const [relu, swish] = store.candidatesOf(id);
  if (!relu || !swish) throw new Error('baselines are missing');
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.2)]);
  store.completeBatch(id, state(0));
  store.finishStudy(id);
  store.close();
  const db = openDatabase(file);
  // One statement each: rows that go through the store take minutes.
  db.pragma('synchronous = OFF');
  db.exec(`
    BEGIN;
    INSERT INTO candidate (study_id, number, batch, tokens, expression, fingerprint, complexity, gated, status,
      rung, reason_code, reason, score, low, high, versus_relu)
    WITH RECURSIVE proposal (n, score) AS (
      SELECT 1, 0.5 UNION ALL
      SELECT n + 1, (n * 7919 % 100003) / 100003.0 - 0.5 FROM proposal WHERE n < ${candidates})
    SELECT ${id}, n, 1 + n / 100, '[0,0,1,2,3]', n || '*sin(x)/(1 + x^2)', 'f' || n, 3 + n % 7, n % 2,
      CASE WHEN n % 10 < 7 THEN 'complete' WHEN n % 10 = 7 THEN 'diverged' ELSE 'refused' END,
      CASE WHEN n % 10 < 8 THEN 1 END,
      CASE WHEN n % 10 >= 8 THEN 'affine' END,
      CASE WHEN n % 10 = 7 THEN 'loss is NaN at step 3' WHEN n % 10 > 7 THEN 'f is affine' END,
      CASE WHEN n % 10 < 7 THEN score END,
      CASE WHEN n % 10 < 7 THEN score - 0.1 END,
      CASE WHEN n % 10 < 7 THEN score + 0.1 END,
      CASE WHEN n % 10 < 7 THEN exp(-score) END
    FROM proposal;
    INSERT INTO trial (candidate_id, rung, child, seed, steps, activation, precision, time_limit, status, reason,
      steps_done, validation_accuracy, validation_loss, training_loss, seconds, attempts, stored_at)
    WITH seeds (seed) AS (VALUES (1), (2), (3), (4), (5))
    SELECT candidate.id, 1, 'tiny-synthetic', seed, 10, 'composed', 'float32', 60,
      candidate.status, candidate.reason, 10, 0.5, 0.5, 0.5, 0.1, 1, '2026-01-01T00:00:00.000Z'
    FROM candidate CROSS JOIN seeds WHERE candidate.rung = 1 AND candidate.number > 0;
    INSERT INTO curve (trial_id, step, training_loss)
    SELECT id, step, 1.0 / step FROM (SELECT id FROM trial ORDER BY id DESC LIMIT 10),
      (SELECT 5 AS step UNION ALL SELECT 10);
    UPDATE state SET batch = ${candidates} / 100 + 1, completed_batch = ${candidates} / 100 + 1;
    COMMIT;`);
  db.close();
}
