import { Command } from 'commander';
import pc from 'picocolors';
import { z } from 'zod';
import { controllers } from '../../controllers/controllers.ts';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { printJson, printLine } from '../output.ts';
import { benchCommand } from './controllers-bench.ts';

/** `controllers [list]` and `controllers bench`. */
export function controllersCommand(): Command {
  const command = new Command('controllers').description(
    'Lists and compares the controllers: who proposes candidates.',
  );
  command
    .command('list', { isDefault: true })
    .description('List the controllers and their options.')
    .option('--json', 'print one JSON document, options as JSON Schema')
    .addHelpText(
      'after',
      `
Examples:
  activation-search controllers
  activation-search controllers bench

In a study file:
  controller:
    kind: exhaustive
    options: { start: 1000 }`,
    )
    .allowExcessArguments()
    .action(({ json }: { json?: boolean }, { args: [unknown] }: Command) => {
      if (unknown !== undefined) {
        throw new ActivationSearchError('usage', `unknown command "controllers ${unknown}".`, {
          hint: `${suggestion(unknown, ['list', 'bench'])} See: activation-search controllers --help`,
        });
      }
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
    printLine(`${pc.bold(name.padEnd(12))} ${summary}${learns ? '; learns from scores' : ''}`);
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
