// Needs TensorFlow, real processes and a server, which it fetches. About 25 s.
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { silentLogger } from '../../src/logger.ts';
import type { RunOptions } from '../../src/trial/job.ts';
import { WorkerPool } from '../../src/trial/pool.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';
import { trainTrial } from '../../src/trial/train-trial.ts';
import { startCli } from '../support/cli.ts';
import { lasting, tinyRequest } from '../trial/requests.ts';
import { afterwards, startRunner, startWorker, testServer } from './support.ts';

interface Runner {
  run(request: TrialRequest, options?: RunOptions): Promise<TrialOutcome>;
}

/**
 * Each way to have trials trained, two at a time; undefined, and the test skipped, where it cannot be had.
 */
const runners: Readonly<Record<string, (context: TestContext) => Promise<Runner | undefined>>> = {
  'the pool of this machine': async (context) => {
    const pool = new WorkerPool({ workers: 2, logger: silentLogger });
    afterwards(context, () => pool.kill());
    return pool;
  },
  'a queue with a worker in this process': async (context) => {
    const own = await testServer(context);
    if (!own) return undefined;
    const runner = await startRunner(context, own.server);
    startWorker(context, own.server, { workers: 2 });
    return runner;
  },
  'a queue with a worker in a process of its own': async (context) => {
    const own = await testServer(context);
    if (!own) return undefined;
    const runner = await startRunner(context, own.server);
    const worker = startCli(['worker', '--connect', own.url, '--workers', '2']);
    afterwards(context, () => worker.kill('SIGKILL'));
    return runner;
  },
};

for (const [name, start] of Object.entries(runners)) {
  suite(name, () => {
    test('gives the bits of a training in this process, and progress while it trains', async (context) => {
      const runner = await start(context);
      if (!runner) return;
      const steps: number[] = [];
      const requests = [1, 2].map((id) =>
        tinyRequest({ id, seed: id, expression: 'x*sigmoid(beta*x)', steps: 60 }),
      );
      const long = runner.run(tinyRequest({ id: 9, steps: 1500 }), {
        onProgress: ({ step }) => steps.push(step),
      });
      const outcomes = await Promise.all(requests.map((request) => runner.run(request)));
      for (const [at, request] of requests.entries()) {
        assert.deepEqual(lasting(outcomes[at] as never), lasting(await trainTrial(request)));
      }
      assert.equal((await long).status, 'complete');
      assert.ok(steps.length > 0);
      assert.deepEqual(
        steps,
        steps.toSorted((a, b) => a - b),
      );
    });

    test('ends trials as they say: too slow, too bad, wrong, or aborted; the others go on', async (context) => {
      const runner = await start(context);
      if (!runner) return;
      const endless = { steps: 10_000_000 };
      const abort = new AbortController();
      const aborted = runner.run(tinyRequest({ id: 1, ...endless }), {
        signal: abort.signal,
        onProgress: () => abort.abort(new Error('enough')),
      });
      await assert.rejects(aborted, /enough/);
      const slow = await runner.run(tinyRequest({ id: 2, ...endless, timeLimit: 0.5 }));
      assert.equal(slow.status, 'timed-out');
      const bad = await runner.run(
        tinyRequest({ id: 3, earlyStop: { chance: null, bounds: [{ step: 20, loss: 0 }] } }),
      );
      assert.equal(bad.status, 'stopped-early');
      await assert.rejects(
        runner.run(tinyRequest({ id: 4, expression: 'sinn(x)' })),
        (error) =>
          error instanceof ActivationSearchError && error.code === 'formula' && error.hint !== undefined,
      );
      assert.equal((await runner.run(tinyRequest({ id: 5 }))).status, 'complete');
    });
  });
}
