import { lossAt } from './learning-curve.ts';
import type { CurvePoint, EarlyStop } from './protocol.ts';

/** How far a training has come. */
export interface Standing {
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Undefined if they are unknown: then no rule compares with guessing. */
  readonly classes: number | undefined;
  readonly curve: () => readonly CurvePoint[];
}

/**
 * Why a training is given up at the step that it has reached; undefined where it goes on. Depends on steps
 * and losses alone. A rule for a step at which there is no smoothed loss yet stops nothing.
 */
export function reasonToStop(
  rules: EarlyStop,
  { step, steps, classes, curve }: Standing,
): string | undefined {
  const chance = classes !== undefined && rules.chance?.after === step ? rules.chance : null;
  const bounds = rules.bounds.filter((bound) => bound.step === step);
  if (!chance && bounds.length === 0) return undefined;
  const loss = lossAt(curve(), step, steps);
  if (loss === undefined) return undefined;
  const guessing = Math.log(classes ?? Number.NaN);
  if (chance && !(loss < guessing - chance.by)) {
    return `training loss ${loss.toFixed(3)} at step ${step} is not below chance (${guessing.toFixed(3)} - ${chance.by})`;
  }
  const bound = bounds.find((one) => loss > one.loss);
  if (!bound) return undefined;
  const [above, limit] = toldApart(loss, bound.loss);
  return `training loss ${above} at step ${step} is above ${limit}, the bound set by earlier trials`;
}

/** Two numbers with three decimals, or as many as show which is greater. */
function toldApart(a: number, b: number): readonly [string, string] {
  for (let decimals = 3; decimals < 9; decimals++) {
    const [first, second] = [a.toFixed(decimals), b.toFixed(decimals)];
    if (first !== second) return [first, second];
  }
  return [String(a), String(b)];
}
