import { resolve } from 'node:path';
import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { shownPath } from '../../paths.ts';
import { studySettings } from '../../search/study-settings.ts';
import { mergeStudies } from '../../storage/merge.ts';
import { Store } from '../../storage/store.ts';
import { moveStudyFolder, refuseFolder, removeStudyFolder } from '../../storage/study-folder.ts';
import { copyDatabase, deleteOrphans, deleteStudy, renameStudy } from '../../storage/upkeep.ts';
import { commandText } from '../../terminal/command-text.ts';
import { durationText } from '../../terminal/duration.ts';
import { grouped } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { type Column, tableText } from '../../terminal/table.ts';
import { printJson, printLine } from '../output.ts';
import {
  databaseFile,
  databaseOption,
  jsonOption,
  readStore,
  type StoreFlags,
  withStore,
} from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

/** `study list`, `rename NAME NEW`, `delete NAME`, `copy FILE`, `merge FILE [NAME…]` and `clean`. */
export function studyCommand(): Command {
  const study = new Command('study').description(
    'Lists, renames, deletes, copies and merges stored studies.',
  );
  for (const command of [list(), rename(), deletion(), copy(), merge(), clean()]) study.addCommand(command);
  return expectSubcommand(study);
}

function list(): Command {
  return new Command('list')
    .description('List the studies of a database, oldest first.')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search study list')
    .action((flags: StoreFlags) => readStore(flags, (store) => printStudies(store, flags.json === true)));
}

function rename(): Command {
  return new Command('rename')
    .description('Give a study another name; its folder follows.')
    .argument('<study>', 'name of the study')
    .argument('<new-name>', 'letters, digits, ".", "_" and "-"')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  npx activation-search study rename study-2 long-run')
    .action((name: string, newName: string, { db }: StoreFlags) => {
      checkName(newName);
      const file = databaseFile(db);
      refuseFolder(file, newName);
      renameStudy(file, name, newName);
      moveStudyFolder(file, name, newName);
      printLine(`${name} is now called ${newName}.`);
    });
}

function deletion(): Command {
  return new Command('delete')
    .description('Delete a study with its candidates and trials, its log and its checkpoints.')
    .argument('<study>', 'name of the study')
    .option('--yes', 'do it; without this nothing is deleted')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
The file keeps its size; later studies use the room that becomes free.

Example:
  npx activation-search study delete first-try --yes`,
    )
    .action(async (name: string, { db, yes }: StoreFlags & { readonly yes?: boolean }) => {
      const file = databaseFile(db);
      if (!yes) throw await refusalToDelete(file, name);
      deleteStudy(file, name);
      removeStudyFolder(file, name);
      printLine(`${name} is deleted.`);
    });
}

function copy(): Command {
  return new Command('copy')
    .description('Copy a whole database to a new file, safely while a search writes it.')
    .argument('<file>', 'the new file')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Copying the file with cp during a search loses what is still in its write-ahead log (FILE-wal).

Example:
  npx activation-search study copy backup.db`,
    )
    .action(async (target: string, { db }: StoreFlags) => {
      await copyDatabase(databaseFile(db), resolve(target));
      await readStore({ db: target }, (store) => {
        printLine(`${shownPath(store.file)}: ${grouped(store.studies().length)} studies copied`);
      });
    });
}

function merge(): Command {
  return new Command('merge')
    .description('Copy studies of another database into this one, to compare them.')
    .argument('<file>', 'the other database; it stays as it is')
    .argument('[study...]', 'its studies (default: all)')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Example:
  npx activation-search study merge colleague.db quickstart`,
    )
    .action(async (from: string, names: readonly string[], { db }: StoreFlags) => {
      const file = databaseFile(db);
      const merged = await mergeStudies(file, resolve(from), names);
      printLine(`${merged.join(', ')} copied into ${shownPath(file)}`);
    });
}

function clean(): Command {
  return new Command('clean')
    .description('Delete the rows that remain after rows were deleted by hand, without foreign keys.')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  npx activation-search study clean')
    .action(({ db }: StoreFlags) => {
      printLine(
        deleteOrphans(databaseFile(db)) ? 'Rows without their study were deleted.' : 'Nothing to clean.',
      );
    });
}

function printStudies(store: Store, json: boolean): void {
  const { columns, rows } = store.query(
    `SELECT name, status, controller, seed, proposed, complete, failed, trials, seconds, created_at
     FROM studies ORDER BY id`,
  );
  const studies = [...rows];
  if (json) {
    printJson(studies.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
    return;
  }
  if (studies.length === 0) {
    printLine('No study yet.');
    return;
  }
  const right = { align: 'right' } as const;
  const headings: readonly Column[] = [
    { heading: 'study' },
    { heading: 'status' },
    { heading: 'controller' },
    { heading: 'seed', ...right },
    { heading: 'proposed', ...right },
    { heading: 'complete', ...right },
    { heading: 'failed', ...right },
    { heading: 'trials', ...right },
    { heading: 'time', ...right },
    { heading: 'begun' },
  ];
  const cells = studies.map(([name, status, controller, seed, ...rest]) => {
    const [proposed, complete, failed, trials, seconds, begun] = rest;
    const counts = [seed, proposed, complete, failed, trials].map(String);
    const time = durationText(Number(seconds));
    return [String(name), String(status), String(controller), ...counts, time, String(begun).slice(0, 10)];
  });
  printLine(tableText(headings, cells, screenOf()));
}

function checkName(name: string): void {
  const parsed = studySettings.shape.study.safeParse(name);
  if (parsed.success) return;
  throw new ActivationSearchError('usage', `"${name}": ${parsed.error.issues[0]?.message}.`, {
    hint: 'Choose another name.',
  });
}

async function refusalToDelete(file: string, name: string): Promise<ActivationSearchError> {
  return withStore(Store.open(file, { readonly: true }), (store) => {
    const candidates = store.candidatesOf(store.study(name).id).length;
    const remedy = commandText(['study', 'delete', name, '--yes'], file);
    return new ActivationSearchError(
      'usage',
      `study "${name}" with its ${grouped(candidates)} candidates would be deleted for good.`,
      { hint: `To do it: ${remedy}` },
    );
  });
}
