// Part of the bench `queue`: the coordinator of a study whose trials are trained by the simulated workers of
// queue-workers.ts. Prints its trials, the seconds they took, and the milliseconds of its own processor time
// for each. Arguments: the address of the server, how many workers to wait for, how many candidates.
// Without an address the trials take no time here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverAddress } from '../src/queue/server-address.ts';
import { openServer } from '../src/queue/server-connection.ts';
import { createStudy, scoringOf } from '../src/search/open-study.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { runStudy, type TrialRunner } from '../src/search/run-study.ts';
import { neverStop } from '../src/search/stop.ts';
import { searchPlan } from '../src/search/study-plan.ts';
import { Store } from '../src/storage/store.ts';
import { openBenchRunner } from './queue-runner.ts';
import { simulatedOutcome } from './simulated-outcome.ts';

const [url = '', workers = '1', candidates = '1000'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
const whole = {
  space: 'paper',
  // One unit has some 3,000 different functions.
  units: Number(candidates) > 2500 ? 2 : 1,
  children: ['tiny-synthetic'],
  candidates: Number(candidates),
  batch: 1000,
};
const plan = searchPlan(readSettings(undefined, { whole }));
const store = Store.open(join(folder, 'bench.db'));
const study = createStudy(store, 'bench', plan);
const queue = url === '' ? undefined : await openQueue();
const runner: TrialRunner = queue ?? { run: async (request) => simulatedOutcome(request) };
try {
  while (queue && queue.places < Number(workers)) await sleep(100);
  const [started, before] = [performance.now(), process.cpuUsage()];
  const common = { store, study, plan, scoring: scoringOf(plan.config), runner, stop: neverStop };
  let trials = plan.config.baselines.length;
  await runStudy({
    ...common,
    resumed: false,
    workers: 2 * Number(workers),
    onEvent: (event) => {
      if (event.event === 'end') trials += event.counts.evaluated;
    },
  });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `${JSON.stringify({ trials, seconds, ownMilliseconds: (user + system) / 1000 / trials })}\n`,
  );
} finally {
  await queue?.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}

async function openQueue() {
  const server = await openServer(serverAddress(url));
  return openBenchRunner(server, { networks: false, datasets: {} });
}
