import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createStudy, scoringOf } from '../../src/search/open-study.ts';
import { runStudy } from '../../src/search/run-study.ts';
import { neverStop } from '../../src/search/stop.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { Store } from '../../src/storage/store.ts';
import { instantRunner } from '../search/instant-runner.ts';
import { formulasPlanOf } from '../search/support.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A child of one's own, such as two studies may have with differences. */
export const child = {
  name: 'mine',
  dataset: 'synthetic',
  model: { name: 'mlp', depth: 2, width: 8 },
  optimizer: { name: 'adam' },
  schedule: { name: 'cosine', peak: 0.01 },
  miniBatch: 32,
  steps: 10,
} as const;

/** A database with studies of given formulas; `before` is called before each with its name. */
export async function database(
  context: TestContext,
  studies: Readonly<Record<string, readonly [readonly string[], GivenSettings]>>,
  before: (name: string) => unknown = () => undefined,
): Promise<Store> {
  const store = Store.open(join(temporaryFolder(context), 'test.db'));
  context.after(() => store.close());
  for (const [name, [formulas, settings]] of Object.entries(studies)) {
    await before(name);
    const plan = formulasPlanOf(formulas, settings);
    const study = createStudy(store, name, plan);
    const scoring = scoringOf(plan.config);
    const [runner, onEvent] = [instantRunner(), () => undefined];
    await runStudy({
      store,
      study,
      resumed: false,
      plan,
      scoring,
      runner,
      workers: 1,
      stop: neverStop,
      onEvent,
    });
  }
  return store;
}
