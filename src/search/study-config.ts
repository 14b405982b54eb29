import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { childRecipe } from '../children/recipe.ts';
import { controllerKind, controllerNames } from '../controllers/controllers.ts';
import { ActivationSearchError } from '../errors.ts';
import { reflectionRules } from '../expression/reflection.ts';
import type { StudyRecord } from '../storage/store.ts';
import { scoreKinds } from '../study/candidate.ts';
import { childrenOfLadder, type Rung, rungConfig } from '../study/ladder.ts';
import { differingRecipes, shippedRecipes } from './recipes.ts';
import { changeableSettings, renamedSettings } from './study-settings.ts';

/** A study's configuration with nothing left open: what is stored, and what `resume` goes on with. */
const studyConfig = z.strictObject({
  space: z.string(),
  units: z.int(),
  controller: z.strictObject({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  /** The ladder, from its first rung to its last. */
  rungs: z.array(rungConfig),
  /** The recipes of the ladder's children, by name. Earlier studies stored names only. */
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
  reflections: z.enum(reflectionRules),
  target: z.string().nullable(),
  stopAtTarget: z.boolean(),
  trialTimeLimit: z.number(),
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
  /** Whether trainings are measured on the test split too: only where given functions are evaluated. */
  test: z.boolean().default(false),
});
export type StudyConfig = z.infer<typeof studyConfig>;

/** The configuration of a stored study, whose keys may have the names that an earlier version gave them. */
export function storedConfig({ name, config }: Pick<StudyRecord, 'name' | 'config'>): StudyConfig {
  const renamed = Object.entries(config).map(([key, value]) => [renamedSettings[key] ?? key, value]);
  const parsed = studyConfig.safeParse(Object.fromEntries(renamed));
  if (parsed.success) return withRecipes(withOptions(parsed.data));
  throw new ActivationSearchError(
    'study',
    `study "${name}" was begun by another version of activation-search: ${z.prettifyError(parsed.error)}`,
    { hint: 'Go on with it in that version, or start a new study; its results can still be read.' },
  );
}

/** Options of the controller that came later have their defaults, which change nothing. */
function withOptions(config: StudyConfig): StudyConfig {
  const { kind, options } = config.controller;
  if (!controllerNames.includes(kind)) return config;
  const parsed = controllerKind(kind).options.safeParse(options);
  return parsed.success ? { ...config, controller: { kind, options: parsed.data } } : config;
}

function withRecipes(config: StudyConfig): StudyConfig {
  const missing = childrenOfLadder(config.rungs).filter((name) => !config.recipes[name]);
  return { ...config, recipes: { ...shippedRecipes(missing), ...config.recipes } };
}

/** What was chosen from the budget because nobody gave it. */
export interface ChosenSettings {
  /** Names of options of the controller. */
  readonly options: readonly string[];
  readonly batch: boolean;
}

/**
 * The keys in which a configuration contradicts the one that a study was begun with. What was chosen for it
 * contradicts
 * nothing: the study may have been begun with another budget.
 */
export function contradictions(
  stored: StudyConfig,
  given: StudyConfig,
  chosen: ChosenSettings = { options: [], batch: false },
): readonly (keyof StudyConfig)[] {
  const adopted = chosen.options.filter((name) => Object.hasOwn(stored.controller.options, name));
  const options = {
    ...given.controller.options,
    ...Object.fromEntries(adopted.map((name) => [name, stored.controller.options[name]])),
  };
  const compared: StudyConfig = {
    ...given,
    controller: { ...given.controller, options },
    batch: chosen.batch ? stored.batch : given.batch,
    rungs: given.rungs.map((rung, index) => withStoredRule(rung, stored.rungs[index])),
  };
  const free: readonly string[] = [...changeableSettings, 'recipeFiles'];
  return (Object.keys(stored) as (keyof StudyConfig)[]).filter((key) => {
    if (key === 'recipes') return differingRecipes(stored.recipes, given.recipes).length > 0;
    return !free.includes(key) && !isDeepStrictEqual(asStored(stored[key]), asStored(compared[key]));
  });
}

/** A value as it comes back from the database: without what is undefined. */
function asStored(value: StudyConfig[keyof StudyConfig]): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A rung with the quantile rule of an earlier version, if the study was begun with that. */
function withStoredRule(given: Rung, stored: Rung | undefined): Rung {
  const [now, before] = [given.earlyStop?.quantile, stored?.earlyStop?.quantile];
  if (!given.earlyStop || !now || before?.fewest !== 0) return given;
  const { fewest, tolerance } = before;
  return { ...given, earlyStop: { ...given.earlyStop, quantile: { ...now, fewest, tolerance } } };
}
