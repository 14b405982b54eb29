// One side of the bench `overhead`: a study of the paper's space whose trials take no time, in a database on
// disk. Prints the milliseconds a trial, of a whole study.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudy, scoringOf } from '../src/search/open-study.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { runStudy, type TrialRunner } from '../src/search/run-study.ts';
import { neverStop } from '../src/search/stop.ts';
import { searchPlan } from '../src/search/study-plan.ts';
import { Store } from '../src/storage/store.ts';
import { simulatedOutcome } from './simulated-outcome.ts';

const candidates = Number(process.argv[2] ?? 2500);
const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));

const runner: TrialRunner = { run: async (request) => simulatedOutcome(request) };

try {
  const whole = {
    space: 'paper',
    children: ['tiny-synthetic'],
    candidates,
    target: 'x*sigmoid(beta*x)',
  };
  const plan = searchPlan(readSettings(undefined, { whole }));
  const { config } = plan;
  const store = Store.open(join(folder, 'bench.db'));
  const study = createStudy(store, 'bench', plan);
  const scoring = scoringOf(config);
  const started = performance.now();
  const common = { store, study, plan, scoring, runner, stop: neverStop };
  await runStudy({ ...common, resumed: false, workers: 2, onEvent: () => undefined });
  const perTrial = (performance.now() - started) / (candidates + config.baselines.length);
  store.close();
  process.stdout.write(`${JSON.stringify([perTrial])}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
