import { basename, extname } from 'node:path';
import type { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { childrenFolder } from '../paths.ts';
import { type PlaceOf, placesIn, schemaProblems } from '../schema-problems.ts';
import { type FileKind, locateFile, shippedNames, shownPath } from '../shipped-files.ts';
import { readYamlFile, refuseProblems, type YamlPath } from '../yaml-file.ts';
import { fitProblems } from './fit.ts';
import { type Child, type ChildRecipe, childName, inlineRecipe, recipeFile } from './recipe.ts';

const childFiles: FileKind = {
  folder: childrenFolder,
  what: 'child',
  example: './my-child.yaml',
  code: 'config',
};

/** A child that was read from a file. */
export interface LoadedChild {
  readonly child: Child;
  /** Absolute. */
  readonly file: string;
}

/** Names of the children that ship with the tool, in alphabetical order. */
export function shippedChildNames(): string[] {
  return shippedNames(childFiles);
}

/** The recipe of a child that ships. */
export function shippedRecipe(name: string): ChildRecipe {
  const { name: _, ...recipe } = loadChild(name).child;
  return recipe;
}

/**
 * The child of a shipped name or of a YAML file, whose path is relative to `base`. Refuses what does not exist, and a file
 * with any mistake, all of them named at once with line and column.
 */
export function loadChild(nameOrPath: string, base: string = process.cwd()): LoadedChild {
  const file = locateFile(childFiles, nameOrPath, base);
  const shown = shownPath(file);
  const yaml = readYamlFile(file, 'config', shown);
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    throw new ActivationSearchError(
      'config',
      'a recipe is written as keys and values, such as "dataset: mnist".',
      {
        place: yaml.placeOf([]),
        hint: 'Copy one that ships: children/mlp20-mnist.yaml. See docs/children.md.',
      },
    );
  }
  const { name = nameOfFile(file, shown), ...recipe } = checked(
    recipeFile,
    yaml.value,
    placesIn(yaml),
    shown,
  );
  return { child: { name, ...recipe }, file };
}

/** Whether a file can be read and holds a recipe, right or wrong; a study, for example, is none. */
export function isRecipeFile(path: string): boolean {
  try {
    const { value } = readYamlFile(path, 'config');
    return typeof value === 'object' && value !== null && ['model', 'dataset'].some((key) => key in value);
  } catch {
    return false;
  }
}

/**
 * The child whose recipe is written inside another file, at a path of it. Refuses a recipe with any mistake, as `loadChild`
 * does.
 */
export function readInlineChild(value: object, path: YamlPath, placeOf: PlaceOf): Child {
  const within: PlaceOf = (inner, part) => placeOf([...path, ...inner], part);
  return checked(inlineRecipe, value, within, placeOf(path)?.file ?? 'the recipe');
}

function checked<Schema extends typeof recipeFile | typeof inlineRecipe>(
  schema: Schema,
  value: unknown,
  placeOf: PlaceOf,
  file: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) refuseProblems(schemaProblems(schema, value, parsed.error, placeOf), file, 'config');
  const recipe = parsed.data as z.output<Schema>;
  refuseProblems(fitProblems(recipe, placeOf), file, 'config');
  return recipe;
}

function nameOfFile(file: string, shown: string): string {
  const name = basename(file, extname(file));
  if (childName.safeParse(name).success) return name;
  throw new ActivationSearchError('config', `"${name}" cannot be a child's name.`, {
    place: { file: shown },
    hint: 'Give the recipe one of letters, digits, ".", "_" and "-": name: my-child',
  });
}
