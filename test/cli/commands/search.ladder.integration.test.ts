// Needs TensorFlow and real processes: trains tiny children on synthetic data, about a minute.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { leaderboardOf, watch } from '../study-support.ts';

const ladder = `
space: small
batch: 8
candidates: 24
workers: 2
baselines: [ReLU, Swish]
rungs:
  - children: [tiny-constant-synthetic]
    steps: 40
    share: 0.5
  - children: [tiny-constant-synthetic, {name: tiny-resnet-synthetic, steps: 8}]
    steps: 120
`;

function studyFile(folder: string, text = ladder): string {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text);
  return file;
}

test('checkpoints only save time: without them, after kill -9, a study ends with the same leaderboard', async (context) => {
  const folder = temporaryFolder(context);
  const file = studyFile(folder);
  const db = ['--db', join(folder, 'test.db')];
  const whole = await cli(['search', file, '--study', 'whole', ...db, '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  assert.equal(existsSync(join(folder, 'whole', 'checkpoints')), false);
  const checkpoints = join(folder, 'killed', 'checkpoints');
  const running = watch(['search', file, '--study', 'killed', ...db], (event) => {
    const left = existsSync(checkpoints) ? readdirSync(checkpoints).length : 0;
    if (event.event === 'candidate' && event.rung === 2 && event.kind === 'proposed' && left > 0)
      running.process.kill('SIGKILL');
  });
  assert.equal(await running.ended, null, running.errors());
  assert.ok(readdirSync(checkpoints).length > 0);
  rmSync(checkpoints, { recursive: true });
  const resumed = await cli(['resume', 'killed', ...db, '--quiet']);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  const rows = JSON.parse(await leaderboardOf(folder, 'whole')) as { rung: number; rank: number | null }[];
  const ranked = rows.filter(({ rank }) => rank !== null).map(({ rung }) => rung);
  assert.deepEqual(
    ranked,
    ranked.toSorted((a, b) => b - a),
  );
  const table = await cli(['leaderboard', '--study', 'whole', ...db]);
  assert.match(table.stdout, /rank +id +verdict +blocks +rung +score/);
  const best = await cli(['query', 'SELECT id FROM leaderboard ORDER BY rank LIMIT 1', '--json', ...db]);
  const [{ id }] = JSON.parse(best.stdout) as [{ id: number }];
  assert.match((await cli(['show', String(id), ...db])).stdout, /rank 1 of \d+ on rung 2 of 2/);
});

test('killed in its finals, a study ends as the uninterrupted one; more candidates are refused then', async (context) => {
  const folder = temporaryFolder(context);
  const finals = ladder.replace(
    / {4}steps: 120\n/,
    (last) => `${last}  - {children: [tiny-synthetic], seeds: 2, finalists: 4}\n`,
  );
  const file = studyFile(folder, finals);
  const db = ['--db', join(folder, 'test.db')];
  const whole = await cli(['search', file, '--study', 'whole', ...db, '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const running = watch(['search', file, '--study', 'killed', ...db], (event) => {
    if (event.event === 'candidate' && event.rung === 3 && event.kind === 'proposed')
      running.process.kill('SIGKILL');
  });
  assert.equal(await running.ended, null, running.errors());
  const resumed = await cli(['resume', 'killed', ...db, '--quiet']);
  assert.equal(resumed.code, 0, resumed.stderr);
  const board = await leaderboardOf(folder, 'whole');
  assert.equal(await leaderboardOf(folder, 'killed'), board);
  const rungs = (JSON.parse(board) as { rung: number; kind: string }[]).map(
    ({ rung, kind }) => `${kind} ${rung}`,
  );
  assert.deepEqual(rungs.filter((one) => one.endsWith('3')).toSorted(), [
    ...Array(2).fill('baseline 3'),
    ...Array(4).fill('proposed 3'),
  ]);
  const more = await cli(['resume', 'whole', '--candidates', '40', ...db]);
  assert.equal(more.code, 2);
  assert.match(
    more.stderr,
    /"whole" has begun its finals: the finalists were chosen from 24 candidates[\s\S]*--candidates 40 and --study NAME/,
  );
  assert.equal(await leaderboardOf(folder, 'whole'), board);
  const again = await cli(['resume', 'whole', ...db]);
  assert.equal(again.code, 0, again.stderr);
  assert.doesNotMatch(again.stdout, /activation-search resume/);
});

test('a study that has nothing left to propose goes on with the finals that it was killed in', async (context) => {
  const folder = temporaryFolder(context);
  const space = join(folder, 'tiny.yaml');
  writeFileSync(space, 'unary: ["x", "tanh(x)"]\nbinary: ["x1 + x2", "x1 * x2", "max(x1, x2)"]\n');
  const file = studyFile(
    folder,
    `
space: ${space}
units: 1
controller: exhaustive
time: 1h
workers: 1
baselines: false
rungs:
  - {children: [tiny-synthetic], steps: 10}
  - {children: [tiny-synthetic], steps: 10, seeds: 2, finalists: 2}
`,
  );
  const db = ['--db', join(folder, 'test.db')];
  const running = watch(['search', file, '--study', 'killed', ...db], (event) => {
    if (event.event === 'candidate' && event.rung === 2 && event.kind === 'proposed')
      running.process.kill('SIGKILL');
  });
  assert.equal(await running.ended, null, running.errors());
  const resumed = await cli(['resume', 'killed', ...db]);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stdout, /the space is exhausted/);
  const rows = JSON.parse(await leaderboardOf(folder, 'killed')) as { rung: number; kind: string }[];
  assert.equal(rows.filter(({ rung, kind }) => kind === 'proposed' && rung === 2).length, 2);
});

test('a dry run says candidates and time of each rung, and writes nothing', async (context) => {
  const folder = temporaryFolder(context);
  const file = studyFile(folder);
  const dry = ['search', file, '--dry-run', '--db', join(folder, 'test.db')];
  const { code, stdout, stderr } = await cli([...dry, '--json']);
  assert.equal(code, 0, stderr);
  const told = JSON.parse(stdout) as {
    readonly limit: string;
    readonly seconds: number;
    readonly baselines: number;
    readonly rungs: { readonly candidates: number; readonly secondsPerCandidate: number }[];
  };
  assert.deepEqual([told.limit, told.baselines, told.rungs.length], ['candidates', 2, 2]);
  assert.equal(told.rungs[0]?.candidates, 24);
  assert.ok((told.rungs[1]?.candidates ?? 0) >= 12);
  assert.ok(told.seconds > 0 && told.rungs.every(({ secondsPerCandidate }) => secondsPerCandidate > 0));
  const text = await cli(dry);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /1 +tiny-constant-synthetic 40 steps +1 +best 50%/);
  assert.match(text.stdout, /In all .* with 2 workers, 2 baselines on all rungs included/);
  assert.deepEqual(readdirSync(folder), ['study.yaml']);
});

