// Starts real training scripts, in Node; no TensorFlow. About 20 s.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CommandRecipe } from '../../src/children/recipe.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';
import { ScriptRunner } from '../../src/trial/script-runner.ts';
import { ended, isRunning } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { lasting, tinyRequest } from './requests.ts';
import { commandRequest, completed, crash, shellRequest, startPool } from './script-requests.ts';

suite('a script that stays', () => {
  test('serves one request after another, with curve, measures and what it says of its machine', async (context) => {
    const pool = startPool(context);
    const first = completed(await pool.run(commandRequest('good')));
    const pids = pool.pids();
    const second = completed(await pool.run(commandRequest('good', {}, { id: 2, expression: 'sin(x)' })));
    assert.deepEqual(pool.pids(), pids);
    assert.notEqual(first.measures.validationAccuracy, second.measures.validationAccuracy);
    assert.deepEqual(first.arithmetic, { command: { device: 'abacus', slot: '' } });
    assert.equal(first.curve.at(-1)?.step, 100);
    assert.ok(Math.abs(first.measures.trainingLoss - 0.02) < 1e-12);
    const again = await pool.run(commandRequest('good'));
    assert.deepEqual(lasting(again), lasting(first));
  });

  test('reports the metric of its recipe, and learned parameters', async (context) => {
    const metric = { name: 'perplexity', goal: 'minimize' } as const;
    const { measures } = completed(
      await startPool(context).run(commandRequest('metrics', { metric }, { seed: 3 })),
    );
    assert.deepEqual([measures.metric, measures.validationAccuracy], [37, null]);
    assert.deepEqual(measures.learned, { beta: [[1.5, 0.5]] });
  });

  test('has the number of its worker in its environment', async (context) => {
    const pool = startPool(context, { workers: 2 });
    const request = (expression: string, id: number) =>
      commandRequest('good', { env: { SLOT: 'gpu {worker}' } }, { id, expression });
    const slotOf = (outcome: TrialOutcome) => {
      const { arithmetic } = completed(outcome);
      return 'command' in arithmetic && arithmetic.command.slot;
    };
    assert.equal(slotOf(await pool.run(request('x', 1))), 'gpu 0');
    const abort = new AbortController();
    const endless = new Promise<void>((resolve) => {
      const options = { signal: abort.signal, onProgress: () => resolve() };
      pool.run(request('endless', 2), options).catch(() => undefined);
    });
    await endless;
    assert.equal(slotOf(await pool.run(request('x', 3))), 'gpu 1');
    abort.abort();
  });

  test('waits beside workers of other kinds: both load once', async (context) => {
    const pool = startPool(context);
    await pool.run(commandRequest('good'));
    const [scriptWorker] = pool.pids();
    await pool.run(tinyRequest({ id: 2, steps: 1 }));
    await pool.run(commandRequest('good', {}, { id: 3 }));
    await pool.run(tinyRequest({ id: 4, steps: 1 }));
    assert.equal(pool.pids().length, 2);
    assert.ok(pool.pids().includes(scriptWorker as number));
  });

  test('is told to stop where a rule says so, and serves the next request', async (context) => {
    const pool = startPool(context);
    const earlyStop = { bounds: [{ step: 50, loss: 0.01 }] };
    const outcome = await pool.run(commandRequest('silent', {}, { earlyStop }));
    assert(outcome.status === 'stopped-early', outcome.status);
    assert.match(outcome.reason, /^training loss 0\.\d+ at step 50 is above 0.010/);
    const pids = pool.pids();
    assert.equal(
      (await pool.run(commandRequest('silent', {}, { id: 2, earlyStop }))).status,
      'stopped-early',
    );
    assert.deepEqual(pool.pids(), pids);
  });

  test('that loses its number has diverged', async (context) => {
    const pool = startPool(context);
    const loss = await pool.run(commandRequest('nan-loss'));
    assert.deepEqual([loss.status, 'reason' in loss && loss.reason], ['diverged', 'loss is NaN at step 51']);
    const end = await startPool(context).run(commandRequest('nan'));
    assert.deepEqual(
      [end.status, 'reason' in end && end.reason],
      ['diverged', 'validationAccuracy is not finite after 100 steps'],
    );
  });

  test('whose validation loss is below 0 has diverged, unless a metric judges it', async (context) => {
    const pool = startPool(context);
    const reasonOf = (outcome: TrialOutcome) => [outcome.status, 'reason' in outcome ? outcome.reason : ''];
    const [status, reason] = reasonOf(await pool.run(commandRequest('negative')));
    assert.equal(status, 'diverged');
    assert.match(reason as string, /^validationLoss is -0\.1: .* must not be below 0; add a constant to it/);
    const training = completed(await startPool(context).run(commandRequest('negative-loss')));
    assert.equal(training.measures.trainingLoss, -0.25, 'only a score of losses reads it');
    const metric = { name: 'mae', goal: 'minimize' } as const;
    const judged = completed(await startPool(context).run(commandRequest('negative', { metric })));
    assert.deepEqual([judged.measures.metric, judged.measures.validationLoss], [2, -0.1]);
  });

  test('that answers twice: the first answer counts', async (context) => {
    const pool = startPool(context);
    const outcomes = [];
    for (const id of [1, 2, 3]) outcomes.push(await pool.run(commandRequest('twice', {}, { id })));
    assert.deepEqual(
      outcomes.map(({ status, id }) => [status, id]),
      [1, 2, 3].map((id) => ['complete', id]),
    );
    assert.equal(
      outcomes.every(({ attempts }) => attempts === undefined),
      true,
    );
  });

  test('that takes too long has timed out, whether it stops or not', async (context) => {
    for (const behavior of ['silent', 'hangs-on-stop']) {
      const outcome = await startPool(context).run(commandRequest(behavior, {}, { timeLimit: 0.2 }));
      assert(outcome.status === 'timed-out', outcome.status);
      assert.match(outcome.reason, /stopped after 0.2 s at step \d+ of 100/);
    }
  });
});

