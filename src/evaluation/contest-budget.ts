import { ActivationSearchError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { mean } from '../ranking/comparisons.ts';
import { usualJudge } from '../ranking/verdicts.ts';
import { calibrate } from '../search/preview.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { Trial } from '../study/trial.ts';
import { durationText } from '../terminal/duration.ts';
import { plural } from '../terminal/numbers.ts';
import { type ChildSteps, isTrialOf } from './blocks.ts';

/** Seconds that a training on each child takes on one worker, as measured before, else measured now. */
export async function trialSeconds(
  config: StudyConfig,
  children: readonly ChildSteps[],
  trials: readonly Pick<Trial, 'child' | 'steps' | 'status' | 'seconds'>[],
): Promise<readonly number[]> {
  const measured = children.map((one) =>
    trials
      .filter((trial) => isTrialOf(trial, one) && trial.status === 'complete')
      .map(({ seconds }) => seconds),
  );
  if (measured.every((seconds) => seconds.length > 0)) return measured.map(mean);
  const costs = await calibrate(config, silentLogger);
  return children.map(({ child, steps }) => (costs[child]?.start ?? 0) + steps * (costs[child]?.step ?? 0));
}

export interface ContestWork {
  readonly functions: number;
  readonly children: readonly ChildSteps[];
  /** Seconds that a training on each child takes. */
  readonly seconds: readonly number[];
  /** Blocks that the functions share already. */
  readonly shared: number;
  readonly workers: number;
}

/** Refuses a budget in which no verdict can be reached, because five blocks take longer. */
export function refuseTooShort(budget: number, work: ContestWork): void {
  const { functions, children, seconds, shared, workers } = work;
  const { fewestBlocks } = usualJudge;
  const seeds = Math.ceil(Math.max(0, fewestBlocks - shared) / children.length);
  const needed = (seeds * functions * seconds.reduce((sum, each) => sum + each, 0)) / workers;
  if (needed <= budget) return;
  throw new ActivationSearchError(
    'usage',
    `a budget of ${durationText(budget)} cannot reach the ${fewestBlocks} blocks that a verdict needs: ${plural(seeds, 'seed')} of ${plural(functions, 'function')} on ${children.map(({ child }) => child).join(', ')} take about ${durationText(needed)} with ${plural(workers, 'worker')}.`,
    {
      hint: `Give --budget ${Math.ceil((1.2 * needed) / 60)}m or more, fewer functions, or a cheaper child.`,
    },
  );
}

/** Refuses a number of further blocks with which no verdict can be reached: a seed has one on each child. */
export function refuseTooFew(blocks: number, shared: number, children: number): void {
  const { fewestBlocks } = usualJudge;
  const least = children * Math.max(1, Math.ceil((fewestBlocks - shared) / children));
  if (blocks >= least) return;
  const each = children === 1 ? '' : `, and a seed has one on each of ${children} children`;
  const why =
    shared >= fewestBlocks
      ? 'cannot make a whole seed'
      : `cannot reach the ${fewestBlocks} that a verdict needs: ${plural(shared, 'block')} ${shared === 1 ? 'is' : 'are'} there`;
  throw new ActivationSearchError('usage', `${plural(blocks, 'further block')} ${why}${each}.`, {
    hint: `Give --blocks ${least} or more.`,
  });
}
