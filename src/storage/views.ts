/** The view of learning curves, which depends on the table of trials. */
export const curvesView1 = `CREATE VIEW curves AS
SELECT
  study.name AS study,
  t.candidate_id AS candidate,
  curve.trial_id AS trial,
  t.child,
  t.seed,
  curve.step,
  curve.training_loss
FROM curve
JOIN trial AS t ON t.id = curve.trial_id
JOIN candidate AS c ON c.id = t.candidate_id
JOIN study ON study.id = c.study_id;`;

/** The view of studies; `further` are the columns that a later version has, each after a comma. */
export function studiesView(further = ''): string {
  return `CREATE VIEW studies AS
SELECT
  study.name,
  study.status,
  study.controller,
  study.seed,
  study.target,
  (SELECT count(*) FROM candidate AS c WHERE c.study_id = study.id AND c.number > 0) AS proposed,
  (SELECT count(*) FROM candidate AS c
    WHERE c.study_id = study.id AND c.number > 0 AND c.status = 'refused') AS refused,
  (SELECT count(*) FROM candidate AS c
    WHERE c.study_id = study.id AND c.number > 0 AND c.status = 'known') AS known,
  (SELECT count(*) FROM candidate AS c
    WHERE c.study_id = study.id AND c.number > 0 AND c.status = 'complete') AS complete,
  (SELECT count(*) FROM candidate AS c
    WHERE c.study_id = study.id AND c.number > 0
      AND c.status IN ('diverged', 'stopped-early', 'timed-out', 'crashed')) AS failed,
  (SELECT count(*) FROM trial JOIN candidate AS c ON c.id = trial.candidate_id
    WHERE c.study_id = study.id) AS trials,
  state.seconds,
  study.git_revision,
  holder.pid AS holder_pid,
  study.created_at,
  state.updated_at,
  study.finished_at,
  study.config,
  study.space,
  study.versions,
  study.id${further}
FROM study
JOIN state ON state.study_id = study.id
LEFT JOIN holder ON holder.study_id = study.id;`;
}

/**
 * The views of version 1: what people and programs read, described column by column in
 * docs/database.md. Plain SQL, so that sqlite3 and Datasette show the same.
 */
export const views1 = `
CREATE VIEW leaderboard AS
SELECT
  study.name AS study,
  CASE WHEN c.status = 'complete' THEN
    row_number() OVER (
      PARTITION BY study.name ORDER BY c.status <> 'complete', c.rung DESC, c.score DESC, c.versus_relu, c.complexity, c.id)
  END AS rank,
  c.id,
  c.name,
  CASE WHEN c.number < 0 THEN 'baseline' ELSE 'proposed' END AS kind,
  c.expression,
  c.rung,
  c.score,
  c.low,
  c.high,
  c.versus_relu,
  (SELECT count(*) FROM trial WHERE trial.candidate_id = c.id AND trial.rung <= c.rung) AS trials,
  (SELECT count(DISTINCT trial.seed) FROM trial WHERE trial.candidate_id = c.id AND trial.rung <= c.rung) AS seeds,
  c.complexity,
  c.gated,
  c.status,
  c.reason,
  CASE WHEN c.number > 0 THEN c.number ELSE
    (SELECT min(again.number) FROM candidate AS again WHERE again.same_as = c.id)
  END AS found,
  (c.number > 0) + (SELECT count(*) FROM candidate AS again WHERE again.same_as = c.id) AS proposals,
  c.target,
  c.fingerprint
FROM candidate AS c JOIN study ON study.id = c.study_id
WHERE c.status IN ('complete', 'diverged', 'stopped-early', 'timed-out', 'crashed');

CREATE VIEW candidates AS
SELECT
  study.name AS study,
  c.id,
  CASE WHEN c.number > 0 THEN c.number END AS number,
  CASE WHEN c.number < 0 THEN 'baseline' ELSE 'proposed' END AS kind,
  c.name,
  c.expression,
  c.status,
  c.reason_code,
  c.reason,
  c.same_as,
  coalesce(c.rung, owner.rung) AS rung,
  coalesce(c.score, owner.score) AS score,
  coalesce(c.low, owner.low) AS low,
  coalesce(c.high, owner.high) AS high,
  coalesce(c.versus_relu, owner.versus_relu) AS versus_relu,
  c.complexity,
  c.gated,
  c.target,
  c.batch,
  c.tokens,
  c.fingerprint
FROM candidate AS c
JOIN study ON study.id = c.study_id
LEFT JOIN candidate AS owner ON owner.id = c.same_as;

CREATE VIEW trials AS
SELECT
  study.name AS study,
  t.id,
  t.candidate_id AS candidate,
  c.name,
  c.expression,
  t.rung,
  t.child,
  t.seed,
  t.steps,
  t.status,
  t.reason,
  t.validation_accuracy,
  t.validation_loss,
  t.training_loss,
  t.seconds,
  t.steps_done,
  t.attempts,
  t.parameter_count,
  t.learned,
  t.weights_hash,
  t.activation,
  t.precision,
  t.time_limit,
  t.early_stop,
  a.facts AS arithmetic,
  t.stored_at
FROM trial AS t
JOIN candidate AS c ON c.id = t.candidate_id
JOIN study ON study.id = c.study_id
LEFT JOIN arithmetic AS a ON a.id = t.arithmetic_id;

${curvesView1}

CREATE VIEW primitives AS
SELECT study.name AS study, p.arity, p.position, p.name, p.formula
FROM primitive AS p JOIN study ON study.id = p.study_id;

${studiesView()}
`;

/** A table whose columns change can have no views. */
export const dropViews1 = `
DROP VIEW leaderboard;
DROP VIEW candidates;
DROP VIEW trials;
DROP VIEW curves;
DROP VIEW primitives;
DROP VIEW studies;
`;