suite('a script that fails', () => {
  test('in the middle is tried again in a fresh process, to the same outcome', async (context) => {
    const file = join(temporaryFolder(context), 'tried');
    const pool = startPool(context);
    const outcome = completed(await pool.run(commandRequest('killed-once', { options: { file } })));
    assert.equal(outcome.attempts, 2);
    const good = completed(await pool.run(commandRequest('good')));
    assert.equal(outcome.measures.validationAccuracy, good.measures.validationAccuracy);
  });

  test('with an exception has it in its reason', async (context) => {
    const reason = await crash(context, commandRequest('throws'));
    assert.match(
      reason,
      /exited with code 1 without an outcome; its last words: .*no such layer for max\(x, 0\)/s,
    );
  });

  test('answers for another request, or breaks the protocol: it is said which way', async (context) => {
    assert.match(
      await crash(context, commandRequest('another')),
      /it sent "outcome" for request 1001, not 1/,
    );
    assert.match(
      await crash(context, commandRequest('percent')),
      /validationAccuracy 93: it is a share, from 0 to 1/,
    );
    const metric = { name: 'bleu', goal: 'maximize' } as const;
    assert.match(
      await crash(context, commandRequest('metrics', { metric })),
      /no metric "bleu", which the recipe names/,
    );
    assert.match(
      await crash(context, commandRequest('metrics')),
      /no validationAccuracy, and the recipe names no metric/,
    );
  });

  test('says nothing any more: it hangs', async (context) => {
    assert.match(
      await crash(context, commandRequest('silent', { silence: 1 })),
      /hung: no sign of life for 1 s/,
    );
  });

  test('with a message that is wrong is not heard any more, whatever comes after it', async (context) => {
    const lines = '{"kind":"progress","step":0,"loss":1}\n{"kind":"outcome","validationAccuracy":0.5}\n';
    const command = [process.execPath, '-e', `process.stdout.write(${JSON.stringify(lines)})`];
    const request = commandRequest('', { command, once: true });
    const { child, recipe, activation, precision } = request;
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      const job = { child, recipe: recipe as CommandRecipe, worker: 0, activation, precision };
      const hear = ({ kind }: { readonly kind: string }): void => {
        said.push(kind);
        if (kind === 'failed') setImmediate(resolve);
      };
      new ScriptRunner(job, hear, () => undefined).run(request);
    });
    assert.deepEqual(said, ['ready', 'failed']);
    assert.match(await crash(context, request), /its message "progress" is wrong: step/);
  });

  test('is told by its exit code, though what it has started holds its output open', async (context) => {
    const line = `read hello; echo '{"kind":"ready","protocol":1}'; read request; sleep 1000 & exit 3`;
    assert.match(await crash(context, shellRequest(line)), /exited with code 3 without an outcome/);
  });

  test('grows beyond the memory limit', async (context) => {
    const reason = await crash(context, commandRequest('grows'), { memoryLimit: 300e6 });
    assert.match(reason, /grew beyond its memory limit of 300 MB/);
  });

  test('before it is ready is no outcome but wrong input, with its last words and what to do', async (context) => {
    await assert.rejects(
      startPool(context).run(commandRequest('dies')),
      (error: Error & { hint?: string }) => {
        assert.match(
          error.message,
          /child "mine" cannot start: it exited with code 3 before it was ready; its last words: no module named torch/,
        );
        assert.match(error.hint ?? '', /children check/);
        return 'exitCode' in error && error.exitCode === 2;
      },
    );
    const none = commandRequest('', { command: ['./no-such-program'] });
    await assert.rejects(startPool(context).run(none), {
      code: 'config',
      message: /cannot be started \(ENOENT\)/,
    });
    await assert.rejects(startPool(context).run(commandRequest('old')), {
      code: 'config',
      message: /speaks protocol 0/,
    });
  });
});

