// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 30 seconds.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRunningTrials } from '../../../src/storage/running-trials.ts';
import { runningTrialsFile } from '../../../src/storage/study-folder.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { isAlive, leaderboardOf, tinyStudy, until, watch, workersOf } from '../study-support.ts';

const size = ['--candidates', '25', '--workers', '2', '--seed', '9'];

test('Ctrl-C once finishes what runs and exits 3; resume goes on to the same leaderboard', async (context) => {
  const folder = temporaryFolder(context);
  const study = watch(tinyStudy(folder, 'stopped', ...size), ({ event }) => {
    if (event === 'trial' && study.events.filter((one) => one.event === 'trial').length === 14) {
      study.process.kill('SIGINT');
    }
  });
  assert.equal(await study.ended, 3, study.errors());
  const end = study.events.at(-1);
  assert.equal(end?.event, 'end');
  assert.equal(end?.reason, 'stopped');
  assert.match(study.errors(), /stopping/);
  const stored = await cli([
    ...['query', "SELECT status, trials FROM studies WHERE name = 'stopped'", '--json'],
    ...['--db', join(folder, 'test.db')],
  ]);
  const [row] = JSON.parse(stored.stdout) as { status: string; trials: number }[];
  assert.equal(row?.status, 'stopped');
  assert.equal(row?.trials, study.events.filter(({ event }) => event === 'trial').length);
  assert.equal((await cli(['resume', 'stopped', '--quiet', '--db', join(folder, 'test.db')])).code, 0);
  assert.equal((await cli([...tinyStudy(folder, 'whole', ...size), '--quiet'])).code, 0);
  assert.equal(await leaderboardOf(folder, 'stopped'), await leaderboardOf(folder, 'whole'));
});

test('Ctrl-C twice stops at once with exit code 3, and nothing finished is lost', async (context) => {
  const folder = temporaryFolder(context);
  // The second training of each candidate would take hours: the study can only end because it is dropped.
  const file = join(folder, 'long.yaml');
  const child = '{name: tiny-resnet-synthetic, steps: 10000000}';
  writeFileSync(file, `space: small\nrungs:\n  - children: [tiny-synthetic, ${child}]\n`);
  const flags = ['--study', 'dropped', '--candidates', '5', '--workers', '2'];
  const study = watch(['search', file, ...flags, '--db', join(folder, 'test.db')]);
  const trials = () => study.events.filter(({ event }) => event === 'trial').length;
  await until(() => trials() >= 2);
  const workers = await workersOf(study.process.pid ?? 0);
  const running = runningTrialsFile(join(folder, 'test.db'), 'dropped');
  await until(() => readRunningTrials(running).length === 2);
  for (const { child, step, steps, losses } of readRunningTrials(running)) {
    assert.deepEqual([child, steps], ['tiny-resnet-synthetic', 10_000_000]);
    assert.ok(step > 0 && losses.length > 0);
  }
  study.process.kill('SIGINT');
  await until(() => /stopping/.test(study.errors()));
  study.process.kill('SIGINT');
  assert.equal(await study.ended, 3, study.errors());
  await until(() => workers.every((pid) => !isAlive(pid)));
  assert.equal(study.events.at(-1)?.reason, 'stopped');
  assert.equal(existsSync(running), false, 'nothing is in training any more');
  const stored = await cli([
    'query',
    'SELECT count(*) AS n FROM trials',
    '--json',
    '--db',
    join(folder, 'test.db'),
  ]);
  assert.deepEqual(JSON.parse(stored.stdout), [{ n: trials() }]);
});

test('SIGTERM is as Ctrl-C, and prints the leaderboard', async (context) => {
  const folder = temporaryFolder(context);
  const running = watch(tinyStudy(folder, 'terminated', ...size), ({ event }) => {
    if (event === 'candidate') running.process.kill('SIGTERM');
  });
  assert.equal(await running.ended, 3, running.errors());
});

test('a study is not run twice at once: exit code 2 and the process that runs it', async (context) => {
  const folder = temporaryFolder(context);
  const db = ['--db', join(folder, 'test.db')];
  const study = watch(tinyStudy(folder, 'held', '--candidates', '200', '--workers', '1'));
  await until(() => study.events.length > 0);
  const second = await cli(['resume', 'held', ...db]);
  assert.equal(second.code, 2);
  assert.match(second.stderr, new RegExp(`is being run by process ${study.process.pid}`));
  const again = await cli(tinyStudy(folder, 'held', '--candidates', '200'));
  assert.equal(again.code, 2);
  assert.match(again.stderr, /"held" exists already[\s\S]*resume held/);
  // A dead holder is taken over.
  study.process.kill('SIGKILL');
  await study.ended;
  const taken = watch(['resume', 'held', '--workers', '2', ...db], ({ event }) => {
    if (event === 'trial') taken.process.kill('SIGINT');
  });
  assert.equal(await taken.ended, 3, taken.errors());
});

test('two searches at once in one database work, and each has its own log', async (context) => {
  const folder = temporaryFolder(context);
  const both = await Promise.all(
    ['one', 'two'].map((name) =>
      cli([...tinyStudy(folder, name, '--candidates', '8', '--workers', '1'), '--quiet']),
    ),
  );
  for (const { code, stderr } of both) assert.equal(code, 0, stderr);
  assert.equal(await leaderboardOf(folder, 'one'), await leaderboardOf(folder, 'two'));
  for (const name of ['one', 'two']) {
    const log = join(folder, name, 'log.ndjson');
    assert.ok(existsSync(log));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as { msg: string; study: string };
    assert.equal(last.msg, 'end');
    assert.equal(last.study, name);
  }
});

test('--continue goes on with an unfinished study of the same configuration, else begins the next one', async (context) => {
  const folder = temporaryFolder(context);
  const args = [...tinyStudy(folder, 'q', '--candidates', '8', '--workers', '2'), '--continue'];
  const first = watch(args, ({ event }) => {
    if (event === 'trial') first.process.kill('SIGINT');
  });
  assert.equal(await first.ended, 3, first.errors());
  const second = watch(args);
  assert.equal(await second.ended, 0, second.errors());
  assert.deepEqual([second.events[0]?.study, second.events[0]?.resumed], ['q', true]);
  const third = watch(args);
  assert.equal(await third.ended, 0, third.errors());
  assert.deepEqual([third.events[0]?.study, third.events[0]?.resumed], ['q-2', false]);
});
