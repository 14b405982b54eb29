import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ActivationSearchError } from '../errors.ts';

/**
 * Where a study's log, its checkpoints and its list of running trials lie: beside the database, under the
 * study's name.
 */
export function studyFolder(database: string, study: string): string {
  return join(dirname(database), study);
}

/** Files and folders that a study makes there; plots and notes of a person are left alone. */
const runningTrials = 'running.json';
const log = 'log.ndjson';
const made = [log, 'checkpoints', runningTrials];

/** The study's log: its events, and what its workers said. */
export function studyLog(database: string, study: string): string {
  return join(studyFolder(database, study), log);
}

/** What is in training, while it is: see running-trials.ts. */
export function runningTrialsFile(database: string, study: string): string {
  return join(studyFolder(database, study), runningTrials);
}

/** Refuses a study whose folder cannot be made, or whose log could not be written there. Makes nothing. */
export function refuseFolder(database: string, study: string): void {
  const folder = studyFolder(database, study);
  const file = studyLog(database, study);
  const problem = problemOf(folder, 'isDirectory', 'a folder') ?? problemOf(file, 'isFile', 'a regular file');
  if (problem === undefined) return;
  throw new ActivationSearchError(
    'study',
    `the study "${study}" cannot have the folder ${folder}: ${problem}.`,
    {
      hint: 'Choose another name (--study NAME), another place for the database (--db FILE), or make room there.',
    },
  );
}

/** What is wrong with something of ours at a path; nothing where there is none yet. */
function problemOf(path: string, is: 'isDirectory' | 'isFile', kind: string): string | undefined {
  if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return `${path} is a link that leads nowhere`;
  if (!found[is]()) return `${path} is not ${kind}`;
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch {
    return `${path} is read-only`;
  }
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
