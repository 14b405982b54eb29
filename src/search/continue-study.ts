import { chooseBackend } from '../activation/usual-backend.ts';
import { isObjective } from '../children/recipe.ts';
import { ActivationSearchError, type Place } from '../errors.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { refuseFolder } from '../storage/study-folder.ts';
import { hasFinals, Ladder } from '../study/ladder.ts';
import { isTrained } from '../study/statuses.ts';
import { durationText } from '../terminal/duration.ts';
import { noWorker } from '../trial/worker-kind.ts';
import { contradictionsWith } from './open-study.ts';
import { changedRecipes, differingRecipes } from './recipes.ts';
import { type StudyConfig, storedConfig } from './study-config.ts';
import { refuseOtherData } from './study-data.ts';
import { type StudyPlan, storedPlan } from './study-plan.ts';
import { changeableSettings, type StudySettings } from './study-settings.ts';

/** What may change from one sitting to the next. */
export type Changes = Partial<Pick<StudyConfig, 'workers' | 'candidates' | 'time' | 'stopAtTarget'>>;

/** Those of the settings that may change from one sitting to the next, as far as they were given. */
export function changesOf(settings: StudySettings, keys: readonly string[] = changeableSettings): Changes {
  return Object.fromEntries(
    changeableSettings
      .filter((key) => keys.includes(key) && settings[key] !== undefined)
      .map((key) => [key, settings[key]]),
  );
}

/** The plan with which a stored study goes on. Refuses changes that contradict what was done already. */
export function continuedPlan(store: Store, stored: StudyRecord, changes: Changes): StudyPlan {
  const before = storedPlan(stored);
  const plan = { ...before, config: { ...before.config, ...changes } };
  refuseChangedRecipes(plan.config, stored.name);
  refuseSpent(store, stored, changes);
  refuseAfterFinals(store, stored, plan.config);
  chooseBackend(plan.config.activation);
  return plan;
}

/** Holds a stored study for this process, and stores the limits of its new plan. */
export function claimContinued(store: Store, stored: StudyRecord, plan: StudyPlan): StudyRecord {
  refuseOtherData(stored, plan.config.recipes);
  refuseFolder(store.file, stored.name);
  const study = store.claimStudy(stored.name);
  store.setConfig(study.id, plan.config);
  return study;
}

/** Refuses a study that no worker can train, because a program asks for its trials. */
export function refuseObjectives({ recipes }: Pick<StudyConfig, 'recipes'>): void {
  const objective = Object.entries(recipes).find(([, recipe]) => isObjective(recipe));
  if (objective) throw noWorker(objective[0]);
}

/** Refuses a plan that contradicts a stored study; `whose` says where its settings come from. */
export function refuseContradictions(
  stored: StudyRecord,
  plan: StudyPlan,
  whose: { readonly what: string; readonly place?: Place; readonly hint: string },
): void {
  const keys = contradictionsWith(stored, plan);
  if (keys.length === 0) return;
  const [before, now] = [storedConfig(stored), plan.config];
  const show = (key: keyof StudyConfig): string => {
    if (key === 'recipes') return `children ${differingRecipes(before.recipes, now.recipes).join(', ')}`;
    const [then, given] = [before, now].map((config) => JSON.stringify(config[key]));
    return then === given
      ? `${key} (its primitives)`
      : `${key} (${then} in the study, ${given} in ${whose.what})`;
  };
  throw new ActivationSearchError(
    'config',
    `${whose.what} contradicts the study "${stored.name}" in: ${keys.map(show).join('; ')}.`,
    { hint: whose.hint, ...(whose.place ? { place: whose.place } : {}) },
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
  // The same time again only goes on: the last trainings may have run beyond it.
  if (time != null && time < seconds && time !== storedConfig(study).time) {
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
  const { batchHeight } = new Ladder(rungs);
  const proposed = store.candidatesOf(study.id).filter(({ kind }) => kind === 'proposed');
  const evaluated = proposed.filter(({ status }) => isTrained(status)).length;
  const before = storedConfig(study);
  const moreCandidates = candidates !== before.candidates && (candidates === null || candidates > evaluated);
  const isMore = moreCandidates || (before.stopAtTarget && !stopAtTarget);
  if (!isMore || !proposed.some(({ rung }) => (rung ?? 0) > batchHeight)) return;
  throw new ActivationSearchError(
    'study',
    `study "${study.name}" has begun its finals: the finalists were chosen from ${evaluated} candidates.`,
    {
      hint: `Start another study with --candidates ${candidates ?? 2 * evaluated} and --study NAME. With the same seed it begins with the same candidates.`,
    },
  );
}
