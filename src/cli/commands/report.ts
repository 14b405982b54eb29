import { resolve } from 'node:path';
import { Command } from 'commander';
import { reportPage } from '../../report/report-page.ts';
import { studyReport } from '../../report/study-report.ts';
import { checkNamedFile, writeNamedFile } from '../named-file.ts';
import { printLine } from '../output.ts';
import {
  databaseOption,
  namedOrNewestStudy,
  oneNamedStudy,
  readStore,
  type StoreFlags,
  studyOption,
} from '../store-access.ts';

interface ReportFlags extends StoreFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly measure?: boolean;
}

/** `report [STUDY]`. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Writes a study as one HTML file: ranking, cards of the best functions, plots, findings, settings.',
    )
    .argument('[study]', 'the study (default: the newest)')
    .addOption(studyOption())
    .option('--out <file>', 'the file (default: STUDY.html in the working folder)')
    .option('--force', 'overwrite a file that exists')
    .option('--measure', 'measure what an element of the best functions takes on this machine')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
The file needs no network and runs no script.

Examples:
  npx activation-search report quickstart
  npx activation-search report quickstart --out reports/quickstart.html --measure`,
    )
    .action(runReport);
}

async function runReport(named: string | undefined, flags: ReportFlags): Promise<void> {
  await readStore(flags, async (store) => {
    const study = namedOrNewestStudy(store, oneNamedStudy(named === undefined ? [] : [named], flags.study));
    const out = resolve(flags.out ?? `${study.name}.html`);
    checkNamedFile(out, { force: flags.force === true });
    const measured = flags.measure ? await import('../../report/speed.ts') : undefined;
    const options = measured ? { nanoseconds: measured.nanosecondsAnElement } : {};
    writeNamedFile(out, reportPage(studyReport(store, study, options)));
    printLine(out);
  });
}
