import { Command } from 'commander';
import { usualSample } from '../../search-space/count.ts';
import { loadSearchSpace, type SearchSpace } from '../../search-space/search-space.ts';
import { mostUnits, spaceFileJsonSchema } from '../../search-space/space-file.ts';
import { positiveInteger, seedNumber } from '../options.ts';
import { printJson } from '../output.ts';
import { printCheck, printCount, printList, printSample } from '../space-report.ts';
import { jsonOption } from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

interface SpaceOptions {
  readonly units?: number;
  readonly json?: boolean;
}

const spaceArgument = ['<space>', 'a shipped space such as paper, or a YAML file of your own'] as const;
const unitsOption = [
  '--units <n>',
  "core units in each candidate, instead of the file's",
  positiveInteger(mostUnits),
] as const;

/** `space list`, `space check FILE`, `space count SPACE`, `space sample SPACE`, `space schema`. */
export function spaceCommand(): Command {
  const space = new Command('space')
    .description(
      'Lists, checks, counts and samples search spaces: the primitives that candidates are composed of.',
    )
    .addHelpText('after', '\nHow to write a space of your own: docs/search-spaces.md');

  space
    .command('list')
    .description('List the spaces that ship with the tool.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search space list')
    .action(({ json }: SpaceOptions) => printList(json === true));

  space
    .command('check')
    .description(
      'Evaluate and derive every primitive; name those that are not finite somewhere, and duplicates.',
    )
    .argument(...spaceArgument)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  npx activation-search space check my-space.yaml\n  npx activation-search space check paper',
    )
    .action((name: string, { json }: SpaceOptions) => printCheck(loadSearchSpace(name), json === true));

  space
    .command('count')
    .description(
      'Count token sequences, refused ones by reason, and distinct functions; estimate them for large spaces.',
    )
    .argument(...spaceArgument)
    .option(...unitsOption)
    .option(
      '--sample <n>',
      `estimate from this many token sequences drawn at random (large spaces: ${usualSample})`,
      positiveInteger(10_000_000),
    )
    .option('--seed <n>', 'seed of the sample', seedNumber, 0)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  npx activation-search space count paper\n  npx activation-search space count paper --units 2 --sample 20000',
    )
    .action((name: string, options: SpaceOptions & { sample?: number; seed: number }) =>
      printCount(load(name, options), options),
    );

  space
    .command('sample')
    .description('Draw candidates at random, as a search would see them.')
    .argument(...spaceArgument)
    .option('-n, --count <n>', 'how many', positiveInteger(1_000_000), 10)
    .option(...unitsOption)
    .option('--seed <n>', 'seed of the sample', seedNumber, 0)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search space sample paper -n 10 --seed 1')
    .action((name: string, options: SpaceOptions & { count: number; seed: number }) =>
      printSample(load(name, options), options),
    );

  space
    .command('schema')
    .description('Print the JSON Schema of space files, for editors.')
    .addHelpText('after', '\nExample:\n  npx activation-search space schema > search-space/schema.json')
    .action(() => printJson(spaceFileJsonSchema()));

  return expectSubcommand(space);
}

function load(name: string, { units }: SpaceOptions): SearchSpace {
  return loadSearchSpace(name, units === undefined ? {} : { units });
}
