import { type ActivationLayerOptions, activationLayer } from '../activation/activation-layer.ts';
import type { ObjectiveRecipe } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { exportFunction, type TargetName } from '../export/targets.ts';
import { parse } from '../expression/notation.ts';
import type { Candidate } from '../study/candidate.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { readScriptLine } from '../trial/script-lines.ts';
import type { ScriptTrial } from '../trial/script-trial.ts';

/** One training that a study asks for: of one candidate, with one seed and number of steps. */
export interface AskedTrial {
  /** Tells it apart from others that this program was asked for. */
  readonly id: number;
  /** The candidate's id, as the leaderboard has it. */
  readonly candidate: number;
  /** A baseline's name. */
  readonly name: string | null;
  readonly expression: string;
  /** What the controller proposed; baselines have none. */
  readonly tokens: readonly number[] | null;
  /** The same for all candidates. */
  readonly seed: number;
  readonly steps: number;
  /** Rung of the study's ladder, from 1. */
  readonly rung: number;
  /** The candidate as a layer of a tfjs-layers model. */
  readonly layer: (options?: ActivationLayerOptions) => ReturnType<typeof activationLayer>;
  /** The candidate as code that calls it `Activation` or `activation`; bytes for ONNX. */
  readonly code: (target: TargetName) => string | Uint8Array;
}

/** How a trial ended: with the accuracy, or the metric that the study names; or without, and why. */
export type TrialResult =
  | {
      readonly validationAccuracy?: number;
      readonly validationLoss?: number;
      readonly metrics?: Readonly<Record<string, number>>;
      readonly parameterCount?: number;
      /** Values of each parameter after training, one list of channels a layer. */
      readonly learned?: Readonly<Record<string, readonly (readonly number[])[]>>;
    }
  | { readonly failed: string };

/** A request as the program gets it. */
export function askedTrial(
  { id, seed, steps, rung = 1 }: TrialRequest,
  { id: candidate, name, expression, tokens }: Candidate,
): AskedTrial {
  return {
    id,
    candidate,
    name,
    expression,
    tokens,
    seed,
    steps,
    rung,
    layer: (options) => activationLayer(expression, options),
    code: (target) =>
      exportFunction({ expression: parse(expression), name: 'Activation', notes: [] }, target),
  };
}

/** The outcome of a trial that a program tells. Refuses what none can be. */
export function toldOutcome(
  trial: ScriptTrial,
  { metric }: ObjectiveRecipe,
  result: TrialResult | number,
): TrialOutcome {
  const refuse = (why: string): never => {
    throw new ActivationSearchError('usage', `trial ${trial.request.id} cannot end so: ${why}.`, {
      hint: 'Tell a number, { validationAccuracy }, { metrics } with the metric of the study, or { failed }.',
    });
  };
  if (typeof result !== 'number' && (typeof result !== 'object' || result === null))
    return refuse(`${JSON.stringify(result)} is neither a number nor an object`);
  const byNumber = (value: number) =>
    metric ? { metrics: { [metric.name]: value } } : { validationAccuracy: value };
  const told = typeof result === 'number' ? byNumber(result) : result;
  if ('failed' in told) return trial.failed(told.failed);
  // Read as a line of a script: numbers are checked, and null where they are not finite.
  const line = readScriptLine(JSON.stringify({ ...told, kind: 'outcome' }));
  const isOutcome = line.kind === 'message' && line.message.kind === 'outcome';
  const outcome = isOutcome ? trial.outcome(line.message) : line.kind === 'wrong' ? line.reason : line.kind;
  return typeof outcome === 'string' ? refuse(outcome) : outcome;
}
