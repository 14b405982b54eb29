// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 25 seconds.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('evaluate compares formulas with ReLU on the same seeds, and keeps the trials as a study', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'test.db')];
  const flags = ['--seeds', '2', '--workers', '2', ...db, '--child', 'tiny-synthetic'];
  const formulas = ['x*sigmoid(beta[0.5]*x)', 'max(x, 0)'];
  const { code, stdout, stderr } = await cli(['evaluate', '--json', ...flags, ...formulas]);
  assert.equal(code, 0, stderr);
  const rows = JSON.parse(stdout) as {
    expression: string;
    score: number;
    low: number;
    high: number;
    seeds: number;
    kind: string;
    children: { child: string; validationAccuracy: number; trials: number }[];
  }[];
  assert.equal(rows.length, 3);
  const [relu, given] = ['baseline', 'proposed'].map((kind) =>
    rows.find((row) => row.kind === kind && row.expression === 'max(x, 0)'),
  );
  assert.equal(relu?.score, 0);
  // ReLU itself, given as a formula, is trained to the same bits.
  assert.equal(given?.score, 0);
  assert.deepEqual(given?.children, relu?.children);
  const swish = rows.find(({ expression }) => expression.includes('sigmoid'));
  assert.equal(swish?.seeds, 2);
  assert.ok(swish && swish.low <= swish.score && swish.score <= swish.high);
  assert.equal(swish?.children[0]?.trials, 2);
  const stored = await cli(['query', 'SELECT name, trials FROM studies', '--json', ...db]);
  assert.deepEqual(JSON.parse(stored.stdout), [{ name: 'evaluate', trials: 6 }]);
  const again = await cli(['evaluate', 'tanh(x)', ...flags]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /tanh\(x\)/);
  assert.match(again.stdout, /Kept as study evaluate-2/);
});

test('evaluate takes names, files and leaders, says verdicts, and trains nothing twice', async (context) => {
  const folder = temporaryFolder(context);
  const db = ['--db', join(folder, 'test.db')];
  const file = join(folder, 'functions.txt');
  writeFileSync(file, '# two\nmine = x*tanh(x)\nGELU\n');
  const command = ['evaluate', file, '--seeds', '5', '--steps', '20', '--child', 'tiny-synthetic', '--json'];
  const named = [...command, ...db, '--study', 'named'];
  const first = await cli(named);
  assert.equal(first.code, 0, first.stderr);
  const rows = JSON.parse(first.stdout) as {
    id: number;
    name: string;
    verdict: string;
    group: number;
    blocks: number;
    recommended: boolean;
  }[];
  assert.deepEqual(new Set(rows.map(({ name }) => name)), new Set(['ReLU', 'GELU', 'mine']));
  for (const { verdict, group, blocks } of rows) {
    assert.match(verdict, /^(ahead|equal|behind|undecided)$/);
    assert.ok(group >= 1);
    assert.equal(blocks, 5);
  }
  const judged = rows.map(({ id, verdict, group, recommended }) => ({ id, verdict, group, recommended }));
  const kept = await cli([
    'query',
    'SELECT id, verdict, "group", recommended FROM leaderboard',
    '--json',
    ...db,
  ]);
  assert.deepEqual(
    (JSON.parse(kept.stdout) as (typeof rows)[number][]).toSorted((a, b) => a.id - b.id),
    judged.map((row) => ({ ...row, recommended: Number(row.recommended) })).toSorted((a, b) => a.id - b.id),
    'the leaderboard has the verdicts that the command prints',
  );
  const trials = async (): Promise<unknown> =>
    JSON.parse((await cli(['query', 'SELECT count(*) AS count FROM trials', '--json', ...db])).stdout);
  const again = await cli(named);
  assert.deepEqual(again.stdout, first.stdout);
  assert.deepEqual(await trials(), [{ count: 15 }]);
  const other = await cli([...named, '--seeds', '2']);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /study "named" exists already/);

  const top = ['evaluate', '--top', '1', '--study', 'named', '--seeds', '1', '--child', 'tiny-synthetic'];
  const leaders = await cli([...top, ...db]);
  assert.equal(leaders.code, 0, leaders.stderr);
  assert.match(leaders.stdout, /A verdict needs 5 blocks[\s\S]*Kept as study named-evaluate/);
});

test('functions that the budget left out are named, and the same command goes on with them', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'test.db')];
  const functions = ['x*tanh(x)', 'x*atan(x)', 'x*erf(x)', 'sin(x)'];
  const command = ['evaluate', ...functions, '--child', 'tiny-synthetic', '--steps', '100', '--seeds', '20'];
  const short = await cli([...command, '--budget', '1s', ...db]);
  assert.equal(short.code, 0, short.stderr);
  assert.match(
    short.stderr,
    /not trained yet: .*sin\(x\)\. The same command goes on, with a larger --budget\./,
  );
  const whole = await cli([...command, '--budget', '1h', ...db]);
  assert.doesNotMatch(whole.stderr, /not trained yet/);
  for (const formula of functions) assert.ok(whole.stdout.includes(formula), formula);
});

