/* All trainings of one study, as the tables of whole studies have them. When each was stored is told of studies
   that ran through: after a pause it says nothing of the time that a study takes. */
SELECT s.seed AS study_seed, c.number, t.expression, c.kind, t.rung, t.child, t.seed, t.steps,
  t.status, t.steps_done, t.validation_accuracy, round(t.validation_loss, 6) AS validation_loss,
  round(t.training_loss, 6) AS training_loss, round(t.mean_training_loss, 6) AS mean_training_loss,
  round(t.seconds, 2) AS seconds,
  CASE WHEN (julianday(s.finished_at) - julianday(s.created_at)) * 86400 - s.seconds < 60
    THEN CAST(round((julianday(t.stored_at) - julianday(s.created_at)) * 86400) AS INTEGER) END AS stored
FROM trials AS t JOIN candidates AS c ON c.id = t.candidate JOIN studies AS s ON s.name = t.study
WHERE s.name = ?
ORDER BY t.id
