import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { chooseBackend } from '../activation/usual-backend.ts';
import { controllerKind, controllerOptions } from '../controllers/controllers.ts';
import { ActivationSearchError, type Place } from '../errors.ts';
import { parse, print } from '../expression/notation.ts';
import { deriveSeed } from '../random.ts';
import { loadSearchSpace, type SearchSpace } from '../search-space/search-space.ts';
import type { StudyRecord } from '../storage/store.ts';
import { child } from '../trial/children.ts';
import { chosenBaselines } from './baselines.ts';
import type { StudyFile } from './study-file.ts';

/** Running time of a study for which neither trials nor time were given. */
export const defaultSeconds = 600;

/** A study's configuration with nothing left open: what is stored, and what `resume` goes on with. */
const studyConfig = z.strictObject({
  space: z.string(),
  units: z.int(),
  controller: z.strictObject({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  children: z.array(z.strictObject({ name: z.string(), steps: z.int() })),
  seeds: z.array(z.int()),
  /** Candidates to evaluate; null: no limit. */
  trials: z.int().nullable(),
  /** Seconds of running time; null: no limit. */
  time: z.number().nullable(),
  workers: z.int(),
  seed: z.int(),
  batch: z.int(),
  score: z.strictObject({ kind: z.enum(['log-error-ratio', 'accuracy', 'loss']), clip: z.number() }),
  baselines: z.array(z.string()),
  target: z.string().nullable(),
  stopAtTarget: z.boolean(),
  trialTimeLimit: z.number(),
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
});
export type StudyConfig = z.infer<typeof studyConfig>;

/** The configuration of a stored study. Refuses one that another version of the tool has written otherwise. */
export function storedConfig({ name, config }: Pick<StudyRecord, 'name' | 'config'>): StudyConfig {
  const parsed = studyConfig.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new ActivationSearchError(
    'study',
    `study "${name}" was begun by another version of activation-search: ${z.prettifyError(parsed.error)}`,
    { hint: 'Go on with it in that version, or start a new study; its results can still be read.' },
  );
}

/** What may differ between the sittings of one study: none of it changes a result. */
export const changeableKeys: readonly (keyof StudyConfig)[] = ['trials', 'time', 'workers', 'stopAtTarget'];

/** Where a key was written, if it was written in a file. */
export type PlaceOf = (path: readonly PropertyKey[]) => Place | undefined;

/**
 * Checks what a schema cannot (names, formulas, options) and fills in what follows from it. Refuses with the
 * place in the file, where the key stands in one.
 */
export function resolveStudy(
  given: StudyFile,
  placeOf: PlaceOf,
): { readonly config: StudyConfig; readonly space: SearchSpace } {
  const space = withPlace(placeOf(['space']), () =>
    loadSearchSpace(given.space, given.units === undefined ? {} : { units: given.units }),
  );
  return { config: resolveConfig(given, space, placeOf), space };
}

/** The same for a space that is there already. */
export function resolveConfig(given: StudyFile, space: SearchSpace, placeOf: PlaceOf): StudyConfig {
  const at = <T>(path: readonly PropertyKey[], resolve: () => T): T => withPlace(placeOf(path), resolve);
  const { kind } = given.controller;
  const options = at(['controller'], () => controllerOptions(kind, given.controller.options ?? {}));
  // Controllers judge options against the space when they are made.
  at(['controller'], () => controllerKind(kind).create(space, given.seed, options));
  const children = given.children.map(({ name, steps }, index) => ({
    name,
    steps: steps ?? given.steps ?? at(['children', index], () => child(name)).steps,
  }));
  children.forEach(({ name }, index) => {
    at(['children', index], () => child(name));
    if (children.findIndex((other) => other.name === name) === index) return;
    at(['children', index], () => {
      throw new ActivationSearchError('config', `child "${name}" is named twice.`, { hint: 'Name it once.' });
    });
  });
  const config: StudyConfig = {
    space: given.space,
    units: space.units,
    controller: { kind, options: { ...options } },
    children,
    seeds: at(['seeds'], () => trialSeeds(given.seeds, given.seed)),
    trials: given.trials ?? null,
    time: given.time ?? (given.trials === undefined ? defaultSeconds : null),
    workers: given.workers ?? availableParallelism(),
    seed: given.seed,
    batch: given.batch,
    score: given.score,
    baselines: [...at(['baselines'], () => chosenBaselines(given.baselines))],
    target: given.target === undefined ? null : print(parse(given.target, placeOf(['target']))),
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
    return !changeableKeys.includes(key) && JSON.stringify(stored[key]) !== JSON.stringify(given[key]);
  });
}

/**
 * The seeds of each candidate's trainings: those of a list, or as many as asked for, which depend on the study's
 * seed only, so that all candidates of a study have them in common.
 */
function trialSeeds(given: number | readonly number[], studySeed: number): number[] {
  if (typeof given === 'number') {
    return Array.from({ length: given }, (_, index) => deriveSeed('trial', studySeed, index) & 0x7fffffff);
  }
  if (new Set(given).size < given.length) {
    throw new ActivationSearchError('config', 'seeds names a seed twice.', { hint: 'Name each seed once.' });
  }
  return [...given];
}

/** Gives an error that has no place yet that place, so that a mistake in a file is found in it. */
function withPlace<T>(place: Place | undefined, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof ActivationSearchError) || !place || error.place) throw error;
    throw new ActivationSearchError(error.code, error.message, {
      place,
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
