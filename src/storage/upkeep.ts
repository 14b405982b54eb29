import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { openDatabase } from './database.ts';
import { explainDatabaseError, explained } from './database-errors.ts';
import { heldBy, isAlive } from './holder.ts';
import type { Holder } from './records.ts';

/** Gives a study another name. Refuses one that a process runs, and a name that is taken. */
export function renameStudy(file: string, name: string, newName: string): void {
  change(file, (db) => {
    const id = idleStudy(db, file, name);
    if (db.prepare('SELECT 1 FROM study WHERE name = ?').get(newName)) {
      throw new ActivationSearchError('study', `there is a study "${newName}" already.`, {
        hint: 'Choose another name.',
      });
    }
    db.prepare('UPDATE study SET name = ? WHERE id = ?').run(newName, id);
  });
}

/** Deletes a study with all its candidates, trials and curves. Refuses one that a process runs. */
export function deleteStudy(file: string, name: string): void {
  change(file, (db) => {
    db.prepare('DELETE FROM study WHERE id = ?').run(idleStudy(db, file, name));
  });
}

/** Rows whose study, candidate or trial is gone: what a DELETE without foreign keys leaves behind. */
const orphans = [
  ...['state', 'holder', 'primitive', 'candidate'].map(
    (table) => `DELETE FROM ${table} WHERE study_id NOT IN (SELECT id FROM study)`,
  ),
  'DELETE FROM candidate WHERE same_as NOT IN (SELECT id FROM candidate)',
  ...['trial', 'verdict'].map(
    (table) => `DELETE FROM ${table} WHERE candidate_id NOT IN (SELECT id FROM candidate)`,
  ),
  ...['curve', 'test_result'].map(
    (table) => `DELETE FROM ${table} WHERE trial_id NOT IN (SELECT id FROM trial)`,
  ),
];

/** Deletes what a deletion by hand, without foreign keys, has left behind. Returns whether there was any. */
export function deleteOrphans(file: string): boolean {
  return change(file, (db) => {
    const found = (db.pragma('foreign_key_check') as readonly unknown[]).length > 0;
    for (const statement of orphans) db.exec(statement);
    return found;
  });
}

/**
 * Copies a whole database, while others may write it: the copy is the state of one instant. Refuses a target
 * that exists.
 */
export async function copyDatabase(file: string, target: string): Promise<void> {
  if (existsSync(target)) {
    throw new ActivationSearchError('database', `${target} exists already.`, {
      hint: 'Name a file that does not exist.',
    });
  }
  if (!existsSync(dirname(target))) {
    throw new ActivationSearchError('database', `${target} cannot be written: there is no such folder.`, {
      hint: 'Name a file in a folder that exists.',
    });
  }
  const db = openDatabase(file, { readonly: true });
  try {
    // All pages in one step: otherwise every write of a search that runs would start the copy again.
    await db.backup(target, { progress: () => 2 ** 31 - 1 });
  } catch (error) {
    throw explainDatabaseError(error, target);
  } finally {
    db.close();
  }
}

function change<T>(file: string, action: (db: Database) => T): T {
  const db = openDatabase(file, { create: false });
  try {
    return explained(file, () => db.transaction(() => action(db)).immediate());
  } finally {
    db.close();
  }
}

/** The id of a study that no process runs. */
function idleStudy(db: Database, file: string, name: string): number {
  const id = db.prepare('SELECT id FROM study WHERE name = ?').pluck().get(name) as number | undefined;
  if (id === undefined) {
    const names = db.prepare('SELECT name FROM study ORDER BY id').pluck().all() as string[];
    throw new ActivationSearchError('study', `no study "${name}" in ${file}.`, {
      hint: names.length > 0 ? suggestion(name, names) : 'It holds no study yet.',
    });
  }
  const holder = db
    .prepare('SELECT pid, host, started, heartbeat_at AS heartbeatAt FROM holder WHERE study_id = ?')
    .get(id) as Holder | undefined;
  if (holder && isAlive(holder)) throw heldBy(name, holder, file);
  return id;
}
