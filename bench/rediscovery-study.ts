import { join } from 'node:path';
import { sameFunction } from '../src/expression/fingerprint.ts';
import { parse } from '../src/expression/notation.ts';
import { projectRoot } from '../src/paths.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { type StudyPlan, searchPlan } from '../src/search/study-plan.ts';
import type { LeaderboardRow } from '../src/storage/leaderboard.ts';
import type { Store } from '../src/storage/store.ts';
import type { Candidate } from '../src/study/candidate.ts';
import { Ladder } from '../src/study/ladder.ts';
import { isTrained } from '../src/study/statuses.ts';
import { instantStudy } from './instant-study.ts';
import { StoredTrainings } from './stored-trainings.ts';
import type { Training } from './study-table.ts';

/** What became of one study of the bench `rediscovery`. */
export interface Rediscovery {
  /** The first proposal of each form that was trained to the end of the last rung before the race. */
  readonly found: ReadonlyMap<SwishForm, Found>;
  /** The first proposal of any form that was trained at all, however briefly. */
  readonly proposed: Candidate | undefined;
  /** The function that the study recommends, if it recommends one. */
  readonly recommended: Judged | undefined;
  /** The best-ranked proposed form of Swish with a verdict, and the Swish that every study trains. */
  readonly bestForm: Judged | undefined;
  readonly baseline: LeaderboardRow | undefined;
  /** Proposed candidates that were trained. */
  readonly evaluated: number;
  /** From the beginning of the study to its last training, by the clock; NaN where that is not known. */
  readonly seconds: number;
  /** Everything that the race judged, in the order of the leaderboard. */
  readonly finals: readonly LeaderboardRow[];
}

export interface Found {
  readonly candidate: Candidate;
  /** From the beginning of the study until it was trained to the end, by the clock; NaN if not known. */
  readonly seconds: number;
}

export interface Judged {
  readonly row: LeaderboardRow;
  readonly form: SwishForm | null;
}

/**
 * How a function is Swish: x*sigmoid(x) or x*sigmoid(beta*x) itself; x*sigmoid(x) once its parameters have
 * their initial values; or the mirror image, f(-x) or -f(-x), of one of these.
 */
export type SwishForm = 'Swish' | 'Swish at initial values' | 'mirror image';

/** The settings of the quickstart were chosen on study seeds before. */
export const firstFreshSeed = 320;

export const quickstartFile = join(projectRoot, 'runs', 'quickstart.yaml');

/** The quickstart with a seed, proposed by its own controller or, with its usual options, by another. */
export function quickstartPlan(seed: number, controller?: string): StudyPlan {
  const other = controller === undefined ? {} : { controller: { kind: controller } };
  return searchPlan(readSettings(quickstartFile, { whole: { seed, ...other } }));
}

const swish = ['x*sigmoid(beta*x)', 'x*sigmoid(x)'].map((formula) => parse(formula));
const mirrored = ['-x*sigmoid(-x)', '-x*sigmoid(-beta*x)', 'x*sigmoid(-x)', 'x*sigmoid(-beta*x)'].map(
  (formula) => parse(formula),
);

/** How a candidate is Swish, or null. */
export function swishForm({
  expression,
  target,
}: Pick<Candidate, 'expression' | 'target'>): SwishForm | null {
  const parsed = parse(expression);
  if (swish.some((one) => sameFunction(parsed, one))) return 'Swish';
  if (target !== null) return 'Swish at initial values';
  return mirrored.some((one) => sameFunction(parsed, one)) ? 'mirror image' : null;
}

/** Whether it is Swish, or was when its training began; not its mirror image. */
export function isSwish(form: SwishForm | null): boolean {
  return form === 'Swish' || form === 'Swish at initial values';
}

/** Runs a study on its stored trainings: with the controller, ladder, race and verdicts of today. */
export async function replayStudy(
  store: Store,
  name: string,
  plan: StudyPlan,
  trainings: readonly Training[],
): Promise<Rediscovery> {
  await instantStudy(store, name, plan, new StoredTrainings(trainings));
  return readRediscovery(store, name, trainings, new Ladder(plan.config.rungs).height - 1);
}

/** The first that was found of Swish and of functions that begin as Swish; not their mirror images. */
export function foundOf({ found }: Rediscovery): Found | undefined {
  return [found.get('Swish'), found.get('Swish at initial values')]
    .flatMap((one) => one ?? [])
    .toSorted((a, b) => a.seconds - b.seconds)[0];
}

/** `lastRung` is the rung before the race. */
function readRediscovery(
  store: Store,
  name: string,
  trainings: readonly Training[],
  lastRung: number,
): Rediscovery {
  const trained = store
    .candidatesOf(store.study(name).id)
    .filter(({ kind, status }) => kind === 'proposed' && isTrained(status));
  const rows = store.leaderboard(name);
  const finals = rows.filter(({ rung }) => rung !== null && rung > lastRung);
  const judged = finals
    .filter(({ kind }) => kind === 'proposed')
    .map((row): Judged => ({ row, form: swishForm(row) }));
  return {
    found: firstFound(trained, trainings, lastRung),
    proposed: trained.find((one) => swishForm(one) !== null),
    recommended: judged.find(({ row }) => row.recommended),
    bestForm: judged.find(({ form }) => form !== null),
    baseline: rows.find((row) => row.kind === 'baseline' && swishForm(row) === 'Swish'),
    evaluated: trained.length,
    seconds: lastStored(trainings),
    finals,
  };
}

function firstFound(
  trained: readonly Candidate[],
  trainings: readonly Training[],
  lastRung: number,
): ReadonlyMap<SwishForm, Found> {
  const found = new Map<SwishForm, Found>();
  for (const candidate of trained) {
    const form = swishForm(candidate);
    if (form === null || candidate.score === null || (candidate.rung ?? 0) < lastRung) continue;
    const own = trainings.filter(
      ({ number, rung }) => number === String(candidate.number) && rung === String(lastRung),
    );
    const seconds = lastStored(own);
    const before = found.get(form);
    if (!before || seconds < before.seconds) found.set(form, { candidate, seconds });
  }
  return found;
}

/** When the last of the trainings was stored, in seconds from the beginning of the study. */
function lastStored(trainings: readonly Training[]): number {
  return Math.max(...trainings.map(({ stored }) => (stored ? Number(stored) : Number.NaN)));
}
