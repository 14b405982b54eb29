import type { Json, StudyRecord } from '../storage/store.ts';

/** A setting that is not the same in all of some studies. */
export interface DifferingSetting {
  readonly setting: string;
  /** Of each study, as JSON; empty where a study has no such setting. */
  readonly values: readonly string[];
}

/** Settings that are not the same in all studies, by the path of their keys. */
export function differingSettings(studies: readonly StudyRecord[]): readonly DifferingSetting[] {
  const flat = studies.map(({ config }) => new Map(entriesOf(config)));
  const settings = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return settings
    .map((setting) => ({ setting, values: flat.map((one) => one.get(setting) ?? '') }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Recipes follow from the children that the rungs name. */
const leftOut: readonly string[] = ['recipes', 'recipeFiles'];

function entriesOf(config: Json, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(config)
    .filter(([key]) => !leftOut.includes(key))
    .flatMap(([key, value]) => {
      const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isGroup) return entriesOf(value as Json, `${path}${key}.`);
      return [[`${path}${key}`, value === null ? 'none' : JSON.stringify(value)] as const];
    });
}
