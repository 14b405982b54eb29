// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 40 seconds.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Random } from '../../src/random.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { leaderboardOf, tinyStudy, watch } from './study-support.ts';

test('a study killed ten times at random moments ends with the leaderboard of the uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const size = ['--trials', '40', '--workers', '2', '--seed', '5', '--target', 'x*sigmoid(beta*x)'];
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const random = Random.fromSeed('kill');
  const resume = ['resume', 'killed', '--db', join(folder, 'test.db')];
  let killed = 0;
  for (let round = 0; killed < 10; round++) {
    const wait = random.index(6);
    const pause = random.index(250);
    let seen = 0;
    const study = watch(round === 0 ? tinyStudy(folder, 'killed', ...size) : resume, ({ event }) => {
      if (event !== 'trial' && event !== 'study') return;
      if (seen++ === wait) setTimeout(() => study.process.kill('SIGKILL'), pause);
    });
    const code = await study.ended;
    if (code === null) killed += 1;
    // A study may be through before all ten.
    else {
      assert.equal(code, 0, study.errors());
      break;
    }
  }
  assert.ok(killed >= 8, `killed ${killed} times`);
  const end = await cli([...resume, '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  const counts = (name: string) =>
    cli([
      'query',
      `SELECT proposed, refused, known, complete, failed, trials FROM studies WHERE name = '${name}'`,
      '--json',
      ...['--db', join(folder, 'test.db')],
    ]);
  assert.deepEqual((await counts('killed')).stdout, (await counts('whole')).stdout);
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
