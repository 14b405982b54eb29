import type { ObjectiveRecipe } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';
import { type Changes, changesOf } from '../search/continue-study.ts';
import { type StudyPlan, searchPlan } from '../search/study-plan.ts';
import { type GivenSettings, studySettings } from '../search/study-settings.ts';
import { requireUsable } from '../search-space/usable.ts';
import { refuseProblems } from '../yaml-file.ts';

type RungGiven = NonNullable<GivenSettings['rungs']>[number];

/** Settings of a study, as in a study file, but that nothing is said of children and workers. */
export interface OpenStudyOptions
  extends Pick<
    GivenSettings,
    | 'space'
    | 'units'
    | 'controller'
    | 'steps'
    | 'seeds'
    | 'candidates'
    | 'time'
    | 'seed'
    | 'batch'
    | 'score'
    | 'baselines'
    | 'reflections'
    | 'target'
    | 'stopAtTarget'
  > {
  /** The study's name. One that exists goes on. */
  readonly study: string;
  /** The database's file; the one that commands use without `--db` where it is left out. */
  readonly database?: string;
  /** A ladder, instead of steps and seeds. */
  readonly rungs?: readonly Omit<RungGiven, 'children' | 'earlyStop'>[];
  /** What trials are judged by, instead of their validation accuracy; always above 0. */
  readonly metric?: NonNullable<ObjectiveRecipe['metric']>;
  /** Validation examples: with them a single trial has an interval. */
  readonly validationCount?: number;
}

/** The child's name in tables. */
export const objectiveName = 'objective';

/** Settings of a study file that have no sense here, and what to do instead. */
const notHere = {
  children: 'The program itself trains: leave it out.',
  workers: 'The program itself trains: leave it out.',
  db: 'Name the file as `database`.',
} as const;

/** Refuses options that the types would have refused, for programs without types. */
export function checkOptions(options: unknown): void {
  const given = (options ?? {}) as Readonly<Record<string, unknown>>;
  const refuse = (what: string, hint: string): never => {
    throw new ActivationSearchError('config', `openStudy: ${what}.`, { hint });
  };
  if (typeof given.study !== 'string')
    refuse('the study has no name', "Give it one: openStudy({ study: 'mine', … }).");
  for (const [key, hint] of Object.entries(notHere)) {
    if (given[key] !== undefined) refuse(`${key} is no setting of a study that a program trains`, hint);
  }
  if (given.score === 'losses')
    refuse(
      'score "losses" needs the losses of training, which a program does not tell',
      'Choose another score.',
    );
}

/** The plan of a study whose trials its program tells, and what of it may change when it goes on. */
export function objectivePlan({
  database: _,
  rungs,
  metric,
  validationCount,
  ...settings
}: OpenStudyOptions): { readonly plan: StudyPlan; readonly changes: Changes } {
  const child = {
    name: objectiveName,
    objective: true,
    ...(metric ? { metric } : {}),
    ...(validationCount === undefined ? {} : { validationCount }),
  };
  const ladder = rungs
    ? { rungs: rungs.map((rung, index) => ({ ...rung, children: [index === 0 ? child : objectiveName] })) }
    : { children: [child] };
  const given = { ...settings, ...ladder };
  const { data, error } = studySettings.safeParse(given);
  if (!data) {
    refuseProblems(
      schemaProblems(studySettings, given, error, () => undefined),
      'openStudy',
      'config',
    );
    throw error;
  }
  const plan = searchPlan({ settings: data, placeOf: () => undefined });
  requireUsable(plan.space);
  // A loop of one's own ends when it likes: there is no usual time.
  const config = { ...plan.config, time: data.time ?? null };
  return { plan: { ...plan, config }, changes: changesOf(data, Object.keys(given)) };
}
