import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { PlaceOf } from '../schema-problems.ts';
import type { Problem } from '../yaml-file.ts';
import type { CommandRecipe } from './recipe.ts';

/** Why the command of a recipe cannot be started: there is no such program, or it may not be run. */
export function commandProblems({ command, folder, env }: CommandRecipe, placeOf: PlaceOf): Problem[] {
  const [program = ''] = command;
  const isPath = /[/\\]/.test(program);
  const folders = (env.PATH ?? process.env.PATH ?? '').split(delimiter);
  const files = isPath ? [resolve(folder, program)] : folders.map((one) => join(one || folder, program));
  if (files.some(isProgram)) return [];
  const message = `there is no command "${program}" that can be run.`;
  const hint = isPath
    ? `Looked for ${files[0]}: is it there, and executable (chmod +x)?`
    : `No folder of PATH has it. A program beside the recipe is written ./${program}.`;
  return [{ message, hint, place: placeOf(['command', 0]) ?? {} }];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