suite('a script that trains once', () => {
  test('is started for each request, in the first line of its input and in its environment', async (context) => {
    const pool = startPool(context);
    const recipe = { once: true };
    const [one, other] = [
      completed(await pool.run(commandRequest('good', recipe))),
      completed(await pool.run(commandRequest('good', recipe, { id: 2 }))),
    ];
    assert.equal(one.measures.validationAccuracy, other.measures.validationAccuracy);
    const shell = `read request; echo "$request" | grep -q '"seed":1,' && echo '{"kind":"outcome","validationAccuracy":0.'$ACTIVATION_SEARCH_STEPS'}'`;
    const { measures } = completed(
      await pool.run(commandRequest('', { once: true, command: ['sh', '-c', shell] })),
    );
    assert.equal(measures.validationAccuracy, 0.1);
  });

  test('may say what it speaks and of its machine; another protocol is refused', async (context) => {
    const line = (protocol: number): string =>
      `read request; echo '{"kind":"ready","protocol":${protocol},"arithmetic":{"device":"abacus"}}'; echo '{"kind":"outcome","validationAccuracy":0.5}'`;
    const pool = startPool(context);
    const { arithmetic } = completed(await pool.run(shellRequest(line(1), { once: true })));
    assert.deepEqual(arithmetic, { command: { device: 'abacus' } });
    await assert.rejects(pool.run(shellRequest(line(7), { once: true })), {
      code: 'config',
      message: /speaks protocol 7, this tool 1/,
    });
    completed(await pool.run(shellRequest(line(1), { once: true }, { id: 3 })));
  });

  test('may be given more time than a timer counts', async (context) => {
    const line = `read request; echo '{"kind":"outcome","validationAccuracy":0.5}'`;
    completed(await startPool(context).run(shellRequest(line, { once: true }, { timeLimit: 720 * 3600 })));
  });

  test('crashes if it ends without an outcome, with its exit code and last words', async (context) => {
    const command = ['sh', '-c', 'echo this is not for us; exit 7'];
    const reason = await crash(context, commandRequest('', { once: true, command }));
    assert.match(reason, /exited with code 7 without an outcome; its last words: this is not for us/);
  });
});

suite('no orphans', () => {
  /** The script and the process that it started. */
  async function started(file: string): Promise<readonly number[]> {
    for (;;) {
      try {
        const pids = readFileSync(file, 'utf8').split(' ').map(Number);
        if (pids.length === 2) return pids;
      } catch {
        // Not there yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('a killed pool, an aborted trial and a killed worker take the script and its children along', async (context) => {
    for (const end of ['pool', 'trial', 'worker']) {
      const file = join(temporaryFolder(context), 'pids');
      const pool = startPool(context, { retries: 0 });
      const abort = new AbortController();
      const running = pool.run(commandRequest('has-children', { options: { file } }), {
        signal: abort.signal,
      });
      const pids = await started(file);
      assert.ok(pids.every(isRunning));
      if (end === 'pool') pool.kill();
      else if (end === 'trial') abort.abort();
      else process.kill(pool.pids()[0] as number, 'SIGKILL');
      await running.catch(() => undefined);
      assert.ok(await ended(pids), end);
    }
  });

  test('nor when the tool is killed with -9', async (context) => {
    const file = join(temporaryFolder(context), 'pids');
    const request = commandRequest('has-children', { options: { file } });
    const coordinator = fork(fileURLToPath(import.meta.resolve('./script-coordinator.js')), [
      JSON.stringify(request),
    ]);
    context.after(() => coordinator.kill('SIGKILL'));
    const pids = await started(file);
    assert.ok(pids.every(isRunning));
    coordinator.kill('SIGKILL');
    await once(coordinator, 'exit');
    assert.ok(await ended(pids));
  });
});
