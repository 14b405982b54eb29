import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildRecipe, isNetwork } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError, unlessRefused } from '../errors.ts';
import { nodeModules, toolVersion } from '../paths.ts';
import type { ScoreOptions } from '../ranking/score.ts';
import { gitRevision } from '../revision.ts';
import { withoutPlaces } from '../search-space/search-space.ts';
import { isUnusedDatabase } from '../storage/inspect.ts';
import { Store, type StudyRecord } from '../storage/store.ts';
import { refuseFolder } from '../storage/study-folder.ts';
import { commandText } from '../terminal/command-text.ts';
import { storedBaseline } from './baselines.ts';
import { baselineCandidate } from './classify.ts';
import { contradictions, type StudyConfig, storedConfig } from './study-config.ts';
import { dataVersions, replacedData } from './study-data.ts';
import type { StudyPlan } from './study-plan.ts';

/**
 * The name of a new study: one that is refused if it is taken, or the first free one of `name`, `name-2`,
 * `name-3`, …
 */
export type NewName = string | { readonly firstFreeOf: string };

/**
 * Adds the study to the database and holds it for this process. Of processes that do so at the same instant,
 * each gets a study of its own.
 */
export function createStudy(store: Store, name: NewName, plan: StudyPlan): StudyRecord {
  if (typeof name === 'string') return addStudy(store, name, plan);
  return store.together(() => addStudy(store, freeName(store.studies(), name.firstFreeOf), plan));
}

function addStudy(store: Store, name: string, plan: StudyPlan): StudyRecord {
  refuseFolder(store.file, name);
  const { config, space, controller } = plan;
  return store.createStudy({
    name,
    config,
    seed: config.seed,
    controller: config.controller.kind,
    controllerState: controller.create(space, config.seed, config.controller.options).save(),
    space: plan.storedSpace,
    primitives: [...space.unary, ...space.binary],
    versions: { ...versions(), ...dataVersions(config.recipes) },
    baselines: config.baselines.map((baseline, index) => baselineCandidate(index, storedBaseline(baseline))),
    target: config.target,
    gitRevision: gitRevision() ?? null,
  });
}

/** The newest unfinished study called `name`, `name-2`, … that was begun with the same configuration. */
export function unfinishedStudy(file: string, name: string, plan: StudyPlan): string | undefined {
  return family(file, name).findLast((study) => study.status !== 'finished' && agrees(study, plan))?.name;
}

/** The newest study called `name`, `name-2`, … with the same configuration and data, finished or not. */
export function sameOfFamily(file: string, name: string, plan: StudyPlan): string | undefined {
  return family(file, name).findLast(
    (study) => agrees(study, plan) && replacedData(study, plan.config.recipes) === undefined,
  )?.name;
}

/** The newest study called `name`, `name-2`, … with the same configuration, finished or not. */
export function newestLike(file: string, name: string, plan: StudyPlan): string | undefined {
  return family(file, name).findLast((study) => agrees(study, plan))?.name;
}

function family(file: string, name: string): readonly StudyRecord[] {
  return readStudies(file).filter((study) => isOfFamily(study.name, name));
}

/** The first of `name`, `name-2`, `name-3`, … that no study of the database has. */
export function freeStudyName(file: string, name: string): string {
  return freeName(readStudies(file), name);
}

/** Refuses a name that a study of the database has; does not make the database. */
export function refuseTakenName(file: string, name: string): void {
  const taken = readStudies(file).find((study) => study.name === name);
  if (taken) throw nameIsTaken(file, taken);
}

/** The study of a name, if it was begun with the same configuration; refuses the name if it was not. */
export function sameStudy(file: string, name: string, plan: StudyPlan): StudyRecord | undefined {
  const taken = readStudies(file).find((study) => study.name === name);
  if (taken && !agrees(taken, plan)) throw nameIsTaken(file, taken);
  return taken;
}

function nameIsTaken(file: string, { name, status }: StudyRecord): ActivationSearchError {
  return new ActivationSearchError('study', `study "${name}" exists already (${status}).`, {
    hint: `Go on with it (${commandText(['resume', name], file)}) or choose another name (--study NAME).`,
  });
}

/**
 * The keys in which a plan contradicts a stored study. A space is what is in it, whatever its file is called.
 */
export function contradictionsWith(study: StudyRecord, plan: StudyPlan): readonly (keyof StudyConfig)[] {
  const keys = contradictions(storedConfig(study), plan.config, plan.chosen);
  const [before, now] = [study.space, plan.storedSpace].map((space) => JSON.stringify(withoutPlaces(space)));
  const others = keys.filter((key) => key !== 'space');
  return before === now ? others : ['space', ...others];
}

/** What has changed since a study was begun that may change the last bits of its trials. */
export function versionChanges(study: StudyRecord): readonly string[] {
  return Object.entries(versions()).flatMap(([name, now]) => {
    const before = study.versions[name];
    if (before === undefined || before === now) return [];
    return `the study was begun with ${name} ${before}, this is ${now}: scores may differ in their last bits.`;
  });
}

function agrees(study: StudyRecord, plan: StudyPlan): boolean {
  return unlessRefused(() => contradictionsWith(study, plan))?.length === 0;
}

/** How a study's scores are made; needs the data sets on this machine. */
export function scoringOf({ score, recipes }: StudyConfig): ScoreOptions {
  const named = Object.entries(recipes);
  const images = (recipe: ChildRecipe): number | null => {
    const { validationCount } = recipe;
    if (!isNetwork(recipe)) return validationCount ?? null;
    const { validation } = datasetStatus(recipe.dataset).images;
    return Math.min(validation, validationCount ?? validation);
  };
  const metrics = named.flatMap(([name, recipe]) =>
    !isNetwork(recipe) && recipe.metric ? [[name, recipe.metric] as const] : [],
  );
  return {
    ...score,
    validationImages: Object.fromEntries(named.map(([name, recipe]) => [name, images(recipe)])),
    metrics: Object.fromEntries(metrics),
  };
}

function readStudies(file: string): readonly StudyRecord[] {
  if (isUnusedDatabase(file)) return [];
  const store = Store.open(file, { readonly: true });
  try {
    return store.studies();
  } finally {
    store.close();
  }
}

function freeName(studies: readonly StudyRecord[], name: string): string {
  const taken = new Set(studies.map((study) => study.name));
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function isOfFamily(studyName: string, name: string): boolean {
  return (
    studyName === name || (studyName.startsWith(`${name}-`) && /^\d+$/.test(studyName.slice(name.length + 1)))
  );
}

function versions(): Record<string, string> {
  const tensorflow = JSON.parse(
    readFileSync(join(nodeModules, '@tensorflow', 'tfjs-node', 'package.json'), 'utf8'),
  ) as { version: string };
  return {
    'activation-search': toolVersion(),
    node: process.versions.node,
    'tfjs-node': tensorflow.version,
  };
}
