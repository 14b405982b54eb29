/**
 * Tables of version 1. STRICT throughout; numbers that are not finite are NULL beside a status and a
 * reason. What changes often (state, holder) lies apart from what is large and never changes, because
 * SQLite rewrites whole rows.
 */
export const tables1 = `
CREATE TABLE study (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE CHECK (name <> ''),
  status       TEXT NOT NULL CHECK (status IN ('running', 'stopped', 'finished')),
  seed         INTEGER NOT NULL,
  controller   TEXT NOT NULL,
  target       TEXT,
  config       TEXT NOT NULL CHECK (json_valid(config)),
  space        TEXT NOT NULL CHECK (json_valid(space)),
  versions     TEXT NOT NULL CHECK (json_valid(versions)),
  git_revision TEXT,
  created_at   TEXT NOT NULL,
  finished_at  TEXT
) STRICT;

CREATE TABLE state (
  study_id        INTEGER PRIMARY KEY REFERENCES study (id) ON DELETE CASCADE,
  batch           INTEGER NOT NULL,
  completed_batch INTEGER NOT NULL CHECK (completed_batch BETWEEN -1 AND batch),
  controller      TEXT NOT NULL,
  progress        TEXT NOT NULL,
  seconds         REAL NOT NULL,
  updated_at      TEXT NOT NULL
) STRICT;

CREATE TABLE holder (
  study_id     INTEGER PRIMARY KEY REFERENCES study (id) ON DELETE CASCADE,
  pid          INTEGER NOT NULL,
  host         TEXT NOT NULL,
  started      TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL
) STRICT;

CREATE TABLE primitive (
  study_id INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
  arity    INTEGER NOT NULL CHECK (arity IN (1, 2)),
  position INTEGER NOT NULL,
  name     TEXT NOT NULL,
  formula  TEXT NOT NULL,
  PRIMARY KEY (study_id, arity, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE candidate (
  id          INTEGER PRIMARY KEY,
  study_id    INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL CHECK (number <> 0),
  batch       INTEGER NOT NULL,
  name        TEXT,
  tokens      TEXT,
  expression  TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  complexity  INTEGER NOT NULL,
  gated       INTEGER NOT NULL CHECK (gated IN (0, 1)),
  target      TEXT CHECK (target IN ('equal', 'equal-at-1')),
  status      TEXT NOT NULL CHECK (status IN
                ('waiting', 'refused', 'known', 'complete', 'diverged', 'stopped-early', 'timed-out', 'crashed')),
  rung        INTEGER CHECK (rung >= 1),
  reason_code TEXT,
  reason      TEXT,
  same_as     INTEGER REFERENCES candidate (id),
  score       REAL,
  low         REAL,
  high        REAL,
  versus_relu REAL,
  UNIQUE (study_id, number),
  CHECK ((status = 'complete') = (score IS NOT NULL)),
  CHECK ((status IN ('waiting', 'refused', 'known')) = (rung IS NULL)),
  CHECK ((status = 'known') = (same_as IS NOT NULL)),
  CHECK ((number < 0) = (batch = 0))
) STRICT;
CREATE INDEX candidate_same_as ON candidate (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX candidate_batch ON candidate (study_id, batch);

CREATE TABLE arithmetic (
  id    INTEGER PRIMARY KEY,
  facts TEXT NOT NULL UNIQUE CHECK (json_valid(facts))
) STRICT;

CREATE TABLE trial (
  id                  INTEGER PRIMARY KEY,
  candidate_id        INTEGER NOT NULL REFERENCES candidate (id) ON DELETE CASCADE,
  rung                INTEGER NOT NULL CHECK (rung >= 1),
  child               TEXT NOT NULL,
  seed                INTEGER NOT NULL,
  steps               INTEGER NOT NULL,
  activation          TEXT NOT NULL,
  precision           TEXT NOT NULL,
  time_limit          REAL NOT NULL,
  early_stop          TEXT CHECK (json_valid(early_stop)),
  status              TEXT NOT NULL CHECK (status IN
                        ('complete', 'diverged', 'stopped-early', 'timed-out', 'crashed')),
  reason              TEXT,
  steps_done          INTEGER NOT NULL,
  validation_accuracy REAL,
  validation_loss     REAL,
  training_loss       REAL,
  parameter_count     INTEGER,
  weights_hash        TEXT,
  learned             TEXT,
  learned_values      BLOB,
  arithmetic_id       INTEGER REFERENCES arithmetic (id),
  seconds             REAL NOT NULL,
  attempts            INTEGER NOT NULL,
  stored_at           TEXT NOT NULL,
  UNIQUE (candidate_id, child, seed, steps, activation, precision),
  CHECK (status = 'complete' OR reason IS NOT NULL)
) STRICT;

CREATE TABLE curve (
  trial_id      INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
  step          INTEGER NOT NULL,
  training_loss REAL,
  PRIMARY KEY (trial_id, step)
) STRICT, WITHOUT ROWID;
`;

/**
 * Before version 3.45 SQLite's json_valid(NULL) was 0, so its integrity check called every trial without
 * early stop damaged. A column's check cannot be changed, only the column replaced; the views must be gone
 * meanwhile.
 */
