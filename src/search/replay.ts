import type { Store } from '../storage/store.ts';
import type { Trial } from '../study/trial.ts';
import type { Arithmetic, TrialOutcome } from '../trial/protocol.ts';

export interface Difference {
  readonly what: string;
  readonly stored: string;
  readonly now: string;
}

/** How a repeated trial compares with the stored one. */
export interface Replay {
  readonly equal: boolean;
  readonly differences: readonly Difference[];
  /** Facts of the machine's arithmetic that are not what they were: the reason, where there are any. */
  readonly arithmetic: readonly Difference[];
}

/**
 * Compares a trial with its repetition bit for bit: how it ended, measures, hash of the final weights, the values
 * of trained parameters (stored as float32) and the learning curve. Time is no part of it.
 */
export function compareReplay(
  trial: Trial,
  learned: ReturnType<Store['learnedOf']>,
  curve: ReturnType<Store['curveOf']>,
  outcome: TrialOutcome,
): Replay {
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  const reason = outcome.status === 'complete' ? null : outcome.reason;
  const now = {
    status: outcome.status,
    reason,
    'steps done': outcome.steps,
    'validation accuracy': measures?.validationAccuracy ?? null,
    'validation loss': measures?.validationLoss ?? null,
    'training loss': measures?.trainingLoss ?? null,
    parameters: measures?.parameterCount ?? null,
    'hash of the weights': measures?.weightsHash ?? null,
    'trained values': rounded(measures?.learned ?? {}),
    'learning curve': outcome.curve.map(({ step, trainingLoss }) => [step, finite(trainingLoss)]),
  };
  const stored: typeof now = {
    status: trial.status,
    reason: trial.reason,
    'steps done': trial.stepsDone,
    'validation accuracy': trial.validationAccuracy,
    'validation loss': trial.validationLoss,
    'training loss': trial.trainingLoss,
    parameters: trial.parameterCount,
    'hash of the weights': trial.weightsHash,
    'trained values': rounded(learned),
    'learning curve': curve.map(({ step, trainingLoss }) => [step, trainingLoss]),
  };
  const differences = differing(stored, now);
  return { equal: differences.length === 0, differences, arithmetic: differingArithmetic(trial, outcome) };
}

/**
 * Compares a trial of a command with its repetition: how it ended, and each measure that the script reported, which may
 * differ by the given share of the larger one.
 */
export function compareMeasures(trial: Trial, outcome: TrialOutcome, tolerance: number): Replay {
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  const pairs = [
    ['metric', trial.metric, measures?.metric ?? null],
    ['validation accuracy', trial.validationAccuracy, measures?.validationAccuracy ?? null],
    ['validation loss', trial.validationLoss, measures?.validationLoss ?? null],
  ] as const;
  const far = pairs.filter(([, stored, now]) => !isWithin(stored, now, tolerance));
  const differences = [
    ...differing({ status: trial.status as string }, { status: outcome.status }),
    ...far.map(([what, stored, now]) => ({ what, stored: JSON.stringify(stored), now: JSON.stringify(now) })),
  ];
  return { equal: differences.length === 0, differences, arithmetic: differingArithmetic(trial, outcome) };
}

function isWithin(stored: number | null, now: number | null, tolerance: number): boolean {
  if (stored === null || now === null) return stored === now;
  return Math.abs(stored - now) <= tolerance * Math.max(Math.abs(stored), Math.abs(now));
}

function differingArithmetic(trial: Trial, outcome: TrialOutcome): readonly Difference[] {
  if (!('arithmetic' in outcome) || !trial.arithmetic) return [];
  return differing<Arithmetic>(trial.arithmetic, outcome.arithmetic);
}

function differing<T extends object>(stored: T, now: T): readonly Difference[] {
  return (Object.keys(now) as (keyof T & string)[]).flatMap((what) => {
    const [before, after] = [JSON.stringify(stored[what]), JSON.stringify(now[what])];
    return before === after ? [] : [{ what, stored: shortened(before), now: shortened(after) }];
  });
}

/** Long lists are cut: that they differ is said, not where. */
function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

function rounded(learned: Readonly<Record<string, readonly (readonly number[])[]>>): readonly unknown[] {
  return Object.entries(learned)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, layers]) => [
      name,
      layers.map((channels) => channels.map((value) => finite(Math.fround(value)))),
    ]);
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
