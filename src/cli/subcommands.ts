import type { Command } from 'commander';
import { ActivationSearchError, suggestion } from '../errors.ts';

/**
 * For a command of subcommands: prints its help where none is given, and refuses an unknown one with the
 * nearest name, whatever options follow it. Call it last, because subcommands copy these settings.
 */
export function expectSubcommand(command: Command): Command {
  return command
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => {
      const [given] = command.args;
      if (given === undefined) return command.outputHelp();
      if (!given.startsWith('-')) throw unknownSubcommand(command, given);
      throw new ActivationSearchError('usage', `unknown option '${given}'`, {
        hint: `Options stand behind the subcommand. See: npx activation-search ${command.name()} --help`,
      });
    });
}

export function unknownSubcommand(command: Command, given: string): ActivationSearchError {
  const names = command.commands.map((each) => each.name());
  return new ActivationSearchError('usage', `unknown command "${command.name()} ${given}".`, {
    hint: `${suggestion(given, names)} See: npx activation-search ${command.name()} --help`,
  });
}