test('the test split is read by evaluate --test alone, and kept apart', async (context) => {
  const folder = temporaryFolder(context);
  const db = ['--db', join(folder, 'test.db')];
  const command = [
    'evaluate',
    'tanh(x)',
    '--seeds',
    '2',
    '--steps',
    '20',
    '--child',
    'tiny-synthetic',
    ...db,
  ];
  const tested = await cli([...command, '--test', '--json', '--study', 'tested']);
  assert.equal(tested.code, 0, tested.stderr);
  interface Row {
    expression: string;
    children: { validationAccuracy: number; testAccuracy: number | null }[];
  }
  const stored = await cli([
    'query',
    'SELECT expression, avg(test_accuracy) AS mean FROM test_results GROUP BY expression',
    '--json',
    ...db,
  ]);
  const means = JSON.parse(stored.stdout) as { expression: string; mean: number }[];
  assert.equal(means.length, 2);
  for (const { expression, children } of JSON.parse(tested.stdout) as Row[]) {
    const [own] = children;
    assert.equal(own?.testAccuracy, means.find((row) => row.expression === expression)?.mean);
    assert.notEqual(own?.testAccuracy, own?.validationAccuracy);
  }
  const again = await cli([...command, '--test', '--study', 'tested']);
  assert.match(again.stdout, /tiny-synthetic, test +function/);
  assert.match(again.stdout, /The test images decide nothing/);

  const other = await cli([...command, '--study', 'tested']);
  assert.deepEqual([other.code, other.stderr.includes('study "tested" exists already')], [2, true]);
  const plain = await cli([...command, '--json', '--study', 'plain']);
  for (const { children } of JSON.parse(plain.stdout) as Row[]) assert.equal(children[0]?.testAccuracy, null);

  writeFileSync(join(folder, 'study.yaml'), 'space: small\ntest: true\n');
  const search = [
    'search',
    '--child',
    'tiny-synthetic',
    '--steps',
    '10',
    '--candidates',
    '3',
    '--quiet',
    ...db,
  ];
  const refused = await cli([...search, join(folder, 'study.yaml')]);
  assert.deepEqual([refused.code, /test/.test(refused.stderr)], [2, true]);
  assert.equal((await cli([...search, '--space', 'small', '--study', 'searched'])).code, 0);
  const studies = await cli(['query', 'SELECT DISTINCT study FROM test_results', '--json', ...db]);
  assert.deepEqual(JSON.parse(studies.stdout), [{ study: 'tested' }]);
});

test('children that cannot be tested are refused by evaluate --test before any training', async (context) => {
  const folder = temporaryFolder(context);
  const db = join(folder, 'test.db');
  writeFileSync(join(folder, 'train.py'), 'print()\n');
  writeFileSync(join(folder, 'script.yaml'), 'command: [python3, train.py]\nsteps: 5\n');
  const script = ['evaluate', 'tanh(x)', '--test', '--child', join(folder, 'script.yaml'), '--db', db];
  const { code, stderr } = await cli(script);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /--test: script is no network that this tool trains/);
  assert.equal(existsSync(db), false);
});

test('the published functions make tables in the form of the paper', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'test.db')];
  const models = [
    '--models',
    'tiny,tiny-constant',
    '--dataset',
    'synthetic',
    '--steps',
    '10',
    '--seeds',
    '1',
  ];
  const command = ['evaluate', '--functions', 'published', ...models, '--study', 'paper', ...db];
  const json = await cli([...command, '--format', 'json']);
  assert.equal(json.code, 0, json.stderr);
  const table = JSON.parse(json.stdout) as {
    models: string[];
    rows: { function: string; accuracies: number[]; verdict: string | null }[];
    signTests: { better: string; wins: number; ties: number; losses: number }[];
  };
  assert.deepEqual(table.models, ['tiny-synthetic', 'tiny-constant-synthetic']);
  assert.equal(table.rows.length, 16);
  assert.deepEqual(table.rows[0]?.verdict, null);
  for (const { accuracies } of table.rows) assert.ok(accuracies.every((one) => one > 10 && one <= 100));
  for (const { better, wins, ties, losses } of table.signTests) {
    assert.deepEqual([better, wins + ties + losses], ['Swish', 2]);
  }
  const swish = table.rows
    .find((row) => row.function === 'Swish')
    ?.accuracies.map((one) => one.toFixed(1)) as string[];
  const rows: Readonly<Record<string, string>> = {
    markdown: `| Swish | ${swish.join(' | ')} | undecided |`,
    latex: `Swish & ${swish.join(' & ')} & undecided \\\\`,
    csv: `Swish,${swish.join(',')},undecided`,
  };
  for (const [format, row] of Object.entries(rows)) {
    const { stdout } = await cli([...command, '--format', format]);
    assert.ok(stdout.includes(row), `${format}: ${stdout}`);
  }
});

test('a table names the data set of its children; published values are of the same', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'test.db')];
  const command = ['evaluate', 'tanh(x)', '--steps', '5', '--seeds', '1', '--format', 'markdown', ...db];
  const { code, stdout, stderr } = await cli([...command, '--child', 'tiny-synthetic']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\| function \| tiny-synthetic \| verdict \|$/m);
  assert.match(stdout, /^Accuracy on the validation split of synthetic in %, median of 1 seed\. *$/m);
  const refused = await cli([...command, '--child', 'tiny-synthetic', '--dataset', 'cifar100']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--dataset cifar100 is the data set of --models/);
});

test('without a name, too, the same command goes on and trains nothing twice', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'test.db')];
  const command = ['evaluate', 'tanh(x)', '--child', 'tiny-synthetic', '--steps', '5', '--seeds', '2', ...db];
  for (const budget of ['0.01s', '100s', '100s']) {
    const { code, stderr } = await cli([...command, '--budget', budget]);
    assert.equal(code, 0, stderr);
  }
  const studies = await cli(['query', 'SELECT name, trials FROM studies', '--json', ...db]);
  assert.deepEqual(JSON.parse(studies.stdout), [{ name: 'evaluate', trials: 4 }]);
});
