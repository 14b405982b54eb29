// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 15 seconds.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Database } from 'better-sqlite3';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

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

test('trial list, show and replay: equal bits give 0; any difference gives 1 and says which', async (context) => {
  const file = join(temporaryFolder(context), 'test.db');
  const db = ['--db', file];
  const search = [
    'search',
    '--space',
    'small',
    '--child',
    'tiny-synthetic',
    '--candidates',
    '3',
    '--study',
    's',
  ];
  assert.equal((await cli([...search, '--quiet', ...db])).code, 0);
  const list = JSON.parse((await cli(['trial', 'list', '--json', ...db])).stdout) as {
    id: number;
    expression: string;
  }[];
  assert.equal(list.length, 12);
  const swish = list.find(({ expression }) => expression === 'x*sigmoid(beta*x)');
  const id = String(swish?.id);
  const shown = JSON.parse((await cli(['trial', 'show', id, '--json', ...db])).stdout) as {
    weightsHash: string;
    curve: unknown[];
  };
  assert.match(shown.weightsHash, /^[0-9a-f]{64}$/);
  assert.ok(shown.curve.length > 0);
  const equal = await cli(['trial', 'replay', id, '--json', ...db]);
  assert.equal(equal.code, 0, equal.stdout + equal.stderr);
  assert.equal((JSON.parse(equal.stdout) as { equal: boolean }).equal, true);

  const driver: Database = new (sqliteDriver())(file);
  driver.prepare('UPDATE trial SET weights_hash = ? WHERE id = ?').run('0'.repeat(64), Number(id));
  driver.close();
  const defect = await cli(['trial', 'replay', id, ...db]);
  assert.equal(defect.code, 1, defect.stderr);
  assert.match(
    defect.stdout,
    /differs[\s\S]*hash of the weights[\s\S]*0000[\s\S]*the arithmetic is the same/i,
  );

  const other: Database = new (sqliteDriver())(file);
  other.prepare("UPDATE arithmetic SET facts = json_set(facts, '$.node', '99.0.0')").run();
  other.close();
  const moved = await cli(['trial', 'replay', id, ...db]);
  assert.equal(moved.code, 1, moved.stderr);
  assert.match(moved.stdout, /differs from that of the stored trial[\s\S]*node[\s\S]*99\.0\.0/);
});
