import { Option } from 'commander';

/** Decides whether a value belongs to a list; `operands` are the arguments of the command given before it. */
export type BelongsToList = (value: string, operands: readonly string[]) => boolean;

/**
 * An option that takes several values, such as `--child A B`. Its first value is always its own; the list
 * ends before the first later one that does not belong to it, which is then an argument of the command.
 */
export class ListOption extends Option {
  readonly belongs: BelongsToList;

  constructor(flags: string, description: string, belongs: BelongsToList) {
    super(flags, description);
    this.belongs = belongs;
  }
}

/** A name or a path: it has none of the characters that every formula worth training has. */
export function isNameOrPath(value: string): boolean {
  return !/[()*^|+,\s]/.test(value);
}
