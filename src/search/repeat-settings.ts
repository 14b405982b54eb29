import { shippedChildNames } from '../children/load.ts';
import type { Json } from '../storage/store.ts';
import { differingRecipes, shippedRecipes } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';

/**
 * A settings file that stands for a resolved configuration: a search with it proposes the same candidates and
 * trains them alike. Own recipes are written out.
 */
export function repeatSettings(study: string, config: StudyConfig): string {
  const { rungs, recipes, recipeFiles: _, test: __, space, units, time, ...rest } = config;
  const written = new Set<string>();
  const child = ({ name, steps }: StudyConfig['rungs'][number]['children'][number]): Json => {
    if (written.has(name) || isUsual(name, recipes)) return { name, steps };
    written.add(name);
    return { ...recipes[name], name, steps };
  };
  const settings = {
    study,
    space,
    units,
    ...rest,
    time: time === null ? null : `${time}s`,
    // The seeds of a race follow from the study's.
    rungs: rungs.map(({ children, seeds, ...rung }) => ({
      children: children.map(child),
      ...(rung.race === null ? { seeds } : {}),
      ...rung,
    })),
  };
  return Object.entries(withoutNull(settings) as Json)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** Whether a child is one that ships, as it is now. */
function isUsual(name: string, recipes: StudyConfig['recipes']): boolean {
  const recipe = recipes[name];
  if (recipe === undefined || !shippedChildNames().includes(name)) return false;
  return differingRecipes({ [name]: recipe }, shippedRecipes([name])).length === 0;
}

/** Settings that nobody gave are left out of a file. */
function withoutNull(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, own: unknown) => (own === null ? undefined : own)));
}
