// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 30 seconds.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli, finished, startCli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const tiny = ['--child', 'tiny-synthetic', '--workers', '2'];

/** A database with a small study `s`. */
async function searched(folder: string): Promise<string[]> {
  const db = ['--db', join(folder, 'test.db')];
  const size = ['--space', 'small', '--candidates', '3', '--steps', '15', '--baselines', 'Swish,ELU'];
  const { code, stderr } = await cli(['search', ...size, ...tiny, '--study', 's', '--quiet', ...db]);
  assert.equal(code, 0, stderr);
  return db;
}

async function answer(db: readonly string[], sql: string): Promise<unknown> {
  return JSON.parse((await cli(['query', sql, '--json', ...db])).stdout);
}

/**
 * A copy of a database in which a confirmation was killed with -9 after its first seed. On a busy machine the
 * kill may come when all verdicts are in: then another copy is tried.
 */
async function killedAmidst(
  folder: string,
  db: readonly string[],
  confirm: readonly string[],
): Promise<readonly string[]> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const file = join(folder, `copy-${attempt}.db`);
    const copy = ['--db', file];
    assert.equal((await cli(['study', 'copy', file, ...db])).code, 0);
    const running = startCli([...confirm, ...copy]);
    running.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (/seed 1/.test(text)) running.kill('SIGKILL');
    });
    const { signal } = await finished(running);
    const [study] = (await answer(copy, "SELECT status FROM studies WHERE name = 's-confirm'")) as [
      { status: string },
    ];
    if (signal === 'SIGKILL' && study.status === 'running') return copy;
  }
  throw new Error('no confirmation was killed amidst');
}

test('confirm, killed with -9 and given again, ends in the verdicts of one sitting', async (context) => {
  const folder = temporaryFolder(context);
  const db = await searched(folder);
  const confirm = ['confirm', 's', '--top', '2', '--budget', '5m', '--workers', '2'];
  const copy = await killedAmidst(folder, db, confirm);
  const trials = 'SELECT count(*) AS count FROM trials';
  const [{ count: left }] = (await answer(copy, trials)) as [{ count: number }];
  const again = await cli([...confirm, ...copy, '--json']);
  assert.equal(again.code, 0, again.stderr);
  const whole = await cli([...confirm, ...db, '--json']);
  assert.equal(whole.code, 0, whole.stderr);
  assert.deepEqual(JSON.parse(again.stdout), JSON.parse(whole.stdout));
  const [{ count }] = (await answer(copy, trials)) as [{ count: number }];
  assert.ok(left >= 6 + 3 && count > left);
  assert.deepEqual(await answer(copy, trials), await answer(db, trials));
  const rows = JSON.parse(whole.stdout) as { id: number; verdict: string; group: number; blocks: number }[];
  assert.equal(rows.length, 3);
  assert.deepEqual(
    await answer(
      db,
      'SELECT id, verdict, "group", blocks FROM leaderboard WHERE study = \'s-confirm\' ORDER BY id',
    ),
    rows
      .map(({ id, verdict, group, blocks }) => ({ id, verdict, group, blocks }))
      .toSorted((a, b) => a.id - b.id),
    'the leaderboard has the verdicts that the command prints',
  );
  assert.ok(rows.every(({ blocks }) => blocks >= 5));
  const choosing = await answer(db, "SELECT DISTINCT seed FROM trials WHERE study = 's'");
  const confirming = await answer(db, "SELECT DISTINCT seed FROM trials WHERE study = 's-confirm'");
  const seedsOf = (found: unknown): number[] => (found as { seed: number }[]).map(({ seed }) => seed);
  assert.ok(seedsOf(choosing).every((seed) => !seedsOf(confirming).includes(seed)));
});

test('Ctrl-C leaves a confirmation with exit code 3 and all finished work; resume goes on', async (context) => {
  const db = await searched(temporaryFolder(context));
  const running = startCli(['confirm', 's', '--top', '1', '--budget', '5m', '--workers', '1', ...db]);
  const ended = finished(running);
  let output = '';
  running.stdout?.on('data', (text: string) => {
    const begun = /seed 1:/;
    if (!begun.test(output) && begun.test(output + text)) running.kill('SIGINT');
    output += text;
  });
  const { code, stdout } = await ended;
  assert.equal(code, 3, stdout);
  assert.match(stdout, /s-confirm: stopped; all finished work is stored/);
  const resumed = await cli(['resume', 's-confirm', ...db]);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stdout, /seed 5:[\s\S]*s-confirm: all verdicts are in/);
});

