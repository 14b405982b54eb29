import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ArithmeticFacts, arithmeticFacts } from '../../src/arithmetic.ts';
import { projectRoot } from '../../src/paths.ts';
import { Store } from '../../src/storage/store.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = join(projectRoot, 'test', 'search', 'golden');

/**
 * Whole leaderboards of golden/ladder.yaml, made by the first version that could run it: rank, rung,
 * expression, score, low, high, status. Last bits depend on the arithmetic, so there is one file for each
 * that was at hand.
 */
const leaderboards: readonly { readonly file: string; fits(facts: ArithmeticFacts): boolean }[] = [
  { file: 'avx512.tsv', fits: ({ cpuFlags, oneDnn }) => cpuFlags.includes('avx512_vnni') && oneDnn },
  {
    file: 'avx2.tsv',
    fits: ({ cpuFlags, oneDnn }) => cpuFlags.includes('avx2') && !cpuFlags.includes('avx512f') && !oneDnn,
  },
];

test('a study made before ends with the same candidates, scores and intervals, bit for bit', async (context) => {
  const facts = arithmeticFacts();
  const golden = leaderboards.find(({ fits }) => facts.tensorflow === '2.18.1' && fits(facts));
  if (golden === undefined) {
    context.skip(
      `there is no leaderboard of this arithmetic: TensorFlow ${facts.tensorflow}, ${facts.cpuFlags}`,
    );
    return;
  }
  const database = join(temporaryFolder(context), 'golden.db');
  const result = await cli(['search', join(folder, 'ladder.yaml'), '--db', database, '--quiet']);
  assert.equal(result.code, 0, result.stderr);
  const store = Store.open(database, { readonly: true });
  const rows = store
    .leaderboard('golden')
    .map(({ rank, rung, expression, score, low, high, status }) =>
      [rank, rung, expression, score, low, high, status].map((value) => value ?? '').join('\t'),
    );
  store.close();
  const expected = readFileSync(join(folder, golden.file), 'utf8').trimEnd().split('\n');
  assert.deepEqual(rows, expected);
});
