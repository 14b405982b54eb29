import type { Command, Option } from 'commander';
import { ListOption } from './list-option.ts';

/**
 * The command line as commander reads it without mistakes: options first, each value of a list bound to its
 * option, then `--` and the arguments of the command. Thus a formula may begin with a minus and may follow
 * `--child NAME`. Unknown options stay where commander finds and refuses them.
 */
export function orderedArguments(program: Command, argv: readonly string[]): readonly string[] {
  const { command, depth } = commandOf(program, argv);
  if (command.registeredArguments.length === 0) return argv;
  const options: string[] = [];
  const operands: string[] = [];
  const rest = argv.slice(depth);
  while (rest.length > 0) {
    const given = rest.shift() as string;
    if (given === '--') {
      operands.push(...rest);
      break;
    }
    const option = command.options.find(({ short, long }) => given === short || given === long);
    // Without its value, commander says so.
    if (option?.required && rest.length === 0) return argv;
    if (option) options.push(...withValues(option, given, rest, operands));
    else if (isOperand(given)) operands.push(given);
    else options.push(given);
  }
  return [...argv.slice(0, depth), ...options, '--', ...operands];
}

/** The command that the first words name, and how many words that are. */
function commandOf(program: Command, argv: readonly string[]): { command: Command; depth: number } {
  let command = program;
  let depth = 0;
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) break;
    command = next;
    depth += 1;
  }
  return { command, depth };
}

/** An option with its values, which are taken off the rest. */
function withValues(
  option: Option,
  given: string,
  rest: string[],
  operands: readonly string[],
): readonly string[] {
  if (!option.required) return [given];
  const values = [rest.shift() as string];
  if (option instanceof ListOption) {
    while (rest[0] !== undefined && isValue(rest[0]) && option.belongs(rest[0], operands)) {
      values.push(rest.shift() as string);
    }
  } else if (option.variadic) {
    while (rest[0] !== undefined && isValue(rest[0])) values.push(rest.shift() as string);
  }
  return option.long ? values.map((value) => `${option.long}=${value}`) : [given, ...values];
}

function isValue(text: string): boolean {
  return !text.startsWith('-') || isOperand(text);
}

/** Text that names no option: it begins without a minus, or as only formulas, numbers and SQL comments do. */
function isOperand(text: string): boolean {
  if (!text.startsWith('-')) return true;
  return /^-+(x|[\d.]+)$/.test(text) || (/[()*/^+|\s]/.test(text) && !text.includes('='));
}
