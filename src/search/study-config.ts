import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { chooseBackend } from '../activation/usual-backend.ts';
import { readFormula } from '../catalog/read-formula.ts';
import { childRecipe } from '../children/recipe.ts';
import { controllerKind, controllerOptions } from '../controllers/controllers.ts';
import { ActivationSearchError, placed } from '../errors.ts';
import { print } from '../expression/notation.ts';
import type { PlaceOf } from '../schema-problems.ts';
import { loadSearchSpace, type SearchSpace } from '../search-space/search-space.ts';
import type { StudyRecord } from '../storage/store.ts';
import { scoreKinds } from '../study/candidate.ts';
import { childrenOfLadder, rungConfig } from '../study/ladder.ts';
import { chosenBaselines } from './baselines.ts';
import { differingRecipes, shippedRecipes } from './recipes.ts';
import { resolveLadder } from './resolve-ladder.ts';
import { renamedKeys, type StudyFile } from './study-file.ts';

/** Running time of a study for which neither trials nor time were given. */
export const defaultSeconds = 600;

/** A study's configuration with nothing left open: what is stored, and what `resume` goes on with. */
const studyConfig = z.strictObject({
  space: z.string(),
  units: z.int(),
  controller: z.strictObject({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  /** The ladder, from its first rung to its last. */
  rungs: z.array(rungConfig),
  /** The recipes of the ladder's children, by name. Studies before 0.2 stored names only. */
  recipes: z.record(z.string(), childRecipe).default({}),
  /** The files that recipes were read from, by the child's name; those that ship are left out. */
  recipeFiles: z.record(z.string(), z.string()).default({}),
  /** Candidates to evaluate; null: no limit. */
  candidates: z.int().nullable(),
  /** Seconds of running time; null: no limit. */
  time: z.number().nullable(),
  workers: z.int(),
  seed: z.int(),
  batch: z.int(),
  score: z.strictObject({ kind: z.enum(scoreKinds), clip: z.number() }),
  baselines: z.array(z.string()),
  /** Is one of f(x) and -f(-x), and of functions whose parameters mirror each other, trained for all, or each of them? */
  reflections: z.enum(['each', 'once']),
  target: z.string().nullable(),
  stopAtTarget: z.boolean(),
  trialTimeLimit: z.number(),
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
});
export type StudyConfig = z.infer<typeof studyConfig>;

/** The configuration of a stored study, whose keys may have the names that an earlier version gave them. */
export function storedConfig({ name, config }: Pick<StudyRecord, 'name' | 'config'>): StudyConfig {
  const renamed = Object.entries(config).map(([key, value]) => [renamedKeys[key] ?? key, value]);
  const parsed = studyConfig.safeParse(Object.fromEntries(renamed));
  if (parsed.success) return withRecipes(parsed.data);
  throw new ActivationSearchError(
    'study',
    `study "${name}" was begun by another version of activation-search: ${z.prettifyError(parsed.error)}`,
    { hint: 'Go on with it in that version, or start a new study; its results can still be read.' },
  );
}

function withRecipes(config: StudyConfig): StudyConfig {
  const missing = childrenOfLadder(config.rungs).filter((name) => !config.recipes[name]);
  return { ...config, recipes: { ...shippedRecipes(missing), ...config.recipes } };
}

/** What may differ between the sittings of one study: none of it changes a result. */
export const changeableKeys: readonly (keyof StudyConfig)[] = [
  'candidates',
  'time',
  'workers',
  'stopAtTarget',
];

/**
 * Checks what a schema cannot (names, formulas, options) and fills in what follows from it. Refuses with the
 * place in the file, where the key stands in one.
 */
export function resolveStudy(
  given: StudyFile,
  placeOf: PlaceOf,
): { readonly config: StudyConfig; readonly space: SearchSpace } {
  const space = placed(placeOf(['space']), () =>
    loadSearchSpace(given.space, given.units === undefined ? {} : { units: given.units }),
  );
  return { config: resolveConfig(given, space, placeOf), space };
}

/** The same for a space that is there already. */
export function resolveConfig(given: StudyFile, space: SearchSpace, placeOf: PlaceOf): StudyConfig {
  const at = <T>(path: readonly PropertyKey[], resolve: () => T): T => placed(placeOf(path), resolve);
  const { kind } = given.controller;
  const options = at(['controller'], () => controllerOptions(kind, given.controller.options ?? {}));
  // Controllers judge options against the space when they are made.
  at(['controller'], () => controllerKind(kind).create(space, given.seed, options));
  const config: StudyConfig = {
    space: given.space,
    units: space.units,
    controller: { kind, options: { ...options } },
    ...resolveLadder(given, placeOf),
    candidates: given.candidates ?? null,
    time: given.time ?? (given.candidates === undefined ? defaultSeconds : null),
    workers: given.workers ?? availableParallelism(),
    seed: given.seed,
    batch: given.batch,
    score: given.score,
    baselines: [...at(['baselines'], () => chosenBaselines(given.baselines))],
    reflections: given.reflections,
    target: given.target === undefined ? null : print(readFormula(given.target, placeOf(['target']))),
    stopAtTarget: given.stopAtTarget,
    trialTimeLimit: given.trialTimeLimit,
    activation: at(['activation'], () => chooseBackend(given.activation)),
    precision: given.precision,
  };
  if (config.stopAtTarget && config.target === null) {
    throw new ActivationSearchError('config', 'stopAtTarget needs a target.', {
      hint: 'Give one: --target "x*sigmoid(beta*x)"',
    });
  }
  return config;
}

/** The keys in which a configuration contradicts the one that a study was begun with. */
export function contradictions(stored: StudyConfig, given: StudyConfig): readonly string[] {
  return Object.keys(stored).filter((name) => {
    const key = name as keyof StudyConfig;
    if (key === 'recipeFiles') return false;
    if (key === 'recipes') return differingRecipes(stored.recipes, given.recipes).length > 0;
    return !changeableKeys.includes(key) && JSON.stringify(stored[key]) !== JSON.stringify(given[key]);
  });
}
