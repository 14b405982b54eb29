import { Command } from 'commander';
import { z } from 'zod';
import { controllers } from '../../controllers/controllers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { printJson, printLine } from '../output.ts';
import { jsonOption } from '../store-access.ts';
import { unknownSubcommand } from '../subcommands.ts';
import { benchCommand } from './controllers-bench.ts';

const { colors } = screenOf();

/** `controllers [list]` and `controllers bench`. */
export function controllersCommand(): Command {
  const command = new Command('controllers').description(
    'Lists and compares the controllers, which propose candidates.',
  );
  command
    .command('list', { isDefault: true })
    .description('List the controllers and their options.')
    .addOption(jsonOption('print one JSON document, options as JSON Schema'))
    .addHelpText(
      'after',
      `
Examples:
  npx activation-search controllers
  npx activation-search controllers bench

In a study file:
  controller:
    kind: exhaustive
    options: { start: 1000 }`,
    )
    .allowExcessArguments()
    .action(({ json }: { json?: boolean }, { args: [unknown] }: Command) => {
      if (unknown !== undefined) throw unknownSubcommand(command, unknown);
      if (json) printJson(describe());
      else print();
    });
  command.addCommand(benchCommand());
  return command;
}

function describe() {
  return Object.entries(controllers).map(([name, { summary, learns, options }]) => ({
    name,
    summary,
    learns,
    options: z.toJSONSchema(options, { io: 'input' }),
  }));
}

function print(): void {
  for (const { name, summary, learns, options } of describe()) {
    printLine(`${colors.bold(name.padEnd(12))} ${summary}${learns ? '; learns from scores' : ''}`);
    const entries = Object.entries(options.properties ?? {});
    const wide = Math.max(10, ...entries.map(([option]) => option.length));
    for (const [option, schema] of entries) {
      if (typeof schema === 'boolean') continue;
      const byDefault = schema.default === undefined ? '' : ` (default ${JSON.stringify(schema.default)})`;
      printLine(`  ${option.padEnd(wide)} ${schema.description ?? ''}${byDefault}`);
    }
    if (entries.length === 0) printLine('  no options');
  }
}
