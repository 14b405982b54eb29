// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 40 seconds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/random.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { leaderboardOf, tinyStudy, until, watch, workersOf } from './study-support.ts';

test('a study killed ten times at random moments ends with the leaderboard of the uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const size = ['--trials', '60', '--workers', '2', '--seed', '5', '--target', 'x*sigmoid(beta*x)'];
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const random = Random.fromSeed('kill');
  const study = [...tinyStudy(folder, 'killed', ...size), '--continue'];
  for (let killed = 0; killed < 10; killed++) {
    // Every other time after some events, in the midst of trials; else at any moment from the start on.
    const events = killed % 2 === 0 ? random.index(8) : Number.POSITIVE_INFINITY;
    const running = watch(study, () => {
      if (running.events.length > events) running.process.kill('SIGKILL');
    });
    const pause = Number.isFinite(events) ? 20_000 : random.index(2500);
    const timer = setTimeout(() => running.process.kill('SIGKILL'), pause);
    assert.equal(await running.ended, null, `it ended before kill ${killed}: ${running.errors()}`);
    clearTimeout(timer);
  }
  const end = await cli([...study, '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  const counts = (name: string) =>
    cli([
      'query',
      `SELECT proposed, refused, known, complete, failed, trials FROM studies WHERE name = '${name}'`,
      '--json',
      ...['--db', `${folder}/test.db`],
    ]);
  assert.deepEqual((await counts('killed')).stdout, (await counts('whole')).stdout);
});

test('a worker that is killed costs time only: its trial is tried again', async (context) => {
  const folder = temporaryFolder(context);
  const size = ['--trials', '10', '--workers', '2', '--seed', '6', '--steps', '600'];
  const study = watch(tinyStudy(folder, 'robbed', ...size));
  const first = await workersOf(study.process.pid ?? 0);
  await until(() => study.events.some(({ event }) => event === 'trial'));
  process.kill(first[0] as number, 'SIGKILL');
  assert.equal(await study.ended, 0, study.errors());
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  assert.equal(await leaderboardOf(folder, 'robbed'), await leaderboardOf(folder, 'whole'));
});

test('one worker, two and three give the same leaderboard', async (context) => {
  const folder = temporaryFolder(context);
  const boards = [];
  for (const workers of ['1', '2', '3']) {
    const name = `w${workers}`;
    const { code, stderr } = await cli([
      ...tinyStudy(folder, name, '--trials', '12', '--workers', workers),
      '--quiet',
    ]);
    assert.equal(code, 0, stderr);
    boards.push(await leaderboardOf(folder, name));
  }
  assert.equal(boards[1], boards[0]);
  assert.equal(boards[2], boards[0]);
});
