// Needs TensorFlow, real processes and a server, which it fetches. About 25 s.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { afterwards, freePort, testServer } from '../queue/support.ts';
import { cli, startCli } from '../support/cli.ts';
import { ended } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { leaderboardOf, tinyStudy, until, watch } from './study-support.ts';

const password = 'pass-word-of-the-test';

test('a study goes on over a server and back with the leaderboard of one machine, and keeps no password', async (context) => {
  const port = await freePort();
  const own = await testServer(context, { listen: { port }, password });
  if (!own) return;
  const folder = temporaryFolder(context);
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const size = ['--no-baselines', '--seed', '3', '--steps', '40'];
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--candidates', '9', '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);

  const begun = await cli([...tinyStudy(folder, 'moved', ...size), '--candidates', '3', '--quiet']);
  assert.equal(begun.code, 0, begun.stderr);
  const worker = startCli(['worker', '--connect', url, '--workers', '2']);
  afterwards(context, () => worker.kill('SIGKILL'));
  let said = '';
  worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(() => said.includes('waiting for one'));
  assert.doesNotMatch(readFileSync(`/proc/${worker.pid}/cmdline`, 'utf8'), /pass-word/);
  const database = ['--db', join(folder, 'test.db')];
  const over = await cli(['resume', 'moved', ...database, '--candidates', '6', '--connect', url, '--json']);
  assert.equal(over.code, 0, over.stderr);
  const listed = await cli(['workers', '--connect', url, '--json']);
  const [{ pid, cores, places, arithmetic }] = JSON.parse(listed.stdout);
  assert.deepEqual({ pid, places }, { pid: worker.pid, places: 2 });
  assert.ok(cores >= 1 && arithmetic.tensorflow);
  const back = await cli(['resume', 'moved', ...database, '--candidates', '9', '--quiet']);
  assert.equal(back.code, 0, back.stderr);
  assert.equal(await leaderboardOf(folder, 'moved'), await leaderboardOf(folder, 'whole'));

  worker.kill('SIGTERM');
  assert.ok(await ended([worker.pid as number]));
  const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const { parentPath, name } of written) {
    assert.ok(!readFileSync(join(parentPath, name)).includes(password), name);
  }
  assert.doesNotMatch(said + over.stdout + over.stderr, /pass-word/);
});

test('a study that waits for workers can be stopped, and goes on without the server', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const folder = temporaryFolder(context);
  const study = tinyStudy(folder, 'alone', '--no-baselines', '--candidates', '2', '--steps', '20');
  const waiting = watch([...study, '--connect', own.url], ({ text }) => {
    if (String(text).startsWith('no worker is connected')) waiting.process.kill('SIGINT');
  });
  assert.equal(await waiting.ended, 3, waiting.errors());
  const resumed = await cli(['resume', 'alone', '--db', join(folder, 'test.db'), '--quiet']);
  assert.equal(resumed.code, 0, resumed.stderr);
});

test('a study says how many workers it has', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const worker = startCli(['worker', '--connect', own.url, '--workers', '2']);
  afterwards(context, () => worker.kill('SIGKILL'));
  const study = tinyStudy(temporaryFolder(context), 'counted', '--no-baselines', '--candidates', '100');
  const counted = watch([...study, '--steps', '400', '--connect', own.url], ({ event, text }) => {
    if (event === 'workers' && text === '1 worker connected, 2 trials at a time')
      counted.process.kill('SIGINT');
  });
  assert.equal(await counted.ended, 3, counted.errors());
});

test('without a server nothing is begun', async (context) => {
  const folder = temporaryFolder(context);
  const nobody = `unix:${join(folder, 'nobody')}`;
  const { code, stderr } = await cli([...tinyStudy(folder, 'none'), '--connect', nobody]);
  assert.equal(code, 2);
  assert.match(stderr, /no server answers at unix:.*\n.*worker --serve/);
  assert.deepEqual(readdirSync(folder), []);
});
