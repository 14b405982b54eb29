import type { ControllerKind } from '../controllers/controller.ts';
import { EarlyStops } from './early-stops.ts';
import type { OpenBatch } from './open-batch.ts';
import type { StudyPlan } from './study-plan.ts';

/** How many batches of a controller that learns may be asked and not yet told. */
export function mostOpen({ overlaps }: ControllerKind): number {
  return overlaps ? 2 : 1;
}

/**
 * Whether a controller that learns must be asked now, where these batches are open: as early as its kind allows, for
 * what it knows when it is asked may not depend on when workers run out of candidates.
 */
export function mustAsk({ controller }: StudyPlan, open: readonly OpenBatch[]): boolean {
  const proposed = open.filter(({ kind }) => kind === 'proposed').length;
  return controller.learns && proposed < mostOpen(controller);
}

/** Whether a batch must be told before the next can be asked. */
export function awaitsTelling(plan: StudyPlan, open: readonly OpenBatch[]): boolean {
  if (plan.controller.learns) return !mustAsk(plan, open);
  return EarlyStops.needTold(plan.config.rungs) && open.length > 1;
}

/** How many to ask for, where so many have been begun: where batches decide nothing, no more than can be begun. */
export function roomFor({ config, controller }: StudyPlan, begun: number): number {
  const { batch, candidates, rungs } = config;
  const batchesCount = controller.learns || rungs.length > 1 || EarlyStops.needTold(rungs);
  return candidates === null || batchesCount ? batch : Math.min(batch, candidates - begun);
}
