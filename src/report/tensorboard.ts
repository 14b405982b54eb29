import {
  encodeEvents,
  type TensorboardEvent,
  type TensorboardSummary,
} from '../export/tensorboard-events.ts';
import type { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import { signed } from '../terminal/numbers.ts';
import type { DrawnCandidate } from './plots/plot.ts';

/** An event file: TensorBoard shows each folder that holds one as a run. */
export interface TensorboardRun {
  /** Below the folder of the board. */
  readonly folder: string;
  readonly content: Uint8Array;
}

/**
 * Runs for TensorBoard: of each function one with its formula and score, and below it one of each of its
 * trials, with the learning curve, what validation said, and the trained parameters as histograms.
 */
export function tensorboardRuns(store: Store, chosen: readonly DrawnCandidate[]): readonly TensorboardRun[] {
  return chosen.flatMap(({ candidate }) => {
    const folder = pathPart(`${candidate.id}-${candidate.name ?? candidate.expression}`);
    const trials = store.trialsOf(candidate.id);
    const names = trialNames(trials);
    return [
      { folder, content: encodeEvents([functionEvent(candidate, trials)]) },
      ...trials.map((trial, index) => ({
        folder: `${folder}/${names[index]}`,
        content: encodeEvents(trialEvents(store, trial)),
      })),
    ];
  });
}

/** Child, steps and seed of each trial; with its id where trials of several arithmetics share these. */
function trialNames(trials: readonly Trial[]): readonly string[] {
  const names = trials.map(({ child, steps, seed }) => pathPart(`${child}-${steps}-seed-${seed}`));
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}-trial-${trials[index]?.id}`,
  );
}

function functionEvent(candidate: Candidate, trials: readonly Trial[]): TensorboardEvent {
  const { expression, status, score, rung } = candidate;
  const result = score === null ? status : `score ${signed(score)} on rung ${rung}`;
  return {
    wallTime: Math.max(0, ...trials.map(endOf)),
    step: rung ?? 0,
    summaries: [
      { tag: 'function', kind: 'text', text: `\`${expression}\`: ${result}` },
      ...scalars({ score }),
    ],
  };
}

function trialEvents(store: Store, trial: Trial): readonly TensorboardEvent[] {
  const { id, seconds, steps, stepsDone, validationAccuracy, validationLoss, metric, status, reason } = trial;
  const end = endOf(trial);
  const at = (step: number, summaries: readonly TensorboardSummary[]): TensorboardEvent => ({
    wallTime: end - seconds * (1 - Math.min(1, step / steps)),
    step,
    summaries,
  });
  const curve = store
    .curveOf(id)
    .map(({ step, trainingLoss }) => at(step, scalars({ 'training/loss': trainingLoss })));
  const result: readonly TensorboardSummary[] = [
    { tag: 'status', kind: 'text', text: reason === null ? status : `${status}: ${reason}` },
    ...scalars({
      'validation/accuracy': validationAccuracy,
      'validation/loss': validationLoss,
      'validation/metric': metric,
    }),
  ];
  // A histogram for each layer: the board's steps of these are layers, counted from 1.
  const learned = Object.entries(store.learnedOf(id)).flatMap(([name, layers]) =>
    layers.map(
      (values, index): TensorboardEvent => ({
        wallTime: end,
        step: index + 1,
        summaries: [{ tag: `parameters by layer/${name}`, kind: 'histogram', values }],
      }),
    ),
  );
  return [...curve, at(stepsDone, result), ...learned];
}

/** Scalars of the values that are known. */
function scalars(values: Readonly<Record<string, number | null>>): readonly TensorboardSummary[] {
  return Object.entries(values).flatMap(([tag, value]) =>
    value === null ? [] : [{ tag, kind: 'scalar' as const, value }],
  );
}

/** When a trial ended, in seconds since 1970. */
function endOf({ storedAt }: Trial): number {
  return Date.parse(storedAt) / 1000;
}

/** A name of a folder that every file system takes. */
function pathPart(text: string): string {
  return text.replaceAll(/[^\w.()+-]+/g, '_').slice(0, 80);
}
