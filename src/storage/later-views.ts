import { trialsWithin9 } from './schema.ts';
import { curvesView1, studiesView } from './views.ts';

/** What version 5 adds to the view of studies. */
const agreement5 = `,
  state.concordance,
  state.seed_correlation`;

/** The view of trials; `further` are columns that later versions add. */
function trialsView(further = ''): string {
  return `CREATE VIEW trials AS
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
  t.metric,
  t.training_loss,${further}
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
LEFT JOIN arithmetic AS a ON a.id = t.arithmetic_id;`;
}

/** The view of version 3, with the metric that a command names. */
export const trialsView3: string = `
DROP VIEW trials;
${trialsView()}
`;

/** The views of version 5, with verdicts. */
export const verdictViews5 = `
DROP VIEW leaderboard;
DROP VIEW studies;
${leaderboard("IN ('log-error-ratio', 'log-loss-ratio')")}

${studiesView(agreement5)}
`;

const clippedKind7 = "= 'log-error-ratio'";

/** The view of version 7: only scores of kinds that exist are clipped. */
export const leaderboardView7: string = `
DROP VIEW leaderboard;
${leaderboard(clippedKind7)}
`;

/** The view of version 8: trials that were measured on the test split. */
export const testResultsView8 = `
CREATE VIEW test_results AS
SELECT
  study.name AS study,
  t.candidate_id AS candidate,
  c.name,
  c.expression,
  t.id AS trial,
  t.child,
  t.seed,
  t.steps,
  r.accuracy AS test_accuracy,
  r.loss AS test_loss
FROM test_result AS r
JOIN trial AS t ON t.id = r.trial_id
JOIN candidate AS c ON c.id = t.candidate_id
JOIN study ON study.id = c.study_id;
`;

/**
 * Whether the trials of a study were trained in several arithmetics: then ReLU has one in each on a block.
 */
const mixed = `,
  EXISTS (
    SELECT 1 FROM candidate AS relu JOIN trial ON trial.candidate_id = relu.id
    WHERE relu.study_id = study.id AND relu.number = -1
    GROUP BY trial.child, trial.seed, trial.steps HAVING count(DISTINCT trial.arithmetic_id) > 1
  ) AS mixed`;

/**
 * Version 9: a candidate may have one trial in each arithmetic. The views of trials must be gone meanwhile.
 */
export const mixedStudies9: string = `
DROP VIEW leaderboard;
DROP VIEW studies;
DROP VIEW trials;
DROP VIEW curves;
DROP VIEW test_results;
${trialsWithin9}
${trialsView()}
${curvesView1}
${testResultsView8}
${studiesView(`${agreement5}${mixed}`)}
${leaderboard(clippedKind7, mixed)}
`;

/** The view of version 10, with the mean of all training losses. */
export const trialsView10: string = `
DROP VIEW trials;
${trialsView('\n  t.mean_training_loss,')}
`;

/** `isClippedKind` is the condition on the kind of score, of which it is the end. */
function leaderboard(isClippedKind: string, further = ''): string {
  return `CREATE VIEW leaderboard AS
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
  c.fingerprint,
  coalesce(v.verdict, 'undecided') AS verdict,
  v."group",
  coalesce(v.blocks, 0) AS blocks,
  coalesce(v.failed_blocks, 0) AS failed_blocks,
  v.lead,
  v.lead_low,
  v.lead_high,
  coalesce(v.recommended, 0) AS recommended,
  coalesce(abs(c.score) >= json_extract(study.config, '$.score.clip')
    AND json_extract(study.config, '$.score.kind') ${isClippedKind}, 0) AS clipped${further}
FROM candidate AS c
JOIN study ON study.id = c.study_id
LEFT JOIN verdict AS v ON v.candidate_id = c.id
WHERE c.status IN ('complete', 'diverged', 'stopped-early', 'timed-out', 'crashed');`;
}
