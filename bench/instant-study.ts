import { createStudy, type NewName, scoringOf } from '../src/search/open-study.ts';
import { runStudy, type TrialRunner } from '../src/search/run-study.ts';
import { neverStop } from '../src/search/stop.ts';
import type { StudyPlan } from '../src/search/study-plan.ts';
import type { Store } from '../src/storage/store.ts';

/** Runs a study to its end with a runner whose trainings take no time; returns its name. */
export async function instantStudy(
  store: Store,
  name: NewName,
  plan: StudyPlan,
  runner: TrialRunner,
): Promise<string> {
  const study = createStudy(store, name, plan);
  const common = { store, study, plan, scoring: scoringOf(plan.config), runner, stop: neverStop };
  await runStudy({ ...common, resumed: false, workers: 1, onEvent: () => undefined });
  return study.name;
}
