import { basename, dirname, extname, resolve } from 'node:path';
import type { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { childrenFolder, shownPath } from '../paths.ts';
import { type PlaceOf, placesIn, schemaProblems } from '../schema-problems.ts';
import { type FileKind, locateFile, shippedNames } from '../shipped-files.ts';
import { type Problem, readYamlFile, refuseProblems, type YamlPath } from '../yaml-file.ts';
import { fitProblems } from './fit.ts';
import {
  type Child,
  type ChildRecipe,
  childName,
  inlineRecipes,
  isNetwork,
  type NetworkChild,
  type NetworkRecipe,
  recipeFiles,
} from './recipe.ts';
import { commandProblems, isModuleFile, moduleProblems } from './script-files.ts';

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

/** A child that ships; all of them are networks. */
export function shippedChild(name: string): NetworkChild {
  const { child } = loadChild(name);
  if (isNetwork(child)) return child;
  throw new Error(`${name} does not ship`);
}

/** Its recipe, which has no name. */
export function shippedRecipe(name: string): NetworkRecipe {
  const { name: _, ...recipe } = shippedChild(name);
  return recipe;
}

/**
 * The child of a shipped name, of a YAML file, or of a JavaScript module without a recipe, whose path is
 * relative to `base`. Refuses what does not exist, and a file with any mistake, all of them named at once
 * with line and column.
 */
export function loadChild(nameOrPath: string, base: string = process.cwd()): LoadedChild {
  const file = locateFile(childFiles, nameOrPath, base);
  const shown = shownPath(file);
  if (isModuleFile(file)) return { child: moduleChild(file, shown), file };
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
  const { name, ...recipe } = checked(recipeFiles, yaml.value, placesIn(yaml), {
    shown,
    folder: dirname(file),
  });
  return { child: { name: name ?? nameOfFile(file, shown), ...recipe }, file };
}

/** Whether a file can be read and holds a recipe, right or wrong; a study, for example, is none. */
export function isRecipeFile(path: string): boolean {
  try {
    const { value } = readYamlFile(path, 'config');
    return (
      typeof value === 'object' &&
      value !== null &&
      ['model', 'dataset', 'command', 'module'].some((key) => key in value)
    );
  } catch {
    return false;
  }
}

/**
 * The child whose recipe is written inside another file, at a path of it. Refuses a recipe with any mistake,
 * as `loadChild` does.
 */
export function readInlineChild(value: object, path: YamlPath, placeOf: PlaceOf): Child {
  const within: PlaceOf = (inner, part) => placeOf([...path, ...inner], part);
  const shown = placeOf(path)?.file;
  const folder = shown === undefined ? process.cwd() : dirname(resolve(shown));
  return checked(inlineRecipes, value, within, { shown: shown ?? 'the recipe', folder }) as Child;
}

/** A recipe with its defaults, checked against its schema and against what it is trained on. */
function checked(
  schemas: typeof recipeFiles | typeof inlineRecipes,
  value: object,
  placeOf: PlaceOf,
  { shown, folder }: { readonly shown: string; readonly folder: string },
): ChildRecipe & { readonly name?: string | undefined } {
  const parse = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> => {
    const { data, error } = schema.safeParse(value);
    if (error) refuseProblems(schemaProblems(schema, value, error, placeOf), shown, 'config');
    return data as z.output<Schema>;
  };
  const script = <Schema extends z.ZodType<object>>(
    schema: Schema,
    problemsOf: (recipe: z.output<Schema> & { readonly folder: string }, placeOf: PlaceOf) => Problem[],
  ) => {
    const recipe = { ...parse(schema), folder };
    refuseProblems(problemsOf(recipe, placeOf), shown, 'config');
    return recipe;
  };
  if ('command' in value) return script(schemas.command as typeof recipeFiles.command, commandProblems);
  if ('module' in value) return script(schemas.module as typeof recipeFiles.module, moduleProblems);
  if ('objective' in value && 'objective' in schemas) return parse(schemas.objective);
  const recipe = parse<typeof recipeFiles.network>(schemas.network as typeof recipeFiles.network);
  refuseProblems(fitProblems(recipe, placeOf), shown, 'config');
  return recipe;
}

/** The child of a module that stands alone. */
function moduleChild(file: string, shown: string): Child {
  const value = { name: nameOfFile(file, shown), module: `./${basename(file)}` };
  return readInlineChild(value, [], () => ({ file: shown }));
}

function nameOfFile(file: string, shown: string): string {
  const name = basename(file, extname(file));
  if (childName.safeParse(name).success) return name;
  throw new ActivationSearchError('config', `"${name}" cannot be a child's name.`, {
    place: { file: shown },
    hint: 'Give the recipe one of letters, digits, ".", "_" and "-": name: my-child',
  });
}
