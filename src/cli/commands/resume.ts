import { Command } from 'commander';
import { chooseBackend } from '../../activation/usual-backend.ts';
import { ActivationSearchError } from '../../errors.ts';
import { contestKind } from '../../evaluation/contest-study.ts';
import { contradictionsWith, versionChanges } from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { changedRecipes, differingRecipes } from '../../search/recipes.ts';
import { type StudyConfig, storedConfig } from '../../search/study-config.ts';
import { refuseOtherData } from '../../search/study-data.ts';
import { type StudyPlan, searchPlan, storedPlan } from '../../search/study-plan.ts';
import { changeableSettings, type StudySettings } from '../../search/study-settings.ts';
import { Store, type StudyRecord } from '../../storage/store.ts';
import { hasFinals } from '../../study/ladder.ts';
import { isTrained } from '../../study/statuses.ts';
import { commandText } from '../../terminal/command-text.ts';
import { durationText } from '../../terminal/duration.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { printNote } from '../output.ts';
import { databaseFile, withStore } from '../store-access.ts';
import {
  addSettingFlags,
  type Flags,
  refuseKeptFlags,
  refuseRenamedFlags,
  settingsOf,
} from '../study-flags.ts';
import { connectedFlags, connectOption } from '../study-runner.ts';
import { type Presentation, runSession } from '../study-session.ts';
import { continueConfirm } from './confirm.ts';

/** What may change from one sitting to the next. */
export type Changes = Partial<Pick<StudyConfig, 'workers' | 'candidates' | 'time' | 'stopAtTarget'>>;

interface ResumeFlags extends Flags, Presentation {
  readonly connect?: string;
}

const unchanged = { candidates: 'as it is', time: 'as it is', workers: 'as it is' };

/** `resume STUDY [CONFIG.yaml]`. */
export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Goes on with a study after any end, exactly as if it had never been interrupted.')
    .argument('<study>', 'name of the study')
    .argument('[config]', 'a study file that must agree with the study; its limits are taken over');
  addSettingFlags(command, [...changeableSettings, 'db'], unchanged)
    .addOption(
      connectOption('let the workers of this server train: redis://HOST:PORT; --workers limits them'),
    )
    .option('--quiet', 'print the final leaderboard only')
    .option('--json', 'print one JSON object a line: study, trial, candidate, target, end')
    .addHelpText(
      'after',
      `
Candidates and time are those of the whole study, earlier sittings included. All other settings
stay what they are, because they decide the results.

Examples:
  npx activation-search resume quickstart
  npx activation-search resume quickstart --time 30m --workers 4`,
    )
    .action(resume);
  return refuseRenamedFlags(refuseKeptFlags(command));
}

async function resume(name: string, file: string | undefined, written: ResumeFlags): Promise<void> {
  const flags = await connectedFlags(written);
  const given = settingsOf(flags);
  const read = readSettings(file, given);
  const inFile = file === undefined ? undefined : { file, plan: searchPlan(read) };
  const changes = changesOf(read.settings, file === undefined ? Object.keys(given.whole) : undefined);
  await continueStudy(databaseFile(read.settings.db), name, changes, flags, inFile);
}

/** Those of the settings that may change from one sitting to the next, as far as they were given. */
export function changesOf(settings: StudySettings, keys: readonly string[] = changeableSettings): Changes {
  return Object.fromEntries(
    changeableSettings
      .filter((key) => keys.includes(key) && settings[key] !== undefined)
      .map((key) => [key, settings[key]]),
  );
}

/**
 * Goes on with a stored study. Refuses changes that contradict what was done already, and a study file that
 * contradicts the study.
 */
export async function continueStudy(
  database: string,
  name: string,
  changes: Changes,
  presentation: Presentation,
  inFile?: { readonly file: string; readonly plan: StudyPlan },
): Promise<void> {
  await withStore(Store.open(database, { create: false }), async (store) => {
    const stored = store.study(name);
    const contest = contestKind(stored);
    if (contest === 'compare') throw comparisonAgain(name);
    if (inFile) refuseContradictions(stored, inFile, database);
    const before = storedPlan(stored);
    const plan = { ...before, config: { ...before.config, ...changes } };
    refuseChangedRecipes(plan.config, name);
    refuseSpent(store, stored, changes);
    refuseAfterFinals(store, stored, plan.config);
    chooseBackend(plan.config.activation);
    for (const change of versionChanges(stored)) printNote(`note: ${change}`);
    await fetchMissingData(Object.values(plan.config.recipes), printNote);
    refuseOtherData(stored, plan.config.recipes);
    const study = store.claimStudy(name);
    store.setConfig(study.id, plan.config);
    if (contest === 'confirm') await continueConfirm(store, study, plan, presentation.json === true);
    else await runSession({ store, study, plan, resumed: true }, presentation);
  });
}

