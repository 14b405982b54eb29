// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 5 seconds.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface Row {
  readonly expression: string;
  readonly kind: string;
  readonly status: string;
  readonly score: number | null;
}

test('a formula of another language is trained and kept in our notation', async (context) => {
  const db = join(temporaryFolder(context), 'test.db');
  const formula = 'torch.sigmoid(x) * F.relu(x)';
  const flags = ['--seeds', '1', '--child', 'tiny-synthetic', '--db', db, '--json'];
  const { code, stdout, stderr } = await cli(['evaluate', formula, ...flags]);
  assert.equal(code, 0, stderr);
  const found = (JSON.parse(stdout) as Row[]).find(({ kind }) => kind === 'proposed');
  assert.equal(found?.expression, 'sigmoid(x)*max(x, 0)');
  assert.equal(found?.status, 'complete');
});
