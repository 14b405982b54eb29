import { Command } from 'commander';
import { usualSample } from '../../search-space/count.ts';
import { loadSearchSpace, type SearchSpace } from '../../search-space/search-space.ts';
import { mostUnits, spaceFileJsonSchema } from '../../search-space/space-file.ts';
import { positiveInteger, seedNumber } from '../options.ts';
import { printJson } from '../output.ts';
import { printCheck, printCount, printList, printSample } from '../space-report.ts';
import { jsonOption } from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

interface SpaceFlags {
  readonly units?: number;
  readonly json?: boolean;
}

const spaceArgument = ['<space>', 'a shipped space such as paper, or a YAML file of your own'] as const;
const unitsOption = [
  '--units <n>',
  "core units in each candidate, instead of the file's",
  positiveInteger(mostUnits),
] as const;

/** `space list`, `space check SPACE`, `space count SPACE`, `space sample SPACE`, `space schema`. */
export function spaceCommand(): Command {
  const space = new Command('space')
    .description(
      'Lists, checks, counts and samples search spaces: the primitives that candidates are composed of.',
    )
    .addHelpText('after', '\nHow to write a space of your own: docs/search-spaces.md');
  for (const command of [list(), check(), count(), sample(), schema()]) space.addCommand(command);
  return expectSubcommand(space);
}

function list(): Command {
  return new Command('list')
    .description('List the spaces that ship with the tool.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search space list')
    .action(({ json }: SpaceFlags) => printList(json === true));
}

function check(): Command {
  return new Command('check')
    .description(
      'Evaluate and derive every primitive; name those that are not finite somewhere, and duplicates.',
    )
    .argument(...spaceArgument)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  npx activation-search space check my-space.yaml\n  npx activation-search space check paper',
    )
    .action((name: string, { json }: SpaceFlags) => printCheck(loadSearchSpace(name), json === true));
}

function count(): Command {
  return new Command('count')
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
    .action((name: string, flags: SpaceFlags & { sample?: number; seed: number }) =>
      printCount(load(name, flags), flags),
    );
}

function sample(): Command {
  return new Command('sample')
    .description('Draw candidates at random, as a search would see them.')
    .argument(...spaceArgument)
    .option('-n, --count <n>', 'how many', positiveInteger(1_000_000), 10)
    .option(...unitsOption)
    .option('--seed <n>', 'seed of the sample', seedNumber, 0)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search space sample paper -n 10 --seed 1')
    .action((name: string, flags: SpaceFlags & { count: number; seed: number }) =>
      printSample(load(name, flags), flags),
    );
}

function schema(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of space files, for editors.')
    .addHelpText('after', '\nExample:\n  npx activation-search space schema > search-space/schema.json')
    .action(() => printJson(spaceFileJsonSchema()));
}

function load(name: string, { units }: SpaceFlags): SearchSpace {
  return loadSearchSpace(name, units === undefined ? {} : { units });
}
