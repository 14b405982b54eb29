// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 15 seconds.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

interface Row {
  readonly expression: string;
  readonly kind: string;
  readonly status: string;
  readonly score: number | null;
}

test('which spelling of a function comes first does not decide whether it gets a score', async (context) => {
  const folder = temporaryFolder(context);
  const db = join(folder, 'test.db');
  const spellings = ['max(x, 0)*sqrt(max(x, 0))', 'max(x, 0)^1.5', 'sqrt(max(x, 0)^3)'];
  for (const [index, first] of spellings.entries()) {
    const space = join(folder, `order-${index}.yaml`);
    const list = [first, ...spellings.filter((spelling) => spelling !== first)];
    writeFileSync(space, `unary: ${JSON.stringify(list)}\nbinary: ["max(x1, x2)"]\n`);
    const study = ['--study', `order-${index}`, '--db', db];
    const search = ['search', '--space', space, '--controller', 'exhaustive', '--child', 'tiny-synthetic'];
    const searched = await cli([...search, '--no-baselines', '--quiet', ...study]);
    assert.equal(searched.code, 0, searched.stderr);
    const board = await cli(['leaderboard', '--json', ...study]);
    const rows = (JSON.parse(board.stdout) as Row[]).filter(({ kind }) => kind === 'proposed');
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['complete'],
      first,
    );
    assert.ok(Number.isFinite(rows[0]?.score), `${first}: ${rows[0]?.score}`);
  }
});

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
