import type { Arithmetic } from '../trial/protocol.ts';
import type { LearnedValues } from './learned.ts';
import { type EndedTrial, finiteOrNull, type Trial } from './trial.ts';

export interface Difference {
  readonly what: string;
  readonly stored: string;
  readonly now: string;
}

/** How a repeated trial compares with the stored one. */
export interface Repetition {
  readonly equal: boolean;
  readonly differences: readonly Difference[];
  /** Facts of the machine's arithmetic that have changed: the reason for any differences. */
  readonly arithmetic: readonly Difference[];
}

/** A stored trial, with what is stored beside it. */
export interface StoredTrial {
  readonly trial: Trial;
  readonly learned: LearnedValues;
  readonly curve: readonly { readonly step: number; readonly trainingLoss: number | null }[];
}

/**
 * Compares a trial with its repetition bit for bit: how it ended, measures, hash of the final weights, the
 * values of trained parameters (stored as float32) and the learning curve. Time is no part of it.
 */
export function compareRepetition(stored: StoredTrial, repeated: EndedTrial): Repetition {
  const now = compared(repeated.trial, repeated.learnedValues ?? {}, repeated.curve);
  const differences = differing(compared(stored.trial, stored.learned, stored.curve), now);
  return repetition(differences, stored.trial, repeated.trial);
}

/**
 * Compares a trial of a command with its repetition: how it ended, and each measure that the script reported,
 * which may differ by `tolerance` as a share of the larger one.
 */
export function compareMeasures(stored: Trial, repeated: EndedTrial['trial'], tolerance: number): Repetition {
  const measures = ['metric', 'validationAccuracy', 'validationLoss'] as const;
  const differences = [
    ...differing({ status: stored.status }, { status: repeated.status }),
    ...measures
      .filter((what) => !isWithin(stored[what], repeated[what], tolerance))
      .map((what) => ({ what, stored: JSON.stringify(stored[what]), now: JSON.stringify(repeated[what]) })),
  ];
  return repetition(differences, stored, repeated);
}

function isWithin(stored: number | null, now: number | null, tolerance: number): boolean {
  if (stored === null || now === null) return stored === now;
  return Math.abs(stored - now) <= tolerance * Math.max(Math.abs(stored), Math.abs(now));
}

function repetition(
  differences: readonly Difference[],
  { arithmetic: before }: Pick<Trial, 'arithmetic'>,
  { arithmetic: after }: Pick<Trial, 'arithmetic'>,
): Repetition {
  const equal = differences.length === 0;
  return { equal, differences, arithmetic: before && after ? differing<Arithmetic>(before, after) : [] };
}

function compared(trial: EndedTrial['trial'], learned: LearnedValues, curve: StoredTrial['curve']) {
  return {
    status: trial.status,
    reason: trial.reason,
    'steps done': trial.stepsDone,
    'validation accuracy': trial.validationAccuracy,
    'validation loss': trial.validationLoss,
    'training loss': trial.trainingLoss,
    parameters: trial.parameterCount,
    'hash of the weights': trial.weightsHash,
    'trained values': rounded(learned),
    'learning curve': curve.map(({ step, trainingLoss }) => [step, finiteOrNull(trainingLoss)]),
  };
}

function differing<T extends object>(stored: T, now: T): readonly Difference[] {
  return (Object.keys(now) as (keyof T & string)[]).flatMap((what) => {
    const [before, after] = [JSON.stringify(stored[what]), JSON.stringify(now[what])];
    return before === after ? [] : [{ what, stored: shortened(before), now: shortened(after) }];
  });
}

/** Cuts long lists: that they differ is said, not where. */
function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

function rounded(learned: LearnedValues): readonly unknown[] {
  return Object.entries(learned)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, layers]) => [
      name,
      layers.map((channels) => channels.map((value) => finiteOrNull(Math.fround(value)))),
    ]);
}
