import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

// Six processes, some seconds each.

test('searches without a name that begin at once in a new database are study, study-2, …', async (context) => {
  const db = ['--db', join(temporaryFolder(context), 'new.db')];
  const search = ['search', '--space', 'small', '--child', 'tiny-synthetic', '--candidates', '1'];
  const all = await Promise.all(
    Array.from({ length: 6 }, () => cli([...search, '--no-baselines', '--workers', '1', '--quiet', ...db])),
  );
  for (const { code, stderr } of all) assert.equal(code, 0, stderr);
  const { stdout } = await cli(['query', 'SELECT name, status FROM studies ORDER BY name', '--json', ...db]);
  assert.deepEqual(
    JSON.parse(stdout),
    ['study', 'study-2', 'study-3', 'study-4', 'study-5', 'study-6'].map((name) => ({
      name,
      status: 'finished',
    })),
  );
});
