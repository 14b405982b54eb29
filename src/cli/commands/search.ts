import { basename, extname } from 'node:path';
import { Command } from 'commander';
import { slowerNotice } from '../../activation/usual-backend.ts';
import { isRecipeFile } from '../../children/load.ts';
import { changesOf, refuseObjectives } from '../../search/continue-study.ts';
import {
  createStudy,
  freeStudyName,
  type NewName,
  refuseTakenName,
  unfinishedStudy,
} from '../../search/open-study.ts';
import { readSettings } from '../../search/read-settings.ts';
import { settingsSchema } from '../../search/settings-reference.ts';
import { type StudyPlan, searchPlan } from '../../search/study-plan.ts';
import { requireUsable } from '../../search-space/usable.ts';
import { isYamlFile } from '../../shipped-files.ts';
import { Store } from '../../storage/store.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { printDryRun } from '../dry-run.ts';
import { printJson, printNote } from '../output.ts';
import { databaseFile, withStore } from '../store-access.ts';
import { addSettingFlags, type Flags, refuseRenamedFlags, settingsOf } from '../study-flags.ts';
import { arithmeticOption, connectedFlags, connectOption } from '../study-runner.ts';
import { type Presentation, runSession } from '../study-session.ts';
import { continueStudy } from './resume.ts';

interface SearchFlags extends Flags, Presentation {
  readonly child?: readonly string[];
  readonly continue?: boolean;
  readonly schema?: boolean;
  readonly dryRun?: boolean;
  readonly connect?: string;
}

/** `search [CONFIG.yaml]`. */
export function searchCommand(): Command {
  const command = new Command('search')
    .description('Starts a study: proposes candidates, trains them on the children, ranks them.')
    .argument('[config]', 'study file (YAML); flags win over it');
  return refuseRenamedFlags(addSettingFlags(command))
    .option(
      '--continue',
      'go on with the newest unfinished study of this name and configuration, if there is one',
    )
    .addOption(
      connectOption('let the workers of this server train: redis://HOST:PORT; --workers limits them'),
    )
    .addOption(arithmeticOption())
    .option('--quiet', 'print the final leaderboard only')
    .option('--json', 'print one JSON object a line: study, trial, candidate, target, end')
    .option('--dry-run', 'say what would be trained and how long it would take here; write nothing')
    .option('--schema', 'print the JSON Schema of study files and do nothing else')
    .addHelpText(
      'after',
      `
Without a study file and flags: the one-unit paper space at random on both default children for 10 minutes.
Ctrl-C once finishes what runs and stops, twice stops at once; "resume STUDY" goes on.

Examples:
  npx activation-search search runs/quickstart.yaml
  npx activation-search search --space small --child tiny-synthetic --candidates 50 --study first-try
  npx activation-search search runs/quickstart.yaml --dry-run
  npx activation-search search --controller exhaustive --time 8h --workers 4 --study everything`,
    )
    .action(search);
}

async function search(named: string | undefined, written: SearchFlags): Promise<void> {
  const { file, flags: given } = fileAmongChildren(named, written);
  if (given.schema) {
    printJson(settingsSchema());
    return;
  }
  const flags = await connectedFlags(given);
  const read = readSettings(file, settingsOf(flags));
  const plan = searchPlan(read);
  requireUsable(plan.space);
  refuseObjectives(plan.config);
  for (const line of [slowerNotice(read.settings.activation), randomNotice(plan)]) {
    if (line !== undefined) printNote(line);
  }
  const database = databaseFile(read.settings.db);
  const name = read.settings.study ?? nameOfFile(file);
  if (flags.dryRun) {
    if (name !== undefined && !flags.continue) refuseTakenName(database, name);
    await printDryRun(name ?? freeStudyName(database, 'study'), plan, flags.json === true);
  } else if (name === undefined) await startStudy(database, { firstFreeOf: 'study' }, plan, flags);
  else if (flags.continue) {
    const unfinished = unfinishedStudy(database, name, plan);
    if (unfinished === undefined) await startStudy(database, { firstFreeOf: name }, plan, flags);
    else await continueStudy(database, unfinished, changesOf(read.settings), flags);
  } else {
    refuseTakenName(database, name);
    await startStudy(database, name, plan, flags);
  }
}

/** Says so where a learning controller is given too few candidates to learn from any of them. */
function randomNotice({ config, controller: { randomFirst } }: StudyPlan): string | undefined {
  const { controller, candidates } = config;
  const first = randomFirst?.(controller.options) ?? 0;
  if (candidates === null || candidates > first) return undefined;
  return `note: ${controller.kind} proposes at random until ${first} candidates have a score, and this study ends after ${candidates}: it will be a random search.`;
}

/** Fetches what data are missing, then makes the study and runs it. */
export async function startStudy(
  database: string,
  name: NewName,
  plan: StudyPlan,
  presentation: Presentation,
): Promise<void> {
  await fetchMissingData(Object.values(plan.config.recipes), printNote);
  await withStore(Store.open(database), (store) => {
    const study = createStudy(store, name, plan);
    return runSession({ store, study, plan, resumed: false }, presentation);
  });
}

/**
 * In `--child A B study.yaml` the list takes the file too. A YAML file at its end that holds no recipe is the
 * study.
 */
function fileAmongChildren(
  file: string | undefined,
  flags: SearchFlags,
): { readonly file: string | undefined; readonly flags: SearchFlags } {
  const last = flags.child?.at(-1);
  if (file !== undefined || last === undefined || !isYamlFile(last) || isRecipeFile(last))
    return { file, flags };
  return { file: last, flags: { ...flags, child: flags.child?.slice(0, -1) ?? [] } };
}

/** A study without a name of its own is called as its file. */
function nameOfFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const name = basename(file, extname(file))
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name.slice(0, 60) || undefined;
}
