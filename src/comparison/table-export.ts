import { mean } from '../ranking/comparisons.ts';
import { withoutPlaces } from '../search-space/search-space.ts';
import type { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { compareRank } from '../study/rank.ts';
import type { Trial } from '../study/trial.ts';

/** A study as a table for others: rows under columns, and how it came about. */
export interface ExportedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly origin: TableOrigin;
}

/** All that decides the scores, and what they cost. */
export interface TableOrigin {
  readonly study: string;
  readonly status: string;
  readonly seed: number;
  readonly config: unknown;
  readonly space: unknown;
  readonly gitRevision: string | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Processor, threads and libraries of the trainings: one, unless the study moved. */
  readonly arithmetics: readonly unknown[];
  readonly createdAt: string;
  readonly finishedAt: string | null;
  /** Running time of the study, and of all its trainings together. */
  readonly seconds: number;
  readonly trainingSeconds: number;
  readonly counts: Readonly<Record<string, number>>;
}

const ownColumns = [
  'expression',
  'status',
  'reason_code',
  'reason',
  'rung',
  'score',
  'low',
  'high',
  'versus_relu',
  'complexity',
  'gated',
  'fingerprint',
  'kind',
  'name',
  'sequences',
  'tokens',
] as const;

const measures = ['accuracy', 'loss', 'training_loss', 'seconds'] as const;

/**
 * A row for each function of a study: trained ones best first, then failed ones, then refused ones, then the
 * baselines. `sequences` is how many proposals were this function, `tokens` the first of them. For each child
 * the means over the seeds, `mlp20_mnist_accuracy` and the like; where a child was trained with several
 * numbers of steps, one for each.
 */
export function exportTable(store: Store, studyName: string): ExportedTable {
  const study = store.study(studyName);
  const candidates = store.candidatesOf(study.id);
  const trialsOf = store.trialsOfStudy(study.id);
  const trials = [...trialsOf.values()].flat();
  const trainings = trainingsOf(trials);
  const sequences = countSequences(candidates);
  const rows = ordered(candidates).map((candidate) => [
    ...ownValues(candidate, sequences.get(sequenceKey(candidate)) ?? 0),
    ...trainings.flatMap((training) => {
      const own = (trialsOf.get(candidate.id) ?? []).filter((trial) => isOf(trial, training));
      return [
        meanOf(own.map((trial) => trial.validationAccuracy)),
        meanOf(own.map((trial) => trial.validationLoss)),
        meanOf(own.map((trial) => trial.trainingLoss)),
        meanOf(own.map((trial) => Math.round(100 * trial.seconds) / 100)),
      ];
    }),
  ]);
  const { name, status, seed, config, space, gitRevision, versions, createdAt, finishedAt, seconds } = study;
  return {
    columns: [
      ...ownColumns,
      ...trainings.flatMap(({ column }) => measures.map((measure) => `${column}_${measure}`)),
    ],
    rows,
    origin: {
      study: name,
      status,
      seed,
      config: { ...config, space: space.name ?? config.space },
      space: withoutPlaces(space),
      gitRevision,
      versions,
      arithmetics: distinct(trials.flatMap(({ arithmetic }) => (arithmetic ? [arithmetic] : []))),
      createdAt,
      finishedAt,
      seconds: Math.round(seconds),
      trainingSeconds: Math.round(trials.reduce((sum, { seconds }) => sum + seconds, 0)),
      counts: countStatuses(candidates),
    },
  };
}

/** A child with a number of steps, and the name of its columns. */
interface Training {
  readonly child: string;
  readonly steps: number;
  readonly column: string;
}

function trainingsOf(trials: readonly Trial[]): readonly Training[] {
  const found: Omit<Training, 'column'>[] = [];
  for (const trial of trials) {
    if (!found.some((training) => isOf(trial, training)))
      found.push({ child: trial.child, steps: trial.steps });
  }
  return found.map(({ child, steps }) => {
    const several = found.filter((other) => other.child === child).length > 1;
    return { child, steps, column: `${child.replaceAll('-', '_')}${several ? `_${steps}` : ''}` };
  });
}

function isOf(trial: Trial, { child, steps }: Pick<Training, 'child' | 'steps'>): boolean {
  return trial.child === child && trial.steps === steps;
}

/**
 * Each function once: known proposals are left out, and of refused ones that are the same all but the first.
 */
function ordered(candidates: readonly Candidate[]): readonly Candidate[] {
  const place = ({ kind, status }: Candidate): number =>
    kind === 'baseline' ? 2 : status === 'refused' ? 1 : 0;
  const refusedSeen = new Set<string>();
  return candidates
    .filter((candidate) => {
      if (candidate.status === 'known' || candidate.status === 'waiting') return false;
      if (candidate.status !== 'refused') return true;
      const isNew = !refusedSeen.has(candidate.fingerprint);
      refusedSeen.add(candidate.fingerprint);
      return isNew;
    })
    .sort((a, b) => place(a) - place(b) || compareRank(a, b));
}

/** How many proposals were the function of a candidate: by its id, where refused by its fingerprint. */
function countSequences(candidates: readonly Candidate[]): ReadonlyMap<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const candidate of candidates) {
    if (candidate.kind === 'baseline') continue;
    const key = candidate.sameAs ?? sequenceKey(candidate);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function sequenceKey({ status, fingerprint, id }: Candidate): string | number {
  return status === 'refused' ? fingerprint : id;
}

function ownValues(candidate: Candidate, sequences: number): (string | number | null)[] {
  const values: Record<(typeof ownColumns)[number], string | number | null> = {
    expression: candidate.expression,
    status: candidate.status,
    reason_code: candidate.reasonCode,
    reason: candidate.reason,
    rung: candidate.rung,
    score: candidate.score,
    low: candidate.low,
    high: candidate.high,
    versus_relu: candidate.versusRelu,
    complexity: candidate.complexity,
    gated: candidate.gated ? 1 : 0,
    fingerprint: candidate.fingerprint,
    kind: candidate.kind,
    name: candidate.name,
    sequences,
    tokens: candidate.tokens?.join(' ') ?? null,
  };
  return ownColumns.map((column) => values[column]);
}

function countStatuses(candidates: readonly Candidate[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind, status } of candidates) {
    const key = kind === 'baseline' ? 'baselines' : status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}
