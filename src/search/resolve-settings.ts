import { availableParallelism } from 'node:os';
import { chooseBackend } from '../activation/usual-backend.ts';
import { readFormula } from '../catalog/read-formula.ts';
import { isNetwork } from '../children/recipe.ts';
import { controllerKind, controllerOptions } from '../controllers/controllers.ts';
import { ActivationSearchError, type Place, placed } from '../errors.ts';
import { print } from '../expression/notation.ts';
import { trainsMirrorsAlike } from '../network/models.ts';
import type { PlaceOf } from '../schema-problems.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import { chosenBaselines } from './baselines.ts';
import type { ReadSettings } from './read-settings.ts';
import type { Recipes } from './recipes.ts';
import { refuseSetting } from './refuse-setting.ts';
import { resolveLadder } from './resolve-ladder.ts';
import type { ChosenSettings, StudyConfig } from './study-config.ts';
import type { StudySettings } from './study-settings.ts';

/** Running time of a study for which neither candidates nor time were given. */
const usualSeconds = 600;

/** Seconds that a candidate is taken to need where only the time is limited, for a guess at their number. */
const secondsPerCandidate = 10;

const usualBatch = 32;

export interface ResolvedSettings {
  readonly config: StudyConfig;
  readonly chosen: ChosenSettings;
}

/**
 * Checks what a schema cannot (names, formulas, options, the ladder) and fills in everything that was left
 * open, for a search of the given space. `spaceName` is what the study calls it. Refuses with the place in
 * the file where the setting was written.
 */
export function resolveSettings(
  { settings, placeOf }: ReadSettings,
  space: SearchSpace,
  spaceName: string,
): ResolvedSettings {
  const at = <T>(key: string, resolve: () => T): T => placed(placeOf([key]), resolve);
  const { candidates, target, stopAtTarget } = settings;
  const { controller, batch, chosen } = resolveController(settings, space, placeOf);
  if (stopAtTarget && target === undefined) {
    const place = placeOf(['stopAtTarget']);
    throw new ActivationSearchError('config', 'stopAtTarget needs a target.', {
      hint: 'Give one: --target "x*sigmoid(beta*x)"',
      ...(place ? { place } : {}),
    });
  }
  const ladder = resolveLadder(settings, placeOf);
  if (settings.reflections === 'mirrors') refuseShortcuts(ladder.recipes, placeOf(['reflections']));
  const config: StudyConfig = {
    space: spaceName,
    units: space.units,
    controller,
    ...ladder,
    candidates: candidates ?? null,
    time: settings.time ?? (candidates === undefined ? usualSeconds : null),
    workers: settings.workers ?? availableParallelism(),
    seed: settings.seed,
    batch,
    score: settings.score,
    baselines: [...at('baselines', () => chosenBaselines(settings.baselines))],
    reflections: settings.reflections,
    target: target === undefined ? null : print(readFormula(target, placeOf(['target']))),
    stopAtTarget,
    trialTimeLimit: settings.trialTimeLimit,
    activation: at('activation', () => chooseBackend(settings.activation)),
    precision: settings.precision,
    test: false,
  };
  return { config, chosen };
}

/** Refuses children that may tell f(x) from f(-x). */
function refuseShortcuts(recipes: Recipes, place: Place | undefined): void {
  const [name, recipe] =
    Object.entries(recipes).find(([, one]) => !isNetwork(one) || !trainsMirrorsAlike(one.model)) ?? [];
  if (recipe === undefined) return;
  const why = isNetwork(recipe)
    ? 'a shortcut adds what comes out of the function to what goes into it'
    : 'nobody knows what its script or module trains';
  refuseSetting(`reflections: mirrors, but child "${name}" may tell f(x) from f(-x): ${why}.`, place, {
    hint: 'Use reflections: once, or children such as plain8-cifar10 and mlp20-mnist.',
  });
}

/** The controller with all of its options, and the batch that it is asked for. */
function resolveController(
  { controller, candidates, time, seed, batch }: StudySettings,
  space: SearchSpace,
  placeOf: PlaceOf,
): Pick<StudyConfig, 'controller' | 'batch'> & { readonly chosen: ChosenSettings } {
  const { kind: name, options: given = {} } = controller;
  const kind = placed(placeOf(['controller']), () => controllerKind(name));
  const budget = candidates ?? Math.floor((time ?? usualSeconds) / secondsPerCandidate);
  const usual = kind.forBudget?.(budget, given);
  const options = placed(placeOf(['controller', 'options']), () => {
    const whole = controllerOptions(name, { ...usual?.options, ...given });
    // Controllers judge options against the space when they are made.
    kind.create(space, seed, whole);
    return { ...whole };
  });
  const chosenOptions = Object.keys(usual?.options ?? {}).filter((option) => !Object.hasOwn(given, option));
  return {
    controller: { kind: name, options },
    batch: batch ?? usual?.batch ?? usualBatch,
    chosen: { options: chosenOptions, batch: batch === undefined && usual?.batch !== undefined },
  };
}
