import type { z } from 'zod';
import { recipeDifferences } from '../children/differences.ts';
import { loadChild, readInlineChild, shippedChildNames, shippedRecipe } from '../children/load.ts';
import { type Child, type ChildRecipe, inlineRecipes, isNetwork } from '../children/recipe.ts';
import { ActivationSearchError, placed, unlessRefused } from '../errors.ts';
import { type PlaceOf, schemaProblems } from '../schema-problems.ts';
import { folderOfPlace } from '../shipped-files.ts';
import { refuseProblems, type YamlPath } from '../yaml-file.ts';
import { type ChildGiven, childReference } from './ladder-settings.ts';

/** The recipe of each child of a study, by name. */
export type Recipes = Readonly<Record<string, ChildRecipe>>;

/** The children of a study, and the files (absolute paths) of those that a person's own files hold. */
export interface StudyRecipes {
  readonly recipes: Recipes;
  readonly recipeFiles: Readonly<Record<string, string>>;
}

/** The recipe of one of the study's children. */
export function recipeOf(recipes: Recipes, name: string): ChildRecipe {
  const recipe = recipes[name];
  if (!recipe) throw new Error(`the study has no child ${name}`);
  return recipe;
}

/** The data sets that children are trained on; a script looks for its data itself. */
export function datasetsOf(recipes: Recipes): readonly string[] {
  return [
    ...new Set(
      Object.values(recipes)
        .filter(isNetwork)
        .map(({ dataset }) => dataset),
    ),
  ];
}

/**
 * Gathers the children that a study names. Each is the name of one that ships, the path of a file, a whole
 * recipe, or the name of a recipe that stands further up in the same study.
 */
export class RecipeBook {
  readonly #children = new Map<string, Child>();
  readonly #files: Record<string, string> = {};
  readonly #placeOf: PlaceOf;

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  /** The child that was written at a path, and the steps that were given with it. */
  read(given: ChildGiven, path: YamlPath): { readonly child: Child; readonly steps: number | undefined } {
    if (isWholeRecipe(given)) {
      const child = readInlineChild(given, path, this.#placeOf);
      return { child: this.#add(child, path), steps: undefined };
    }
    const { name, steps } = this.#reference(given, path);
    const known = this.#children.get(name);
    if (known) return { child: known, steps };
    const place = this.#placeOf(path);
    const { child, file } = placed(place, () => loadChild(name, folderOfPlace(place)));
    if (!isShipped(child.name)) this.#files[child.name] = file;
    return { child: this.#add(child, path), steps };
  }

  /** All children that were read. */
  contents(): StudyRecipes {
    const recipes = [...this.#children.values()].map(({ name, ...recipe }) => [name, recipe] as const);
    return { recipes: Object.fromEntries(recipes), recipeFiles: { ...this.#files } };
  }

  #reference(given: ChildGiven, path: YamlPath): z.infer<typeof childReference> {
    const parsed = childReference.safeParse(given);
    if (parsed.success) return parsed.data;
    const within: PlaceOf = (inner, part) => this.#placeOf([...path, ...inner], part);
    const problems = schemaProblems(childReference, given, parsed.error, within);
    refuseProblems(problems, this.#placeOf(path)?.file ?? 'the study', 'config');
    throw parsed.error;
  }

  /** Refuses another recipe under the name of one that is known already, here or among those that ship. */
  #add(child: Child, path: YamlPath): Child {
    const { name } = child;
    const other = this.#children.get(name);
    const shipped = !other && isShipped(name);
    const known = shipped ? shippedRecipe(name) : other;
    const [difference] = known ? recipeDifferences(known, child) : [];
    if (difference !== undefined) {
      const whose = shipped ? 'the child that ships under this name' : 'the other child of this name';
      throw new ActivationSearchError('config', `child "${name}" is not ${whose}: ${difference}.`, {
        hint: `Give it a name of its own, such as name: my-${name}`,
        ...placeDetail(this.#placeOf(path)),
      });
    }
    if (!other) this.#children.set(name, child);
    return other ?? child;
  }
}

const recipeKeys = Object.values(inlineRecipes)
  .flatMap(({ shape }) => Object.keys(shape))
  .filter((key) => !Object.hasOwn(childReference.shape, key));

function isWholeRecipe(given: ChildGiven): boolean {
  return recipeKeys.some((key) => Object.hasOwn(given, key));
}

function isShipped(name: string): boolean {
  return shippedChildNames().includes(name);
}

/** The recipes of children that ship, for studies that stored names only. */
export function shippedRecipes(names: readonly string[]): Recipes {
  return Object.fromEntries(names.map((name) => [name, shippedRecipe(name)]));
}

/**
 * What of a study's children is otherwise now in the files they were read from, as `NAME: model.depth (20
 * before, 3 now)`. A file that is gone or cannot be read changes nothing: the study keeps its recipes.
 */
export function changedRecipes({ recipes, recipeFiles }: StudyRecipes): readonly string[] {
  return Object.entries(recipes).flatMap(([name, recipe]) => {
    const source = recipeFiles[name] ?? (isShipped(name) ? name : undefined);
    const now = source === undefined ? undefined : unlessRefused(() => loadChild(source).child);
    return now?.name === name ? recipeDifferences(recipe, now).map((text) => `${name}: ${text}`) : [];
  });
}

/** In which children, and in what of each, two studies differ. */
export function differingRecipes(before: Recipes, now: Recipes): readonly string[] {
  return Object.entries(before).flatMap(([name, recipe]) => {
    const other = now[name];
    return other ? recipeDifferences(recipe, other).map((text) => `${name}: ${text}`) : [];
  });
}

function placeDetail(place: ReturnType<PlaceOf>) {
  return place ? { place } : {};
}
