import { Command, CommanderError } from 'commander';
import { ActivationSearchError, formatPlace, suggestion } from '../errors.ts';
import { toolVersion } from '../paths.ts';
import { screenOf } from '../terminal/screen.ts';
import { orderedArguments } from './arguments.ts';
import { type CommandName, commands } from './commands.ts';
import { watchOutput } from './output.ts';

/**
 * Runs the command line and returns the exit code: 0 done, 2 bad input, 3 stopped by the user with all
 * finished work saved, 1 anything else. The one place that catches.
 */
export async function main(given: readonly string[]): Promise<number> {
  watchOutput(report);
  try {
    const argv = withHelpLast(given);
    const program = createProgram();
    const name = argv.find((argument) => !argument.startsWith('-'));
    if (name !== undefined && name !== 'help') await addCommand(program, name);
    else addSummaries(program);
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(orderedArguments(program, argv), { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** `help data import`, and `--help data import`, as commander reads it: `data import --help`. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  const [first = '', ...words] = argv;
  const asks =
    ['help', '--help', '-h'].includes(first) && words[0] !== undefined && !words[0].startsWith('-');
  return asks ? [...words, '--help'] : argv;
}

function createProgram(): Command {
  const program = new Command('activation-search')
    .description('Searches for activation functions by short trainings on real data.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false });
  settle(program);
  return program;
}

/** Errors and help of a command reach `main` as exceptions, whatever its depth. */
function settle(command: Command): void {
  command.exitOverride(refuseUsage(command)).configureOutput({ outputError: () => undefined });
  for (const child of command.commands) settle(child);
}

/** Refuses what commander refuses, and says what a missing option takes and where the help is. */
function refuseUsage(command: Command): (error: CommanderError) => never {
  return (error) => {
    if (error.exitCode === 0) throw error;
    const missing = command.options.find(
      ({ mandatory, flags }) => mandatory && error.message.includes(flags),
    );
    throw new ActivationSearchError('usage', error.message.replace(/^error: /, ''), {
      hint: `${missing ? `${missing.flags}: ${missing.description}. ` : ''}See: npx ${fullName(command)} --help`,
      cause: error,
    });
  };
}

/** `activation-search data import`. */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

async function addCommand(program: Command, name: string): Promise<void> {
  if (!Object.hasOwn(commands, name)) {
    throw new ActivationSearchError('usage', `unknown command "${name}".`, {
      hint: `${suggestion(name, Object.keys(commands))} See: npx activation-search --help`,
    });
  }
  const command = await commands[name as CommandName].load();
  settle(command);
  program.addCommand(command);
}

function addSummaries(program: Command): void {
  for (const [name, { summary }] of Object.entries(commands)) program.command(name).description(summary);
  program.addHelpText(
    'after',
    '\nEach command has its own help with an example: npx activation-search search --help',
  );
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return 0;
  if (error instanceof ActivationSearchError) {
    const place = formatPlace(error.place);
    writeError(place ? `${place}: ${error.message}` : error.message, error.hint);
    return error.exitCode;
  }
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    writeError(
      'the folder in which this was started is gone.',
      'Go to one that is there (cd) and run again.',
    );
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeError(`unexpected: ${text}`, 'This is a defect of activation-search; the lines above say where.');
  return 1;
}

function writeError(message: string, hint: string | undefined): void {
  const { colors } = screenOf(process.stderr);
  process.stderr.write(`${colors.red('error:')} ${message}\n${hint ? `${hint}\n` : ''}`);
}
