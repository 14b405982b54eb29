// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 15 seconds.
import assert from 'node:assert/strict';
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
