import { Command } from 'commander';
import { chooseBackend } from '../../activation/usual-backend.ts';
import { loadChild, shippedChild, shippedChildNames } from '../../children/load.ts';
import { type Child, isNetwork, type NetworkRecipe, recipeJsonSchema } from '../../children/recipe.ts';
import { datasetRemedy, datasetStatus } from '../../datasets/datasets.ts';
import { ActivationSearchError } from '../../errors.ts';
import { silentLogger } from '../../logger.ts';
import type { ChildCost } from '../../search/cost-model.ts';
import { calibrate } from '../../search/preview.ts';
import { grouped } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { tableText } from '../../terminal/table.ts';
import { parameterCount } from '../../trial/train-trial.ts';
import { printJson, printLine } from '../output.ts';
import { jsonOption } from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

const { colors } = screenOf();

interface ChildrenFlags {
  readonly json?: boolean;
}

const childArgument = ['<child>', 'a child that ships, or the YAML file of a recipe'] as const;

/** `children list`, `children show CHILD`, `children check CHILD`, `children schema`. */
export function childrenCommand(): Command {
  const children = new Command('children')
    .description('Lists, shows and checks children: the networks and data that candidates are trained on.')
    .addHelpText('after', '\nHow to write one of your own: docs/children.md');

  children
    .command('list')
    .description('List the children that ship with the tool.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search children list')
    .action(({ json }: ChildrenFlags) => list(json === true));

  children
    .command('show')
    .description('Print a recipe whole, its number of parameters, and the seconds that a step takes here.')
    .argument(...childArgument)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  npx activation-search children show resnet8-cifar10\n  npx activation-search children show my-child.yaml --json',
    )
    .action(async (name: string, { json }: ChildrenFlags) => show(loadChild(name).child, json === true));

  children
    .command('check')
    .description('Read a recipe, try it with a few training steps, and say what is wrong with it.')
    .argument(...childArgument)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit code 2 if the recipe cannot be trained.\n\nExample:\n  npx activation-search children check my-child.yaml',
    )
    .action(async (name: string, { json }: ChildrenFlags) => check(loadChild(name).child, json === true));

  children
    .command('schema')
    .description('Print the JSON Schema of recipes, for editors.')
    .addHelpText('after', '\nExample:\n  npx activation-search children schema > children/schema.json')
    .action(() => printJson(recipeJsonSchema()));

  return expectSubcommand(children);
}

function list(json: boolean): void {
  const rows = shippedChildNames().map((name) => {
    const child = shippedChild(name);
    const { summary, dataset, steps } = child;
    return { name, summary, dataset, present: isPresent(child), steps, parameters: parameterCount(child) };
  });
  if (json) {
    printJson(rows);
    return;
  }
  const right = { align: 'right' } as const;
  printLine(
    tableText(
      [
        { heading: 'child' },
        { heading: 'data', leaves: 3 },
        { heading: 'steps', ...right, leaves: 2 },
        { heading: 'parameters', ...right, leaves: 1 },
        { heading: 'what it is', narrow: 'wrap' },
      ],
      rows.map(({ name, summary, dataset, present, steps, parameters }) => [
        name,
        present ? dataset : `${dataset} (not here)`,
        grouped(steps),
        grouped(parameters),
        summary,
      ]),
      screenOf(),
    ),
  );
}

async function show(child: Child, json: boolean): Promise<void> {
  const parameters = isNetwork(child) ? parameterCount(child) : null;
  const cost = isPresent(child) ? await costOf(child) : undefined;
  if (json) {
    printJson({ ...child, parameters, secondsPerStep: cost?.step ?? null });
    return;
  }
  const { name, summary, ...recipe } = child;
  printLine(`${colors.bold(name)}  ${summary}`);
  for (const [key, value] of Object.entries(recipe)) printLine(`${key.padEnd(16)} ${written(value)}`);
  if (parameters !== null) printLine(`${'parameters'.padEnd(16)} ${grouped(parameters)}`);
  printLine(
    `${'a step here'.padEnd(16)} ${cost ? formatStep(cost) : isNetwork(child) ? missingData(child) : ''}`,
  );
}

async function check(child: Child, json: boolean): Promise<void> {
  if (isNetwork(child) && !isPresent(child)) {
    throw new ActivationSearchError('dataset', `the data set ${child.dataset} is not on this machine.`, {
      hint: datasetRemedy(child.dataset),
    });
  }
  const { name } = child;
  const [parameters, cost] = [isNetwork(child) ? parameterCount(child) : null, await costOf(child)];
  if (json) printJson({ name, parameters, secondsPerStep: cost.step, secondsToStart: cost.start });
  else {
    const size = parameters === null ? '' : `${grouped(parameters)} parameters, `;
    printLine(`${name}: sound; ${size}${formatStep(cost)} a step here`);
  }
}

async function costOf({ name, ...recipe }: Child): Promise<ChildCost> {
  process.stderr.write('measuring this machine for about ten seconds …\n');
  const activation = chooseBackend(undefined);
  const how = { workers: 1, activation, precision: 'float32', trialTimeLimit: 600 } as const;
  const costs = await calibrate({ recipes: { [name]: recipe }, ...how }, silentLogger);
  return costs[name] as ChildCost;
}

/** Whether a child can be trained here; a script looks for its data itself. */
function isPresent(child: Child): boolean {
  if (!isNetwork(child)) return true;
  const { present, problem } = datasetStatus(child.dataset);
  return present && problem === undefined;
}

function missingData({ dataset }: NetworkRecipe): string {
  return `not measured: the data set ${dataset} is not here. ${datasetRemedy(dataset)}`;
}

function formatStep({ step }: ChildCost): string {
  if (step < 0.001) return 'less than 1 ms';
  return step < 0.1 ? `${(1000 * step).toPrecision(2)} ms` : `${step.toPrecision(2)} s`;
}

/** A value as YAML would write it on one line. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${key}: ${written(part)}`);
  return `{ ${entries.join(', ')} }`;
}
