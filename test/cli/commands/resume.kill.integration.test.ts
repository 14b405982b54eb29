// Needs TensorFlow and real processes: trains tiny children on synthetic data, some minutes.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { controllerNames } from '../../../src/controllers/controllers.ts';
import { Random } from '../../../src/random.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { type Event, leaderboardOf, tinyStudy, until, watch, workersOf } from '../study-support.ts';

test('a study killed ten times at random moments ends with the leaderboard of the uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const size = ['--candidates', '60', '--workers', '2', '--seed', '5', '--target', 'x*sigmoid(beta*x)'];
  const whole = await cli([...tinyStudy(folder, 'whole', ...size), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const random = Random.fromSeed('kill');
  const study = [...tinyStudy(folder, 'killed', ...size), '--continue'];
  let killed = 0;
  // Every other time after some events, in the midst of trials; else at any moment from the start on. Where
  // the machine is so fast, or this process so slow, that the study ends first, there are fewer kills.
  for (let round = 0; round < 10; round++) {
    const afterEvents = random.index(8);
    const running = watch(study, () => {
      if (round % 2 === 0 && running.events.length > afterEvents) running.process.kill('SIGKILL');
    });
    const pause = random.index(2500);
    const timer = round % 2 === 0 ? undefined : setTimeout(() => running.process.kill('SIGKILL'), pause);
    const code = await running.ended;
    clearTimeout(timer);
    if (code !== null) {
      assert.equal(code, 0, running.errors());
      break;
    }
    killed += 1;
  }
  assert.ok(killed > 0);
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

/** A study file of two rungs with early stops, and finals, for a controller. */
function ladderFile(folder: string, controller: string): string {
  const file = join(folder, `${controller}.yaml`);
  const text = `
controller: ${controller}
space: paper
batch: 10
baselines: [ReLU, Swish]
rungs:
  - children: [tiny-synthetic]
    steps: 20
    share: 0.3
    earlyStop: {chance: {after: 15, by: 0}, quantile: {after: 12, worst: 0.2}}
  - children: [tiny-synthetic, {name: tiny-resnet-synthetic, steps: 8}]
  - children: [tiny-synthetic, {name: tiny-resnet-synthetic, steps: 8}]
    seeds: 2
    finalists: 3
`;
  writeFileSync(file, text);
  return file;
}

/** All that the views say of a study's candidates and trials, but for ids and times. */
async function recordsOf(folder: string, name: string): Promise<unknown> {
  const ask = async (sql: string): Promise<unknown> => {
    const { code, stdout, stderr } = await cli(['query', sql, '--json', '--db', join(folder, 'test.db')]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const from = `WHERE study = '${name}'`;
  return {
    candidates: await ask(
      `SELECT number, kind, tokens, expression, status, reason, rung, score, low, high, batch FROM candidates ${from} ORDER BY kind, number, name`,
    ),
    trials: await ask(
      `SELECT expression, rung, child, seed, steps, status, reason, validation_loss, weights_hash, early_stop FROM trials ${from} ORDER BY 1, 2, 3, 4`,
    ),
  };
}

for (const controller of controllerNames) {
  test(`${controller} on a ladder: 50 candidates are a dozen, kill -9, and the rest`, async (context) => {
    const folder = temporaryFolder(context);
    const file = ladderFile(folder, controller);
    const study = (name: string, candidates: number): string[] => [
      ...['search', file, '--study', name, '--candidates', String(candidates)],
      ...['--db', join(folder, 'test.db'), '--workers', '2', '--seed', '3'],
    ];
    const whole = await cli([...study('whole', 50), '--quiet']);
    assert.equal(whole.code, 0, whole.stderr);
    const running = watch(study('killed', 50), (event) => {
      const counts = event.counts as { evaluated: number } | undefined;
      if ((counts?.evaluated ?? 0) >= 12) running.process.kill('SIGKILL');
    });
    assert.equal(await running.ended, null, `it ended before it was killed: ${running.errors()}`);
    const resumed = watch(['resume', 'killed', '--workers', '1', '--db', join(folder, 'test.db')]);
    assert.equal(await resumed.ended, 0, resumed.errors());
    const { counts } = resumed.events[0] as Event;
    assert.ok((counts as { evaluated: number }).evaluated >= 10);
    assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
    assert.deepEqual(await recordsOf(folder, 'killed'), await recordsOf(folder, 'whole'));
    const rungs = new Set(
      (JSON.parse(await leaderboardOf(folder, 'whole')) as { rung: number }[]).map(({ rung }) => rung),
    );
    assert.deepEqual(
      [...rungs].toSorted((a, b) => a - b),
      [1, 2, 3],
    );
  });
}

test('a study on a ladder killed six times at random moments is the uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const file = ladderFile(folder, 'random');
  const flags = ['--candidates', '40', '--db', join(folder, 'test.db'), '--workers', '2'];
  const whole = await cli(['search', file, '--study', 'whole', ...flags, '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const random = Random.fromSeed('kill on a ladder');
  const study = ['search', file, '--study', 'killed', '--continue', ...flags];
  let killed = 0;
  for (let code: number | null = null; killed < 6 && code === null; ) {
    const events = 2 + random.index(12);
    const running = watch(study, () => {
      if (running.events.length > events) running.process.kill('SIGKILL');
    });
    code = await running.ended;
    if (code === null) killed += 1;
    else assert.equal(code, 0, running.errors());
  }
  assert.ok(killed > 0);
  const end = await cli([...study, '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  assert.deepEqual(await recordsOf(folder, 'killed'), await recordsOf(folder, 'whole'));
});

test('a worker that is killed costs time only: its trial is tried again', async (context) => {
  const folder = temporaryFolder(context);
  const size = ['--candidates', '10', '--workers', '2', '--seed', '6', '--steps', '600'];
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
      ...tinyStudy(folder, name, '--candidates', '12', '--workers', workers),
      '--quiet',
    ]);
    assert.equal(code, 0, stderr);
    boards.push(await leaderboardOf(folder, name));
  }
  assert.equal(boards[1], boards[0]);
  assert.equal(boards[2], boards[0]);
});

test('a race killed in its rounds ends with the verdicts of the uninterrupted one, with any number of workers', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'race.yaml');
  writeFileSync(
    file,
    `space: small
baselines: [Swish]
candidates: 8
batch: 4
rungs:
  - children: [tiny-synthetic]
    steps: 20
  - children: [tiny-synthetic]
    steps: 60
    finalists: 3
    race: { budget: 8 }
`,
  );
  const study = (name: string, workers: number): string[] => [
    ...['search', file, '--study', name, '--workers', String(workers), '--db', join(folder, 'test.db')],
  ];
  const whole = await cli([...study('whole', 1), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  for (const trialsOfRace of [3, 12]) {
    const running = watch([...study('killed', 2), '--continue'], () => {
      const raced = running.events.filter(({ event, rung }) => event === 'trial' && rung === 2);
      if (raced.length >= trialsOfRace) running.process.kill('SIGKILL');
    });
    assert.equal(await running.ended, null, `it ended before it was killed: ${running.errors()}`);
  }
  const end = await cli([...study('killed', 2), '--continue', '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  const board = await leaderboardOf(folder, 'whole');
  assert.equal(await leaderboardOf(folder, 'killed'), board);
  const blocks = (JSON.parse(board) as { blocks: number }[]).map((row) => row.blocks);
  assert.ok(blocks.filter((count) => count >= 5).length >= 5, `${blocks}`);
});
