// Needs TensorFlow, processes and a server, which it fetches. KILLS=100 kills so often, instead of 5 times;
// with STEPS=1000 the trainings are long enough for as many.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OwnServer, startServer } from '../../src/queue/valkey-server.ts';
import { Random } from '../../src/random.ts';
import { afterwards, testServer } from '../queue/support.ts';
import { cli, startCli } from '../support/cli.ts';
import { childrenOf, ended } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { leaderboardOf, tinyStudy, type Watched, watch } from './study-support.ts';

const kills = Number(process.env.KILLS ?? 5);
const victims = ['worker', 'coordinator', 'server'] as const;

test('worker, coordinator and server are killed at random moments: the leaderboard is that of one machine', async (context) => {
  const folder = temporaryFolder(context);
  const place = { folder, listen: { socket: join(folder, 'server') } };
  let server: OwnServer | undefined = await testServer(context, place);
  if (!server) return;
  // The tiny space would be exhausted by some thirty kills.
  const size = [
    '--space',
    'paper',
    '--candidates',
    String(4 + 3 * kills),
    '--seed',
    '5',
    '--no-baselines',
    '--steps',
    process.env.STEPS ?? '60',
  ];
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--workers', '2', '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);

  const { url } = server;
  const random = Random.fromSeed('kill the queue');
  const startWorker = (): ChildProcess => startCli(['worker', '--connect', url, '--workers', '2']);
  const startStudy = (): Watched =>
    watch([...tinyStudy(folder, 'killed', ...size), '--continue', '--connect', url]);
  let worker = startWorker();
  let study = startStudy();
  const trainers = new Set<number>();
  afterwards(context, () => {
    for (const one of [worker, study.process, server?.process]) one?.kill('SIGKILL');
  });
  let killed = 0;
  for (; killed < kills && study.process.exitCode === null; killed++) {
    await sleep(1000 + random.index(5000));
    for (const pid of childrenOf(worker.pid as number)) trainers.add(pid);
    const victim = victims[random.index(victims.length)];
    if (victim === 'worker') {
      worker.kill('SIGKILL');
      worker = startWorker();
    } else if (victim === 'server') {
      server.process.kill('SIGKILL');
      server = await startServer({ ...place, say: () => undefined });
    } else {
      study.process.kill('SIGKILL');
      await study.ended;
      study = startStudy();
    }
  }
  assert.equal(await study.ended, 0, study.errors());
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  context.diagnostic(`${killed} kills`);
  worker.kill('SIGTERM');
  assert.ok(await ended([worker.pid as number, ...trainers]), 'a worker or a trainer outlived its end');
});