function comparisonAgain(name: string): ActivationSearchError {
  return new ActivationSearchError('study', `study "${name}" keeps the blocks of a comparison.`, {
    hint: 'Give the command compare again, with --budget: it counts all that is stored and goes on.',
  });
}

function refuseContradictions(
  stored: StudyRecord,
  { plan, file }: { readonly plan: StudyPlan; readonly file: string },
  database: string,
): void {
  const keys = contradictionsWith(stored, plan);
  if (keys.length === 0) return;
  const [before, now] = [storedConfig(stored), plan.config];
  const show = (key: keyof StudyConfig): string => {
    if (key === 'recipes') return `children ${differingRecipes(before.recipes, now.recipes).join(', ')}`;
    const [then, given] = [before, now].map((config) => JSON.stringify(config[key]));
    return then === given ? `${key} (its primitives)` : `${key} (${then} in the study, ${given} in the file)`;
  };
  throw new ActivationSearchError(
    'config',
    `the file contradicts the study "${stored.name}" in: ${keys.map(show).join('; ')}.`,
    {
      place: { file },
      hint: `Go on without the file (${commandText(['resume', stored.name], database)}), or start another study with it.`,
    },
  );
}

/**
 * A study keeps its recipes; that one was changed since is said, for the person may expect the new one to be
 * used.
 */
function refuseChangedRecipes(config: StudyConfig, name: string): void {
  const changes = changedRecipes(config);
  if (changes.length === 0) return;
  throw new ActivationSearchError(
    'config',
    `the study "${name}" was begun with other recipes than its children have now: ${changes.join(', ')}.`,
    {
      hint: 'Undo the change, or give the new recipe another name and start another study. A recipe whose file is gone is kept as the study has it.',
    },
  );
}

function refuseSpent(store: Store, study: StudyRecord, { candidates, time }: Changes): void {
  const evaluated = store
    .candidatesOf(study.id)
    .filter(({ kind, status }) => kind === 'proposed' && isTrained(status)).length;
  if (candidates != null && candidates < evaluated) {
    throw new ActivationSearchError(
      'config',
      `--candidates ${candidates}: the study has evaluated ${evaluated} already.`,
      {
        hint: `Give ${evaluated} or more: earlier candidates count.`,
      },
    );
  }
  const { seconds } = study;
  if (time != null && time < seconds) {
    const [given, used] = [time, seconds].map(durationText);
    throw new ActivationSearchError('config', `--time ${given}: the study has run for ${used} already.`, {
      hint: 'Give a longer time: earlier sittings count.',
    });
  }
}

/**
 * Finalists were chosen from all candidates, so adding candidates afterwards is refused. Finals that were
 * left may go on.
 */
function refuseAfterFinals(
  store: Store,
  study: StudyRecord,
  { rungs, candidates, stopAtTarget }: StudyConfig,
): void {
  if (!hasFinals(rungs)) return;
  const proposed = store.candidatesOf(study.id).filter(({ kind }) => kind === 'proposed');
  const evaluated = proposed.filter(({ status }) => isTrained(status)).length;
  const before = storedConfig(study);
  const moreCandidates = candidates !== before.candidates && (candidates === null || candidates > evaluated);
  const isMore = moreCandidates || (before.stopAtTarget && !stopAtTarget);
  if (!isMore || !proposed.some(({ rung }) => rung === rungs.length)) return;
  throw new ActivationSearchError(
    'study',
    `study "${study.name}" has begun its finals: the finalists were chosen from ${evaluated} candidates.`,
    {
      hint: `Start another study with --candidates ${candidates ?? 2 * evaluated} and --study NAME. With the same seed it begins with the same candidates.`,
    },
  );
}
