import { Command } from 'commander';
import pc from 'picocolors';
import type { DatasetStatus } from '../../datasets/dataset.ts';
import { datasetNames, datasetStatus, fetchDataset, importDataset } from '../../datasets/datasets.ts';
import { printJson, printLine } from '../output.ts';
import { expectSubcommand } from '../subcommands.ts';

/** `data list`, `data fetch NAME…`, `data import NAME PATH`. */
export function dataCommand(): Command {
  const data = new Command('data').description(
    'Lists, fetches and imports the data sets that children train on.',
  );

  data
    .command('list')
    .description('List the data sets, where they come from and whether they are on this machine.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  activation-search data list')
    .action(({ json }: { json?: boolean }) => {
      const statuses = datasetNames.map(datasetStatus);
      if (json) printJson(statuses);
      else for (const status of statuses) printStatus(status);
    });

  data
    .command('fetch')
    .description('Download data sets into the cache, checked by hash; those already there are left alone.')
    .argument('<name...>', 'data sets, such as mnist cifar10')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  activation-search data fetch mnist cifar10')
    .action(async (names: string[], { json }: { json?: boolean }) => {
      for (const name of names) datasetStatus(name);
      const statuses: DatasetStatus[] = [];
      for (const name of names) {
        process.stderr.write(`${name}: fetching …\n`);
        statuses.push(await fetchDataset(name));
      }
      if (json) printJson(statuses);
      else statuses.forEach(printStatus);
    });

  data
    .command('import')
    .description(
      "Take a data set from its makers' files: an archive (.zip, .tar.gz), or a folder with the files (raw or .gz).",
    )
    .argument('<name>', 'data set, such as cifar100')
    .argument('<path>', 'archive or folder')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  activation-search data import cifar100 cifar-100-binary.tar.gz\n' +
        '  activation-search data import fashion-mnist ~/fashion-mnist/',
    )
    .action(async (name: string, path: string, { json }: { json?: boolean }) => {
      const { status, official } = await importDataset(name, path);
      if (!official) {
        process.stderr.write(
          `${pc.yellow('warning:')} this is not the whole of ${name}: its results compare with no others.\n`,
        );
      }
      if (json) printJson({ ...status, official });
      else printStatus(status);
    });

  return expectSubcommand(data);
}

function printStatus(status: DatasetStatus): void {
  const { train, validation, test } = status.images;
  const images = [train, validation, test].map((count) => count.toLocaleString('en-US')).join(' / ');
  printLine(`${pc.bold(status.name.padEnd(14))} ${status.summary}`);
  if (status.problem) printLine(`  ${pc.red('damaged')}   ${status.problem}`);
  else if (!status.present) printLine(`  ${pc.yellow('not here')}  from: ${status.source}`);
  else {
    printLine(`  ${pc.green('present')}   ${images} images for training / validation / test`);
    if (status.location) {
      printLine(`            ${status.location} (${Math.ceil(status.bytes / 1e6)} MB, ${status.source})`);
    }
  }
}
