// Needs TensorFlow; starts, stops and kills processes. About 60 s.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { shippedRecipe } from '../../src/children/load.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { silentLogger } from '../../src/logger.ts';
import { type PoolOptions, WorkerPool } from '../../src/trial/pool.ts';
import { trainTrial } from '../../src/trial/train-trial.ts';
import { ended, isRunning } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { lasting, tinyRequest } from './requests.ts';

/** Long enough for several signs of life; short enough for a test. */
const long = { steps: 2500 };

function startPool(context: TestContext, options: Partial<PoolOptions> = {}): WorkerPool {
  const pool = new WorkerPool({ workers: 1, logger: silentLogger, ...options });
  context.after(() => pool.kill());
  return pool;
}

function residentBytes(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}

suite('a pool of workers', () => {
  test('gives the bits of a training in this process, on any worker, first or reused', async (context) => {
    const pool = startPool(context, { workers: 2 });
    const requests = [1, 2, 3, 4, 5, 6].map((id) =>
      tinyRequest({ id, seed: 1 + (id % 3), expression: 'sin(x)' }),
    );
    const outcomes = await Promise.all(requests.map((request) => pool.run(request)));
    for (const [at, request] of requests.entries()) {
      assert.deepEqual(lasting(outcomes[at] as never), lasting(await trainTrial(request)));
    }
    assert.equal(pool.pids().length, 2);
  });

  test('starts no more workers than there are trials, and ends them when closed', async (context) => {
    const pool = startPool(context, { workers: 4 });
    assert.equal(pool.pids().length, 0);
    const running = pool.run(tinyRequest());
    const pids = pool.pids();
    assert.equal(pids.length, 1);
    await pool.close();
    assert.equal((await running).status, 'complete');
    assert.ok(await ended(pids));
    await assert.rejects(pool.run(tinyRequest()), /closed/);
  });

  test('leaves the event loop of this process free while it trains', async (context) => {
    const pool = startPool(context, { workers: 2 });
    let turns = 0;
    let reports = 0;
    // A loop that is held up for the length of a training does not turn between two reports of one.
    const turn = (): void => {
      turns += 1;
      if (reports < 4) setImmediate(turn);
    };
    setImmediate(turn);
    const turnsAtReports: number[] = [];
    const onProgress = (): void => {
      reports += 1;
      turnsAtReports.push(turns);
    };
    await Promise.all([1, 2].map((id) => pool.run(tinyRequest({ id, ...long }), { onProgress })));
    assert.ok(turnsAtReports.length >= 2);
    assert.ok((turnsAtReports.at(1) as number) > (turnsAtReports[0] as number));
  });

  test('replaces a worker killed in the middle of a trial and tries again with the same bits', async (context) => {
    const pool = startPool(context);
    const killed: number[] = [];
    const request = tinyRequest({ ...long, expression: 'x*sigmoid(beta*x)' });
    const outcome = await pool.run(request, {
      onProgress: (_, pid) => {
        if (killed.length > 0) return;
        killed.push(pid);
        process.kill(pid, 'SIGKILL');
      },
    });
    assert.equal(killed.length, 1);
    assert.equal(outcome.status, 'complete');
    assert.equal(outcome.attempts, 2);
    assert.deepEqual(lasting(outcome), lasting(await pool.run(request)));
    assert.ok(!pool.pids().includes(killed[0] as number));
  });

  test('replaces a worker that hangs', async (context) => {
    const pool = startPool(context, { silenceLimit: 3 });
    const stopped: number[] = [];
    const outcome = await pool.run(tinyRequest(long), {
      onProgress: (_, pid) => {
        if (stopped.length > 0) return;
        stopped.push(pid);
        process.kill(pid, 'SIGSTOP');
      },
    });
    assert.equal(outcome.status, 'complete');
    assert.ok(await ended(stopped));
  });

  test('gives up after three tries, with signal, step and the other trials unharmed', async (context) => {
    const pool = startPool(context, { workers: 2 });
    const killed = new Set<number>();
    const unharmed = pool.run(tinyRequest({ id: 2 }));
    const outcome = await pool.run(tinyRequest(long), {
      onProgress: (_, pid) => {
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      },
    });
    assert(outcome.status === 'crashed');
    assert.equal(killed.size, 3);
    assert.equal(outcome.attempts, 3);
    assert.match(outcome.reason, /^the worker was killed by SIGKILL.*\(step \d+, try 3 of 3\)$/s);
    assert.ok(outcome.steps > 0);
    assert.equal((await unharmed).status, 'complete');
  });

  test('keeps the last words of a worker that runs out of memory', async (context) => {
    const pool = startPool(context, { retries: 0 });
    const outcome = await pool.run(tinyRequest({ child: 'resnet20-cifar10', steps: 2 }), {
      onProgress: (_, pid) => {
        // A real limit of the system: from now on no memory is given to the worker, and validation needs
        // some.
        execFileSync('prlimit', ['--pid', String(pid), '--as=1048576']);
      },
    });
    assert(outcome.status === 'crashed');
    assert.match(outcome.reason, /killed by SIG|exited with code|the training failed/);
    assert.match(outcome.reason, /its last words: .*(memory|alloc)/is);
  });

  test('kills a worker that grows beyond the memory limit', async (context) => {
    const pool = startPool(context, { memoryLimit: 50e6, retries: 1 });
    const outcome = await pool.run(tinyRequest({ steps: 10_000_000 }));
    assert(outcome.status === 'crashed');
    assert.match(outcome.reason, /grew beyond its memory limit of 50 MB.*try 2 of 2/s);
  });

  test('replaces a worker between trials once it has grown too big', async (context) => {
    const measuring = startPool(context);
    await measuring.run(tinyRequest({ steps: 1 }));
    const memory = residentBytes(measuring.pids()[0] as number);
    const pool = startPool(context, { memoryLimit: memory / 0.85 });
    const used = new Set<number>();
    const watch = setInterval(() => {
      for (const pid of pool.pids()) used.add(pid);
    }, 5);
    for (const id of [1, 2]) assert.equal((await pool.run(tinyRequest({ id, steps: 1 }))).status, 'complete');
    clearInterval(watch);
    assert.equal(used.size, 2);
  });

  test('starts other workers for other arithmetic', async (context) => {
    const pool = startPool(context, { workers: 1 });
    const float32 = await pool.run(tinyRequest({ id: 1 }));
    const fast = await pool.run(tinyRequest({ id: 2, precision: 'fast' }));
    const again = await pool.run(tinyRequest({ id: 1 }));
    assert(fast.status === 'complete' && float32.status === 'complete');
    assert.ok('precision' in fast.arithmetic && fast.arithmetic.precision === 'fast');
    assert.deepEqual(lasting(again), lasting(float32));
  });
});

