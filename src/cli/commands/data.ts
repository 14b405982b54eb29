import { Command, Option } from 'commander';
import type { DatasetStatus } from '../../datasets/dataset.ts';
import { splitNames } from '../../datasets/dataset.ts';
import {
  checkDataset,
  datasetNames,
  datasetStatus,
  fetchDataset,
  importDataset,
  loadDataset,
  removeDataset,
} from '../../datasets/datasets.ts';
import { type ExportForm, exportDataset, exportForms } from '../../datasets/export.ts';
import { type Shares, usualShares } from '../../datasets/make-splits.ts';
import { ActivationSearchError } from '../../errors.ts';
import { grouped, megabytes } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { positiveInteger, seedNumber } from '../options.ts';
import { printJson, printLine, printNote } from '../output.ts';
import { jsonOption } from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

const { colors } = screenOf();

interface JsonFlag {
  readonly json?: boolean;
}

/**
 * `data list`, `data fetch NAME…`, `data import NAME PATH`, `data check NAME…`, `data export NAME PATH`,
 * `data remove NAME`.
 */
export function dataCommand(): Command {
  const data = new Command('data').description(
    'Lists, fetches, imports, checks and exports the data sets that children train on.',
  );
  for (const command of [list(), fetch(), importing(), check(), exporting(), remove()]) {
    data.addCommand(command);
  }
  return expectSubcommand(data);
}

function list(): Command {
  return new Command('list')
    .description('List the data sets, where they come from and whether they are on this machine.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search data list')
    .action(({ json }: JsonFlag) => printStatuses(datasetNames().map(datasetStatus), json));
}

function fetch(): Command {
  return new Command('fetch')
    .description('Download data sets into the cache, checked by hash; those already there are left alone.')
    .argument('<name...>', 'data sets, such as mnist cifar10')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search data fetch mnist cifar10')
    .action(async (names: string[], { json }: JsonFlag) => {
      for (const name of names) datasetStatus(name);
      const statuses: DatasetStatus[] = [];
      for (const name of names) statuses.push(await fetchDataset(name, printNote));
      printStatuses(statuses, json);
    });
}

interface ImportFlags extends JsonFlag {
  readonly label?: string;
  readonly split?: Shares;
  readonly seed?: number;
  readonly replace?: boolean;
}

function importing(): Command {
  return new Command('import')
    .description(
      `Store a data set in the cache: data of your own under a new name, or a known one from its makers' files.
Data of your own are a folder with one subfolder of PNG or JPEG images a class; a .npz file or a folder of .npy files
with x and y; or a .csv or .tsv file with a column of classes. Subfolders, arrays and files called train, validation and
test are the splits; else the examples are split at random, class by class, always alike. Known ones are archives (.zip,
.tar.gz) and folders as their makers publish them.`,
    )
    .argument('<name>', 'a name of your own, such as flowers, or a known one, such as cifar100')
    .argument('<path>', 'file or folder')
    .option('--label <column>', 'the column of classes in a table (default: "label", else the last)')
    .option(
      '--split <shares>',
      `percent for training, validation and test (default: ${Object.values(usualShares).join('/')})`,
      parseShares,
    )
    .option('--seed <number>', 'another random split (default: 1)', seedNumber)
    .option('--replace', 'replace a data set of your own that has that name')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npx activation-search data import flowers photos/flowers/
  npx activation-search data import iris iris.csv --label species --split 60/20/20
  npx activation-search data import digits digits.npz
  npx activation-search data import cifar100 cifar-100-binary.tar.gz
  npx activation-search data import fashion-mnist ~/fashion-mnist/`,
    )
    .action(async (name: string, path: string, { json, split, ...options }: ImportFlags) => {
      const { status, official } = await importDataset(name, path, { ...options, shares: split });
      if (!official) {
        const warning = screenOf(process.stderr).colors.yellow('warning:');
        printNote(`${warning} this is not the whole of ${name}: its results compare with no others.`);
      }
      if (json) printJson({ ...status, official });
      else printStatus(status);
    });
}

function check(): Command {
  return new Command('check')
    .description('Read data sets whole and compare their hashes with those that were written.')
    .argument('<name...>', 'data sets, such as mnist flowers')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search data check flowers')
    .action(async (names: string[], { json }: JsonFlag) => {
      const statuses: DatasetStatus[] = [];
      for (const name of names) statuses.push(await checkDataset(name));
      printStatuses(statuses, json);
    });
}

interface ExportFlags extends JsonFlag {
  readonly to: ExportForm;
  readonly limit?: number;
  readonly force?: boolean;
}

function exporting(): Command {
  return new Command('export')
    .description('Write a data set to files that other programs read, its splits as a search uses them.')
    .argument('<name>', 'data set, such as mnist')
    .argument('<path>', 'the file or folder to write')
    .addOption(
      new Option('--to <form>', 'npz: arrays x_train, y_train, …; png-folder: SPLIT/CLASS/NUMBER.png')
        .choices(exportForms)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--limit <number>', 'at most this many examples of each split').argParser(positiveInteger()),
    )
    .option('--force', 'replace a file that is there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npx activation-search data export mnist mnist.npz --to npz
  npx activation-search data export cifar10 cifar10-images --to png-folder --limit 1000`,
    )
    .action(async (name: string, path: string, { json, ...options }: ExportFlags) => {
      const counts = await exportDataset(await loadDataset(name), path, options);
      if (json) printJson({ name, path, ...counts });
      else printLine(`${path}: ${splitNames.map((split) => `${counts[split]} ${split}`).join(', ')}`);
    });
}

function remove(): Command {
  return new Command('remove')
    .description('Remove a data set from the cache.')
    .argument('<name>', 'data set, such as flowers')
    .addHelpText('after', '\nExample:\n  npx activation-search data remove flowers')
    .action((name: string) => {
      removeDataset(name);
      printLine(`${name}: removed`);
    });
}

function parseShares(text: string): Shares {
  const [train, validation, test, ...more] = text
    .split('/')
    .map((part) => (part === '' ? Number.NaN : Number(part)));
  const shares = {
    train: train ?? Number.NaN,
    validation: validation ?? Number.NaN,
    test: test ?? Number.NaN,
  };
  const { train: first, validation: second } = shares;
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (more.length === 0 && Math.abs(sum - 100) < 1e-9 && first > 0 && second > 0 && shares.test >= 0)
    return shares;
  throw new ActivationSearchError('usage', `--split is "${text}".`, {
    hint: 'Give percent for training, validation and test that make 100, such as --split 80/10/10; only test may be 0.',
  });
}

function printStatuses(statuses: readonly DatasetStatus[], json: boolean | undefined): void {
  if (json) printJson(statuses);
  else statuses.forEach(printStatus);
}

function printStatus(status: DatasetStatus): void {
  const counts = splitNames.map((split) => grouped(status.images[split])).join(' / ');
  printLine(`${colors.bold(status.name.padEnd(14))} ${status.summary}`);
  if (status.problem) printLine(`  ${colors.red('damaged')}   ${status.problem}`);
  else if (!status.present) printLine(`  ${colors.yellow('not here')}  from: ${status.source}`);
  else {
    printLine(`  ${colors.green('present')}   ${counts} examples for training / validation / test`);
    if (status.location) {
      printLine(`            ${status.location} (${megabytes(status.bytes)}, ${status.source})`);
    }
  }
}
