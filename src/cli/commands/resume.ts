import { Command, Option } from 'commander';
import { chooseBackend } from '../../activation/usual-backend.ts';
import { ActivationSearchError } from '../../errors.ts';
import { contradictionsWith, versionChanges } from '../../search/open-study.ts';
import { readStudy } from '../../search/read-study-file.ts';
import { changedRecipes, differingRecipes } from '../../search/recipes.ts';
import { resolveStudy, type StudyConfig, storedConfig } from '../../search/study-config.ts';
import { refuseOtherData } from '../../search/study-data.ts';
import { type StudyPlan, searchPlan, storedPlan } from '../../search/study-plan.ts';
import { Store, type StudyRecord } from '../../storage/store.ts';
import { hasFinals } from '../../study/ladder.ts';
import { isTrained } from '../../study/statuses.ts';
import { commandText } from '../../terminal/command-text.ts';
import { durationText } from '../../terminal/duration.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { duration, positiveInteger } from '../options.ts';
import { printNote } from '../output.ts';
import { databaseFile, databaseOption, withStore } from '../store-access.ts';
import { addRenamedFlags } from '../study-flags.ts';
import { type Presentation, runSession } from '../study-session.ts';

/** What may change from one sitting to the next. */
export type Changes = Partial<Pick<StudyConfig, 'workers' | 'candidates' | 'time' | 'stopAtTarget'>>;

interface ResumeFlags extends Presentation {
  readonly workers?: number;
  readonly candidates?: number;
  readonly time?: number;
  readonly stopAtTarget?: boolean;
  readonly db?: string;
}

/** Flags of `search` that a study keeps: asking for another one is refused with the reason, not as a misspelling. */
const keptFlags = [
  'space',
  'units',
  'controller',
  'child',
  'steps',
  'seeds',
  'seed',
  'batch',
  'score',
  'reflections',
];

/** `resume STUDY [CONFIG.yaml]`. */
export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Goes on with a study after any end, exactly as if it had never been interrupted.')
    .argument('<study>', 'name of the study')
    .argument('[config]', 'a study file that must agree with the study; its limits are taken over')
    .option('--workers <n>', 'worker processes', positiveInteger(1024))
    .option('--candidates <n>', 'candidates evaluated in all, earlier ones included', positiveInteger())
    .option('--time <time>', 'running time in all, earlier sittings included', duration)
    .option('--stop-at-target', 'end once the target is evaluated')
    .option('--no-stop-at-target', 'go on after the target')
    .addOption(databaseOption())
    .option('--quiet', 'print the final leaderboard only')
    .option('--json', 'print one JSON object a line: study, trial, candidate, target, end')
    .addHelpText(
      'after',
      `
Space, children, seeds, controller and score stay what they are: they decide the results.

Examples:
  npx activation-search resume quickstart
  npx activation-search resume quickstart --time 30m --workers 4`,
    )
    .action(resume);
  for (const flag of keptFlags) command.addOption(new Option(`--${flag} <value...>`).hideHelp());
  return addRenamedFlags(command);
}

async function resume(name: string, file: string | undefined, flags: ResumeFlags): Promise<void> {
  const kept = keptFlags.find((flag) => Object.hasOwn(flags, flag));
  if (kept !== undefined) {
    throw new ActivationSearchError('usage', `--${kept}: a study keeps what decides its results.`, {
      hint: `Go on without it (${commandText(['resume', name], databaseFile(flags.db))}), or start another study with it: --study NAME`,
    });
  }
  await continueStudy(databaseFile(flags.db), name, limitsOf(flags), flags, file);
}

/**
 * Goes on with a stored study. Refuses limits below what was done already, and a file that contradicts the study, naming
 * the keys.
 */
export async function continueStudy(
  database: string,
  name: string,
  changes: Changes,
  presentation: Presentation,
  file?: string,
): Promise<void> {
  await withStore(Store.open(database, { create: false }), async (store) => {
    const stored = store.study(name);
    const fromFile = file === undefined ? {} : limitsIn(file, stored, database);
    const plan = changed(storedPlan(stored), { ...fromFile, ...changes });
    refuseChangedRecipes(plan.config, name);
    refuseSpent(store, stored, { ...fromFile, ...changes });
    refuseAfterFinals(store, stored, plan.config);
    chooseBackend(plan.config.activation);
    for (const change of versionChanges(stored)) printNote(`note: ${change}`);
    await fetchMissingData(Object.values(plan.config.recipes), printNote);
    refuseOtherData(stored, plan.config.recipes);
    const study = store.claimStudy(name);
    store.setConfig(study.id, plan.config);
    await runSession({ store, study, plan, resumed: true }, presentation);
  });
}

/** Those of the limits that were given. */
export function limitsOf(given: { readonly [K in keyof Changes]: Changes[K] | undefined }): Changes {
  const { workers, candidates, time, stopAtTarget } = given;
  const limits = { workers, candidates, time, stopAtTarget };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function limitsIn(file: string, stored: StudyRecord, database: string): Changes {
  const { given, placeOf } = readStudy(file, {});
  const { config, space } = resolveStudy(given, placeOf);
  const keys = contradictionsWith(stored, searchPlan(config, space));
  if (keys.length > 0) {
    const before = storedPlan(stored).config;
    const show = (key: string): string => {
      if (key === 'recipes') return `children ${differingRecipes(before.recipes, config.recipes).join(', ')}`;
      const [then, now] = [before, config].map((one) => JSON.stringify(one[key as keyof StudyConfig]));
      return then === now ? `${key} (its primitives)` : `${key} (${then} in the study, ${now} in the file)`;
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
  return limitsOf(given);
}

/** A study keeps its recipes; that one was changed since is said, for the person may expect the new one to be used. */
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

/** Finalists were chosen from all candidates, so adding candidates afterwards is refused. Finals that were left may go on. */
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

function changed(plan: StudyPlan, changes: Changes): StudyPlan {
  return { ...plan, config: { ...plan.config, ...changes } };
}
