import type { ChildRecipe } from './recipe.ts';

/**
 * What of a recipe is otherwise in another, as `model.depth (20 before, 3 now)`, or with other words for the
 * two; names, summaries and folders are left out.
 */
export function recipeDifferences(
  before: ChildRecipe,
  now: ChildRecipe,
  [was, is]: readonly [string, string] = ['before', 'now'],
): readonly string[] {
  const [old, fresh] = [before, now].map(
    (recipe) => new Map(leaves({ ...recipe, name: '', summary: '', folder: '' }, [])),
  );
  const keys = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const [then, since] = [old?.get(key), fresh?.get(key)];
    return then === since ? [] : [`${key} (${then ?? 'absent'} ${was}, ${since ?? 'absent'} ${is})`];
  });
}

/** Each value of an object that is no object itself, as JSON, with the path to it. */
function leaves(value: unknown, path: readonly string[]): (readonly [string, string])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[path.join('.'), JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}
