import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameFunction } from '../src/expression/fingerprint.ts';
import { parse } from '../src/expression/notation.ts';
import { projectRoot } from '../src/paths.ts';
import type { StudyEvent } from '../src/search/events.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { type StudyPlan, searchPlan } from '../src/search/study-plan.ts';
import type { LeaderboardRow } from '../src/storage/leaderboard.ts';
import type { Store } from '../src/storage/store.ts';
import type { Candidate } from '../src/study/candidate.ts';
import { isTrained } from '../src/study/statuses.ts';

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
  /** Running time of the study, seconds. */
  readonly seconds: number;
  /** Everything that the race judged, in the order of the leaderboard. */
  readonly finals: readonly LeaderboardRow[];
}

export interface Found {
  readonly expression: string;
  /** Running time when it had its score on the last rung before the race, seconds. */
  readonly seconds: number;
  /** Proposed candidates evaluated by then. */
  readonly evaluated: number;
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

type CandidateEvent = Extract<StudyEvent, { event: 'candidate' }>;

/** Reads a finished study from the database and its log; `lastRung` is the rung before the race. */
export function readRediscovery(store: Store, name: string, log: string, lastRung: number): Rediscovery {
  const study = store.study(name);
  const trained = store
    .candidatesOf(study.id)
    .filter(({ kind, status }) => kind === 'proposed' && isTrained(status));
  const rows = store.leaderboard(name);
  const finals = rows.filter(({ rung }) => rung !== null && rung > lastRung);
  const judged = finals
    .filter(({ kind }) => kind === 'proposed')
    .map((row): Judged => ({ row, form: swishForm(row) }));
  return {
    found: firstFound(trained, readEvents(log), lastRung),
    proposed: trained.find((one) => swishForm(one) !== null),
    recommended: judged.find(({ row }) => row.recommended),
    bestForm: judged.find(({ form }) => form !== null),
    baseline: rows.find((row) => row.kind === 'baseline' && swishForm(row) === 'Swish'),
    evaluated: trained.length,
    seconds: study.seconds,
    finals,
  };
}

function firstFound(
  trained: readonly Candidate[],
  events: readonly CandidateEvent[],
  lastRung: number,
): ReadonlyMap<SwishForm, Found> {
  const forms = new Map(trained.map((one) => [one.number, swishForm(one)]));
  const found = new Map<SwishForm, Found>();
  for (const { number, expression, rung, score, seconds, counts } of events) {
    const form = forms.get(number) ?? null;
    if (form === null || rung !== lastRung || score === null || found.has(form)) continue;
    found.set(form, { expression, seconds, evaluated: counts.evaluated });
  }
  return found;
}

/** What the study's log says of its proposals, in order; a last line half written does not count. */
function readEvents(log: string): readonly CandidateEvent[] {
  if (!existsSync(log)) throw new Error(`${log} is missing: it says when candidates were evaluated`);
  return readFileSync(log, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as CandidateEvent & { readonly msg: string })
    .filter(({ msg, kind }) => msg === 'candidate' && kind === 'proposed');
}
