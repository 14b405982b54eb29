import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { openDatabase } from './database.ts';
import { explained } from './database-errors.ts';
import { copyDatabase } from './upkeep.ts';

/**
 * Copies studies of another database, which may be of an earlier version and written meanwhile, into a
 * database: those named, or all. Refuses names that the database has already, and copies nothing then.
 * Returns the names that were copied.
 */
export async function mergeStudies(
  file: string,
  from: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const folder = temporaryFolder();
  try {
    const copy = join(folder, 'source.db');
    await copyDatabase(from, copy);
    const chosen = chosenNames(copy, from, names);
    return copyStudies(file, copy, chosen);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'activation-search-'));
  } catch (cause) {
    throw new ActivationSearchError(
      'environment',
      `${tmpdir()} takes no temporary files: ${(cause as Error).message}.`,
      {
        hint: 'Name a folder that does, with room for a copy of the other database: TMPDIR=FOLDER',
        cause,
      },
    );
  }
}

function copyStudies(file: string, copy: string, chosen: readonly string[]): readonly string[] {
  const db = openDatabase(file);
  try {
    return explained(file, () => {
      db.prepare('ATTACH ? AS source').run(copy);
      return db
        .transaction(() => {
          refuseTaken(db, file, chosen);
          db.exec('INSERT OR IGNORE INTO main.arithmetic (facts) SELECT facts FROM source.arithmetic');
          for (const name of chosen) copyStudy(db, name);
          return chosen;
        })
        .immediate();
    });
  } finally {
    db.close();
  }
}

/** Those of the names that are to be copied; brings the copy of the other database to the newest version. */
function chosenNames(copy: string, from: string, names: readonly string[]): readonly string[] {
  const source = openDatabase(copy, { create: false });
  const known = namesOf(source);
  source.close();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || known.length === 0) {
    const what = unknown === undefined ? 'no study' : `no study "${unknown}"`;
    throw new ActivationSearchError('study', `${what} in ${from}.`, {
      hint: unknown !== undefined && known.length > 0 ? suggestion(unknown, known) : 'It holds no study yet.',
    });
  }
  return names.length > 0 ? [...new Set(names)] : known;
}

function refuseTaken(db: Database, file: string, chosen: readonly string[]): void {
  const taken = namesOf(db).find((name) => chosen.includes(name));
  if (taken === undefined) return;
  throw new ActivationSearchError('study', `${file} has a study "${taken}" already.`, {
    hint: 'Give one of the two another name first: npx activation-search study rename STUDY NEW',
  });
}

function namesOf(db: Database): readonly string[] {
  return db.prepare<unknown[], string>('SELECT name FROM main.study ORDER BY id').pluck().all();
}

/** Copies a study with all that belongs to it; ids are moved behind those that are there. */
function copyStudy(db: Database, name: string): void {
  const id = db.prepare('SELECT id FROM source.study WHERE name = ?').pluck().get(name) as number;
  const [study, candidate, trial] = ['study', 'candidate', 'trial'].map(
    (table) => db.prepare(`SELECT coalesce(max(id), 0) FROM main.${table}`).pluck().get() as number,
  );
  const ofStudy = `study_id = ${id}`;
  const ofCandidates = `candidate_id IN (SELECT id FROM source.candidate WHERE ${ofStudy})`;
  const ofTrials = `trial_id IN (SELECT id FROM source.trial WHERE ${ofCandidates})`;
  const toStudy = { study_id: `study_id + ${study}` };
  const toCandidate = { candidate_id: `candidate_id + ${candidate}` };
  copyRows(db, 'study', `id = ${id}`, {
    id: `id + ${study}`,
    // Who runs it, runs it in the other database.
    status: "CASE status WHEN 'running' THEN 'stopped' ELSE status END",
  });
  copyRows(db, 'state', ofStudy, toStudy);
  copyRows(db, 'primitive', ofStudy, toStudy);
  const ids = { id: `id + ${candidate}`, same_as: `same_as + ${candidate}` };
  copyRows(db, 'candidate', ofStudy, { ...ids, ...toStudy });
  copyRows(db, 'verdict', ofCandidates, toCandidate);
  copyRows(db, 'trial', ofCandidates, {
    id: `id + ${trial}`,
    ...toCandidate,
    arithmetic_id: `(SELECT own.id FROM main.arithmetic AS own JOIN source.arithmetic AS other USING (facts)
      WHERE other.id = arithmetic_id)`,
  });
  for (const table of ['curve', 'test_result']) {
    copyRows(db, table, ofTrials, { trial_id: `trial_id + ${trial}` });
  }
}

/** Copies rows of a table; `changed` has the columns that are not as they were, as SQL. */
function copyRows(
  db: Database,
  table: string,
  which: string,
  changed: Readonly<Record<string, string>>,
): void {
  const columns = db.prepare<unknown[], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const values = columns.map((column) => changed[column] ?? `"${column}"`);
  db.exec(`
    INSERT INTO main.${table} (${columns.map((column) => `"${column}"`).join(', ')})
    SELECT ${values.join(', ')} FROM source.${table} WHERE ${which} ORDER BY 1`);
}
