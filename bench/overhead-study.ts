// One side of the bench `overhead`: a study of the paper's space whose trials take no time, in a database on
// disk. Prints the milliseconds a trial: by the clock, and of processor time in all, up to the first thousand
// trials, while the code is still being compiled, and after them.
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

const warmedUp = 1000;
let trials = 0;
let cold = Number.NaN;
const runner: TrialRunner = {
  run: async (request) => {
    trials += 1;
    if (trials === warmedUp) cold = processorMilliseconds();
    return simulatedOutcome(request);
  },
};

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

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
  const [started, before] = [performance.now(), processorMilliseconds()];
  const common = { store, study, plan, scoring, runner, stop: neverStop };
  await runStudy({ ...common, resumed: false, workers: 2, onEvent: () => undefined });
  const [clock, taken] = [performance.now() - started, processorMilliseconds() - before];
  store.close();
  const first = cold - before;
  const measured = [clock / trials, taken / trials, first / warmedUp, (taken - first) / (trials - warmedUp)];
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