suite('ending', () => {
  test('an aborted trial ends at once, running or waiting, and the others go on', async (context) => {
    const pool = startPool(context);
    const running = new AbortController();
    const waiting = new AbortController();
    const [first, second, third] = [
      pool.run(tinyRequest({ id: 1, steps: 10_000_000 }), {
        signal: running.signal,
        onProgress: () => running.abort(new Error('enough')),
      }),
      pool.run(tinyRequest({ id: 2 }), { signal: waiting.signal }),
      pool.run(tinyRequest({ id: 3 })),
    ];
    waiting.abort();
    await assert.rejects(second as Promise<unknown>, { name: 'AbortError' });
    await assert.rejects(first as Promise<unknown>, /enough/);
    assert.equal((await third)?.status, 'complete');
  });

  test('kill ends all workers at once and rejects what runs and waits', async (context) => {
    const pool = startPool(context);
    let pids: readonly number[] = [];
    const running = pool.run(tinyRequest({ steps: 10_000_000 }), {
      onProgress: () => {
        pids = pool.pids();
        pool.kill();
      },
    });
    const waiting = pool.run(tinyRequest());
    for (const trial of [running, waiting]) await assert.rejects(trial, { name: 'AbortError' });
    assert.equal(pids.length, 1);
    assert.ok(await ended(pids));
  });

  test('workers ignore Ctrl-C, which reaches the whole process group', async (context) => {
    const pool = startPool(context);
    let interrupted = 0;
    const outcome = await pool.run(tinyRequest(long), {
      onProgress: (_, pid) => {
        interrupted = pid;
        process.kill(pid, 'SIGINT');
      },
    });
    assert.equal(outcome.status, 'complete');
    assert.ok(pool.pids().includes(interrupted));
  });

  test('workers, idle and training, end when the coordinator is killed', async (context) => {
    const coordinator: ChildProcess = fork(fileURLToPath(import.meta.resolve('./coordinator.js')), [], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    context.after(() => coordinator.kill('SIGKILL'));
    const [line] = (await once(coordinator.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const pids = line.toString().trim().split(/\s+/).slice(0, 2).map(Number);
    assert.equal(pids.length, 2);
    assert.ok(pids.every(isRunning));
    coordinator.kill('SIGKILL');
    assert.ok(await ended(pids), 'workers outlived their coordinator');
  });
});

suite('requests and installations that are wrong', () => {
  test('a wrong request is refused, not crashed, and the worker stays', async (context) => {
    const pool = startPool(context);
    const recipe = { ...shippedRecipe('tiny-synthetic'), dataset: 'sinthetic' };
    const isDatasetError = (error: unknown): boolean =>
      error instanceof ActivationSearchError && error.code === 'dataset' && error.hint !== undefined;
    await assert.rejects(pool.run(tinyRequest({ recipe })), isDatasetError);
    const pids = pool.pids();
    assert.equal((await pool.run(tinyRequest())).status, 'complete');
    assert.deepEqual(pool.pids(), pids);
  });

  test('a data set that is not there is refused with what to do', async (context) => {
    const old = process.env.ACTIVATION_SEARCH_CACHE;
    process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context);
    try {
      await assert.rejects(startPool(context).run(tinyRequest({ child: 'mlp20-mnist' })), (error) => {
        assert(error instanceof ActivationSearchError);
        assert.equal(error.code, 'dataset');
        assert.match(error.hint ?? '', /data fetch mnist/);
        return true;
      });
    } finally {
      if (old === undefined) delete process.env.ACTIVATION_SEARCH_CACHE;
      else process.env.ACTIVATION_SEARCH_CACHE = old;
    }
  });

  test('workers that cannot start are an error of the installation, with their last words', async (context) => {
    const old = process.env.NODE_OPTIONS;
    // Too little memory for TensorFlow's JavaScript to load.
    process.env.NODE_OPTIONS = '--max-old-space-size=8';
    try {
      await assert.rejects(startPool(context).run(tinyRequest()), (error) => {
        assert(error instanceof ActivationSearchError);
        assert.equal(error.code, 'environment');
        assert.match(error.message, /cannot start: .*heap out of memory/s);
        return true;
      });
    } finally {
      if (old === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = old;
    }
  });
});
