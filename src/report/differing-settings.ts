import type { Json, StudyRecord } from '../storage/store.ts';

/** A setting that is not the same in all of some studies. */
export interface DifferingSetting {
  readonly setting: string;
  /** Of each study, as JSON; empty where a study has no such setting. */
  readonly values: readonly string[];
}

/** Settings that are not the same in all studies, by the path of their keys. */
export function differingSettings(studies: readonly StudyRecord[]): readonly DifferingSetting[] {
  const shared = sharedChildren(studies);
  const flat = studies.map(({ config }) => new Map(entriesOf(compared(config, shared))));
  const settings = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return settings
    .map((setting) => ({ setting, values: flat.map((one) => one.get(setting) ?? '') }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Children of whom every study has a recipe. */
function sharedChildren(studies: readonly StudyRecord[]): readonly string[] {
  const [first = [], ...others] = studies.map(({ config }) => Object.keys(recipesOf(config)));
  return first.filter((child) => others.every((children) => children.includes(child)));
}

/** That a study has a child which another lacks is seen from the rungs: the recipe would only repeat it. */
function compared(config: Json, shared: readonly string[]): Json {
  const recipes = recipesOf(config);
  const kept = shared.map((child) => [child, without(recipes[child] ?? {}, ['summary', 'folder'])]);
  return { ...without(config, ['recipes', 'recipeFiles']), recipes: Object.fromEntries(kept) };
}

function recipesOf({ recipes }: Json): Readonly<Record<string, Json>> {
  return (recipes ?? {}) as Readonly<Record<string, Json>>;
}

function without(object: Json, left: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !left.includes(key)));
}

function entriesOf(config: Json, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isGroup) return entriesOf(value as Json, `${path}${key}.`);
    return [[`${path}${key}`, value === null ? 'none' : JSON.stringify(value)] as const];
  });
}
