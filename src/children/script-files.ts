import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, extname, join, resolve } from 'node:path';
import type { PlaceOf } from '../schema-problems.ts';
import type { Problem } from '../yaml-file.ts';
import type { CommandRecipe, ModuleRecipe } from './recipe.ts';

/** Why the command of a recipe cannot be started: there is no such program, or it may not be run. */
export function commandProblems({ command, folder, env }: CommandRecipe, placeOf: PlaceOf): Problem[] {
  const [program = ''] = command;
  const isPath = /[/\\]/.test(program);
  const folders = (env.PATH ?? process.env.PATH ?? '').split(delimiter);
  const files = isPath ? [resolve(folder, program)] : folders.map((one) => join(one || folder, program));
  if (files.some((file) => isFile(file, constants.X_OK))) return [];
  const message = `there is no command "${program}" that can be run.`;
  const hint = isPath
    ? `Looked for ${files[0]}: is it there, and executable (chmod +x)?`
    : `No folder of PATH has it. A program beside the recipe is written ./${program}.`;
  return [{ message, hint, place: placeOf(['command', 0]) ?? {} }];
}

/** Why the module of a recipe cannot be loaded: there is no such file, or it is no JavaScript. */
export function moduleProblems({ module, folder }: ModuleRecipe, placeOf: PlaceOf): Problem[] {
  const file = resolve(folder, module);
  const place = placeOf(['module']) ?? {};
  if (!isModuleFile(file)) {
    const hint = 'A module in another language is compiled to JavaScript first.';
    return [{ message: `"${module}" is no JavaScript module: .mjs, .js or .cjs.`, hint, place }];
  }
  if (isFile(file, constants.R_OK)) return [];
  return [
    { message: `there is no module "${module}" that can be read.`, hint: `Looked for ${file}.`, place },
  ];
}

/** Whether a path is that of a JavaScript module, by its ending. */
export function isModuleFile(path: string): boolean {
  return ['.mjs', '.js', '.cjs'].includes(extname(path));
}

function isFile(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