test('a dry run refuses what a search refuses', async (context) => {
  const folder = temporaryFolder(context);
  const file = studyFile(folder, ladder.replace('share: 0.5', 'share: 1.5'));
  const { code, stderr } = await cli(['search', file, '--dry-run', '--db', join(folder, 'test.db')]);
  assert.equal(code, 2);
  assert.match(stderr, /study\.yaml:10:12: share is a number above 0 and below 1/);
  assert.deepEqual(readdirSync(folder), ['study.yaml']);
});

test('a resume with another controller or ladder is refused, and changes nothing', async (context) => {
  const folder = temporaryFolder(context);
  const db = ['--db', join(folder, 'test.db')];
  const file = studyFile(folder);
  const first = await cli(['search', file, '--study', 's', '--candidates', '4', ...db, '--quiet']);
  assert.equal(first.code, 0, first.stderr);
  const before = await leaderboardOf(folder, 's');
  const changes: [string, RegExp][] = [
    [`controller: exhaustive\n${ladder}`, /contradicts the study "s" in: controller .*random.*exhaustive/],
    [
      `controller: {kind: evolution, options: {population: 77}}\n${ladder}`,
      /contradicts the study "s" in: controller .*population/,
    ],
    [ladder.replace('share: 0.5', 'share: 0.25'), /contradicts the study "s" in: rungs .*0\.25/],
    [
      ladder.replace('batch: 8', 'batch: 9'),
      /contradicts the study "s" in: batch \(8 in the study, 9 in the file\)/,
    ],
  ];
  for (const [text, words] of changes) {
    const { code, stderr } = await cli(['resume', 's', studyFile(folder, text), ...db]);
    assert.equal(code, 2);
    assert.match(stderr, words);
    assert.match(stderr, /study\.yaml: the file contradicts/);
  }
  const flag = await cli(['resume', 's', '--controller', 'exhaustive', ...db]);
  assert.equal(flag.code, 2);
  assert.match(flag.stderr, /--controller: a study keeps what decides its results/);
  assert.equal(await leaderboardOf(folder, 's'), before);
});
