import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';
import { pageIndices } from './indices.ts';
import {
  leaderboardView7,
  mixedStudies9,
  testResultsView8,
  trialsView3,
  trialsView10,
  verdictViews5,
} from './later-views.ts';
import {
  meanTrainingLoss10,
  nullableEarlyStop2,
  tables1,
  testResults8,
  trialMetric3,
  verdicts5,
} from './schema.ts';
import { structureViews4 } from './structure-views.ts';
import { dropViews1, views1 } from './views.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * How version n comes from version n - 1, first to last. What is published never changes: its checksum
 * lies in every database. To change the schema, add a migration (it may drop and make views again)
 * and a golden file with scripts of test/storage/assets.
 */
export const migrations: readonly Migration[] = [
  { name: 'first schema', sql: `${tables1}${views1}` },
  { name: 'no early stop is valid for every SQLite', sql: `${dropViews1}${nullableEarlyStop2}${views1}` },
  { name: 'metrics of commands', sql: `${trialMetric3}${trialsView3}` },
  { name: 'slots and neighbors', sql: structureViews4 },
  { name: 'verdicts', sql: `${verdicts5}${verdictViews5}` },
  { name: 'indices of pages', sql: pageIndices },
  { name: 'clipped scores', sql: leaderboardView7 },
  { name: 'results on the test split', sql: `${testResults8}${testResultsView8}` },
  { name: 'studies of several arithmetics', sql: mixedStudies9 },
  { name: 'mean training losses', sql: `${meanTrainingLoss10}${trialsView10}` },
];

/** The version that this tool reads and writes. */
export const schemaVersion: number = migrations.length;

/** Marks a database as ours in the file's header: "acts". */
export const applicationId = 0x61637473;

/** SHA-256 of a migration's text, blanks and line ends made even. */
export function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql.replaceAll(/\s+/g, ' ').trim()).digest('hex');
}

/**
 * Refuses a database that is not ours, is newer than this tool, or whose migrations are not the ones it was
 * made by. Returns its version: 0 for an empty one. All of it is read at one instant: another process may be
 * making the database.
 */
export function checkVersion(db: Database, file: string): number {
  return db.transaction(() => examine(db, file)).deferred();
}

function examine(db: Database, file: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const application = db.pragma('application_id', { simple: true }) as number;
  const objects = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() as number;
  if (objects === 0 && version === 0 && application === 0) return 0;
  if (application !== applicationId) {
    throw new ActivationSearchError(
      'database',
      `${file} is an SQLite database, but not of activation-search.`,
      {
        hint: 'Give another file with --db.',
      },
    );
  }
  if (version > schemaVersion) {
    throw new ActivationSearchError(
      'database',
      `${file} is of version ${version}; this activation-search knows versions up to ${schemaVersion}.`,
      {
        hint: 'Use the newer activation-search that made it (git pull, then npm run setup), or another --db.',
      },
    );
  }
  checkMigrations(db, file, version);
  return version;
}

/** Brings a database to the newest version, each step in one transaction; two processes may try at once. */
export function migrate(db: Database, file: string): void {
  for (let version = 1; version <= schemaVersion; version++) {
    db.transaction(() => {
      if (checkVersion(db, file) >= version) return;
      const migration = migrations[version - 1] as Migration;
      if (version === 1) {
        db.pragma(`application_id = ${applicationId}`);
        db.exec(migrationTable);
      }
      db.exec(migration.sql);
      db.prepare('INSERT INTO migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)').run(
        version,
        migration.name,
        checksum(migration),
        new Date().toISOString(),
      );
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
}

const migrationTable = `
CREATE TABLE migration (
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  checksum   TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;
`;

function checkMigrations(db: Database, file: string, version: number): void {
  const known = db
    .prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'")
    .pluck()
    .get();
  const stored = known
    ? (db.prepare('SELECT checksum FROM migration ORDER BY version').pluck().all() as string[])
    : [];
  const same =
    stored.length === version &&
    stored.every((sum, index) => sum === checksum(migrations[index] as Migration));
  if (same) return;
  throw new ActivationSearchError(
    'database',
    `${file} is damaged: it says version ${version}, but its list of migrations is not that version's.`,
    {
      hint: 'Someone changed its schema by hand, or a development version made it. Restore a copy, or give another --db.',
    },
  );
}
