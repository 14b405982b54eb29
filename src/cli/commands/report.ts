import { resolve } from 'node:path';
import { Command } from 'commander';
import { reportPage } from '../../report/report-page.ts';
import { studyReport } from '../../report/study-report.ts';
import { type DrawingFlags, studyOptions, withDrawingOptions } from '../drawing-options.ts';
import { checkNamedFile, writeNamedFile } from '../named-file.ts';
import { printLine } from '../output.ts';
import { namedOrNewestStudy, oneNamedStudy, readStore } from '../store-access.ts';

/** `report [STUDY]`. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'Writes a study as one HTML file: ranking, cards of the best functions, plots, findings, settings.',
    )
    .argument('[study]', 'the study (default: the newest)')
    .addHelpText(
      'after',
      `
The file needs no network and runs no script.

Examples:
  npx activation-search report quickstart
  npx activation-search report quickstart --out reports/quickstart.html --measure`,
    )
    .action(runReport);
  return withDrawingOptions(command, {
    out: 'the file (default: STUDY.html in the working folder)',
    measure: 'measure what an element of the best functions takes on this machine',
  });
}

async function runReport(named: string | undefined, flags: DrawingFlags): Promise<void> {
  await readStore(flags, async (store) => {
    const study = namedOrNewestStudy(store, oneNamedStudy(named === undefined ? [] : [named], flags.study));
    const out = resolve(flags.out ?? `${study.name}.html`);
    checkNamedFile(out, { force: flags.force === true });
    writeNamedFile(out, reportPage(studyReport(store, study, await studyOptions(flags))));
    printLine(out);
  });
}