test('compare says what stored trials say, and trains more blocks only where asked', async (context) => {
  const folder = temporaryFolder(context);
  const db = await searched(folder);
  const pair = ['compare', 'Swish', 'ELU', ...db];
  const stored = await cli([...pair, '--json']);
  assert.equal(stored.code, 0, stored.stderr);
  const document = JSON.parse(stored.stdout) as { pairs: { blocks: number; verdict: string }[] };
  assert.deepEqual(
    document.pairs.map(({ blocks, verdict }) => [blocks, verdict]),
    [[1, 'undecided']],
  );
  const few = await cli([...pair, '--blocks', '3']);
  assert.equal(few.code, 2);
  assert.match(few.stderr, /3 further blocks cannot reach the 5[\s\S]*--blocks 4/);
  const short = await cli([...pair, '--budget', '0.01s']);
  assert.equal(short.code, 2);
  assert.match(short.stderr, /a budget of .* cannot reach the 5 blocks/);
  assert.deepEqual(await answer(db, 'SELECT count(*) AS count FROM studies'), [{ count: 1 }]);
  const trained = await cli([...pair, '--blocks', '5', '--workers', '2']);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stdout, /Swish +(ahead|equal|behind|undecided) +ELU .* 6\n/);
  assert.match(trained.stdout, /trials of s, compare/);
});

test('compare with a study goes on with what it has trained before on the same children', async (context) => {
  const db = await searched(temporaryFolder(context));
  const command = [
    'compare',
    'Swish',
    'ELU',
    '--study',
    's',
    '--blocks',
    '4',
    '--workers',
    '2',
    '--json',
    ...db,
  ];
  const documents: { studies: string[]; pairs: { blocks: number }[] }[] = [];
  for (let time = 1; time <= 2; time++) {
    const { code, stdout, stderr } = await cli(command);
    assert.equal(code, 0, stderr);
    documents.push(JSON.parse(stdout));
  }
  const [first, second] = documents;
  assert.deepEqual(first?.studies, ['s', 'compare']);
  assert.deepEqual(second?.studies.slice(0, 2), ['s', 'compare']);
  assert.ok((first?.pairs[0]?.blocks ?? 0) >= 5);
  const twice =
    "SELECT name, seed FROM trials WHERE name IN ('Swish', 'ELU') GROUP BY name, child, seed HAVING count(*) > 1";
  assert.deepEqual(await answer(db, twice), [], 'nothing is trained twice');
});

test('what cannot be compared or confirmed is refused before anything is trained', async (context) => {
  const folder = temporaryFolder(context);
  const db = await searched(folder);
  const recipe = (miniBatch: number): string =>
    `dataset: synthetic\nmodel: {name: mlp, depth: 2, width: 8}\noptimizer: {name: adam}\nschedule: {name: cosine, peak: 0.01}\nminiBatch: ${miniBatch}\nsteps: 10\n`;
  const file = join(folder, 'mine.yaml');
  for (const [miniBatch, formula] of [
    [16, 'x*tanh(x)'],
    [32, 'x*atan(x)'],
  ] as const) {
    writeFileSync(file, recipe(miniBatch));
    const { code, stderr } = await cli(['evaluate', formula, '--child', file, '--seeds', '1', ...db]);
    assert.equal(code, 0, stderr);
  }
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['compare', 'x*tanh(x)', 'x*atan(x)'],
      /share no block: children differ[\s\S]*miniBatch \(16 in evaluate, 32 in evaluate-2\)/,
    ],
    [['compare', 'x*tanh(x)', 'Swishh'], /no function called "Swishh"[\s\S]*Swish/],
    [['compare', 'ELU'], /needs two functions/],
    [['compare', 'ELU', 'Swish', '--study', 'nosuch'], /no study "nosuch"/],
    [['confirm', 'nosuch'], /no study "nosuch"/],
    [['confirm', 's', '--top', '90'], /ranks \d+ functions beside ReLU, not 90/],
    [['confirm', 's', '--budget', 'soon'], /--budget soon is no time/],
    [['confirm', 's', '--top', '2', '--budget', '0.01s'], /cannot reach the 5 blocks/],
  ];
  const before = await answer(db, 'SELECT name, trials FROM studies');
  for (const [command, message] of refused) {
    const { code, stderr } = await cli([...command, ...db]);
    assert.equal(code, 2, `${command.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
  }
  assert.deepEqual(await answer(db, 'SELECT name, trials FROM studies'), before);
});
