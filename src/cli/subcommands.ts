import type { Command } from 'commander';
import { ActivationSearchError, suggestion } from '../errors.ts';

/**
 * For a command of subcommands: its help where none is given, and the nearest known one where it is misspelt.
 * Call it last, because subcommands copy these settings.
 */
export function expectSubcommand(command: Command): Command {
  return command.allowExcessArguments().action(() => {
    const [given] = command.args;
    if (given === undefined) return command.outputHelp();
    const names = command.commands.map((each) => each.name());
    throw new ActivationSearchError('usage', `unknown command "${command.name()} ${given}".`, {
      hint: `${suggestion(given, names)} See: activation-search ${command.name()} --help`,
    });
  });
}
