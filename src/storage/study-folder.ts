import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where a study's log, its checkpoints and its list of running trials lie: beside the database, under the
 * study's name.
 */
export function studyFolder(database: string, study: string): string {
  return join(dirname(database), study);
}

/** Files and folders that a study makes there; plots and notes of a person are left alone. */
const runningTrials = 'running.json';
const made = ['log.ndjson', 'checkpoints', runningTrials];

/** What is in training, while it is: see running-trials.ts. */
export function runningTrialsFile(database: string, study: string): string {
  return join(studyFolder(database, study), runningTrials);
}

/** Lets the folder of a renamed study follow it, unless there is one of the new name. */
export function moveStudyFolder(database: string, name: string, newName: string): void {
  const [from, to] = [studyFolder(database, name), studyFolder(database, newName)];
  if (existsSync(from) && !existsSync(to)) renameSync(from, to);
}

/** Removes what a deleted study has made, and its folder where nothing else is left in it. */
export function removeStudyFolder(database: string, study: string): void {
  const folder = studyFolder(database, study);
  if (!existsSync(folder)) return;
  for (const name of made) rmSync(join(folder, name), { recursive: true, force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
