import { basename, extname } from 'node:path';
import { Command } from 'commander';
import { slowerNotice } from '../../activation/usual-backend.ts';
import { isRecipeFile } from '../../children/load.ts';
import { continuation, createStudy, freeStudyName, refuseTakenName } from '../../search/open-study.ts';
import { readStudy } from '../../search/read-study-file.ts';
import { resolveStudy } from '../../search/study-config.ts';
import { studyFileJsonSchema } from '../../search/study-file.ts';
import { type StudyPlan, searchPlan } from '../../search/study-plan.ts';
import { requireUsable } from '../../search-space/usable.ts';
import { isYamlFile } from '../../shipped-files.ts';
import { Store } from '../../storage/store.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { printDryRun } from '../dry-run.ts';
import { printJson, printNote } from '../output.ts';
import { databaseFile, withStore } from '../store-access.ts';
import { addStudyFlags, type StudyFlags, studyFileOf } from '../study-flags.ts';
import { type Presentation, runSession } from '../study-session.ts';
import { continueStudy, limitsOf } from './resume.ts';

interface SearchFlags extends StudyFlags, Presentation {
  readonly continue?: boolean;
  readonly schema?: boolean;
  readonly dryRun?: boolean;
}

/** `search [CONFIG.yaml]`. */
export function searchCommand(): Command {
  const command = new Command('search')
    .description('Starts a study: proposes candidates, trains them on the children, ranks them.')
    .argument('[config]', 'study file (YAML); flags win over it');
  return addStudyFlags(command)
    .option(
      '--continue',
      'go on with the newest unfinished study of this name and configuration, if there is one',
    )
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
  const { file, flags } = fileAmongChildren(named, written);
  if (flags.schema) {
    printJson(studyFileJsonSchema());
    return;
  }
  const { given, placeOf } = readStudy(file, studyFileOf(flags));
  const { config, space } = resolveStudy(given, placeOf);
  requireUsable(space);
  const notice = slowerNotice(given.activation);
  if (notice !== undefined) printNote(notice);
  const plan = searchPlan(config, space);
  const database = databaseFile(given.db);
  const name = given.study ?? nameOfFile(file);
  if (flags.dryRun) {
    if (name !== undefined && !flags.continue) refuseTakenName(database, name);
    await printDryRun(name ?? freeStudyName(database, 'study'), plan, flags.json === true);
  } else if (name === undefined) await startStudy(database, freeStudyName(database, 'study'), plan, flags);
  else if (flags.continue) {
    const { resume, newName } = continuation(database, name, plan);
    if (resume === undefined) await startStudy(database, newName, plan, flags);
    else await continueStudy(database, resume, limitsOf(given), flags);
  } else {
    refuseTakenName(database, name);
    await startStudy(database, name, plan, flags);
  }
}

/** Fetches what data are missing, then makes the study and runs it. */
export async function startStudy(
  database: string,
  name: string,
  plan: StudyPlan,
  presentation: Presentation,
): Promise<void> {
  await fetchMissingData(Object.values(plan.config.recipes), printNote);
  await withStore(Store.open(database), (store) => {
    const study = createStudy(store, name, plan);
    return runSession({ store, study, plan, resumed: false }, presentation);
  });
}

/** `--child A B study.yaml`: a list of names takes all that follows it; a YAML file at its end that holds no recipe is the study. */
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
