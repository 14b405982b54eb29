import type { Controller, ControllerKind, Told } from '../../src/controllers/controller.ts';
import { controllerKind } from '../../src/controllers/controllers.ts';
import type { StudyPlan } from '../../src/search/study-plan.ts';

/** Proposes what random does, and remembers all that it was told: it must be told whole batches, in order. */
export const learning: ControllerKind = {
  ...controllerKind('random'),
  learns: true,
  restore(space, state): Controller {
    const { told = [], ...rest } = state as { told?: unknown[] };
    const inner = controllerKind('random').restore(space, rest);
    const heard: unknown[] = [...told];
    return {
      ask: (count) => inner.ask(count),
      tell: (results: readonly Told[]) => heard.push(results),
      save: () => ({ ...inner.save(), told: [...heard] }),
    };
  },
};

export function withLearning(plan: StudyPlan): StudyPlan {
  return { ...plan, controller: learning };
}