export const nullableEarlyStop2 = `
ALTER TABLE trial ADD COLUMN early_rules TEXT CHECK (early_rules IS NULL OR json_valid(early_rules));
UPDATE trial SET early_rules = early_stop;
ALTER TABLE trial DROP COLUMN early_stop;
ALTER TABLE trial RENAME COLUMN early_rules TO early_stop;
`;

/** Version 3: what a trial of a command was judged by. */
export const trialMetric3 = 'ALTER TABLE trial ADD COLUMN metric REAL;';

/** Version 5: what a study's verdicts say of its candidates, and its blocks of its children and seeds. */
export const verdicts5 = `
CREATE TABLE verdict (
  candidate_id  INTEGER PRIMARY KEY REFERENCES candidate (id) ON DELETE CASCADE,
  verdict       TEXT NOT NULL CHECK (verdict IN ('ahead', 'equal', 'behind', 'undecided')),
  "group"       INTEGER CHECK ("group" >= 1),
  blocks        INTEGER NOT NULL,
  failed_blocks INTEGER NOT NULL,
  lead          REAL,
  lead_low      REAL,
  lead_high     REAL,
  recommended   INTEGER NOT NULL CHECK (recommended IN (0, 1))
) STRICT;
ALTER TABLE state ADD COLUMN concordance REAL;
ALTER TABLE state ADD COLUMN seed_correlation REAL;
`;

/** Version 8: what the test split said of trials, apart from all that a search reads. */
export const testResults8 = `
CREATE TABLE test_result (
  trial_id INTEGER PRIMARY KEY REFERENCES trial (id) ON DELETE CASCADE,
  accuracy REAL NOT NULL,
  loss     REAL
) STRICT;
`;

/**
 * Version 9: what tells the trials of a candidate apart is their arithmetic too. A constraint cannot be
 * changed, only the table replaced, and with it the tables that refer to it.
 */
export const trialsWithin9 = `
CREATE TABLE trial_9 (
  id                  INTEGER PRIMARY KEY,
  candidate_id        INTEGER NOT NULL REFERENCES candidate (id) ON DELETE CASCADE,
  rung                INTEGER NOT NULL CHECK (rung >= 1),
  child               TEXT NOT NULL,
  seed                INTEGER NOT NULL,
  steps               INTEGER NOT NULL,
  activation          TEXT NOT NULL,
  precision           TEXT NOT NULL,
  time_limit          REAL NOT NULL,
  early_stop          TEXT CHECK (early_stop IS NULL OR json_valid(early_stop)),
  status              TEXT NOT NULL CHECK (status IN
                        ('complete', 'diverged', 'stopped-early', 'timed-out', 'crashed')),
  reason              TEXT,
  steps_done          INTEGER NOT NULL,
  validation_accuracy REAL,
  validation_loss     REAL,
  metric              REAL,
  training_loss       REAL,
  parameter_count     INTEGER,
  weights_hash        TEXT,
  learned             TEXT,
  learned_values      BLOB,
  arithmetic_id       INTEGER REFERENCES arithmetic (id),
  seconds             REAL NOT NULL,
  attempts            INTEGER NOT NULL,
  stored_at           TEXT NOT NULL,
  CHECK (status = 'complete' OR reason IS NOT NULL)
) STRICT;
CREATE TABLE curve_9 (
  trial_id      INTEGER NOT NULL REFERENCES trial_9 (id) ON DELETE CASCADE,
  step          INTEGER NOT NULL,
  training_loss REAL,
  PRIMARY KEY (trial_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE test_result_9 (
  trial_id INTEGER PRIMARY KEY REFERENCES trial_9 (id) ON DELETE CASCADE,
  accuracy REAL NOT NULL,
  loss     REAL
) STRICT;
INSERT INTO trial_9 SELECT
  id, candidate_id, rung, child, seed, steps, activation, precision, time_limit, early_stop, status, reason, steps_done,
  validation_accuracy, validation_loss, metric, training_loss, parameter_count, weights_hash, learned, learned_values,
  arithmetic_id, seconds, attempts, stored_at
FROM trial;
INSERT INTO curve_9 SELECT trial_id, step, training_loss FROM curve;
INSERT INTO test_result_9 SELECT trial_id, accuracy, loss FROM test_result;
DROP TABLE test_result;
DROP TABLE curve;
DROP TABLE trial;
ALTER TABLE trial_9 RENAME TO trial;
ALTER TABLE curve_9 RENAME TO curve;
ALTER TABLE test_result_9 RENAME TO test_result;
CREATE UNIQUE INDEX trial_once ON trial
  (candidate_id, child, seed, steps, activation, precision, coalesce(arithmetic_id, 0));
`;

/** Version 10: the mean of all training losses, for earlier trials from their curves. */
export const meanTrainingLoss10 = `
ALTER TABLE trial ADD COLUMN mean_training_loss REAL;
UPDATE trial SET mean_training_loss = (
  SELECT CASE WHEN count(*) = count(training_loss) THEN sum(training_loss * (step - previous)) / max(step) END
  FROM (
    SELECT training_loss, step, coalesce(lag(step) OVER (ORDER BY step), 0) AS previous
    FROM curve WHERE trial_id = trial.id
  )
) WHERE status = 'complete';
`;
