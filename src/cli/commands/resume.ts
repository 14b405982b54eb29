import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { contestKind } from '../../evaluation/contest-study.ts';
import {
  type Changes,
  changesOf,
  claimContinued,
  continuedPlan,
  refuseContradictions,
  refuseObjectives,
} from '../../search/continue-study.ts';
import { versionChanges } from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { type StudyPlan, searchPlan } from '../../search/study-plan.ts';
import { changeableSettings } from '../../search/study-settings.ts';
import { Store } from '../../storage/store.ts';
import { commandText } from '../../terminal/command-text.ts';
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
import { arithmeticOption, connectedFlags, connectOption } from '../study-runner.ts';
import { type Presentation, runSession } from '../study-session.ts';
import { continueConfirm } from './confirm.ts';

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
    .addOption(arithmeticOption())
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
    if (inFile) {
      const hint = `Go on without the file (${commandText(['resume', name], database)}), or start another study with it.`;
      refuseContradictions(stored, inFile.plan, { what: 'the file', place: { file: inFile.file }, hint });
    }
    const plan = continuedPlan(store, stored, changes);
    refuseObjectives(plan.config);
    for (const change of versionChanges(stored)) printNote(`note: ${change}`);
    await fetchMissingData(Object.values(plan.config.recipes), printNote);
    const study = claimContinued(store, stored, plan);
    if (contest === 'confirm') await continueConfirm(store, study, plan, presentation.json === true);
    else await runSession({ store, study, plan, resumed: true }, presentation);
  });
}

function comparisonAgain(name: string): ActivationSearchError {
  return new ActivationSearchError('study', `study "${name}" keeps the blocks of a comparison.`, {
    hint: 'Give the command compare again, with --budget: it counts all that is stored and goes on.',
  });
}
