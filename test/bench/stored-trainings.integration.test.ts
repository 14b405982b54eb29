import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { instantStudy } from '../../bench/instant-study.ts';
import { firstFreshSeed, quickstartPlan, readRediscovery } from '../../bench/rediscovery-study.ts';
import { StoredTrainings } from '../../bench/stored-trainings.ts';
import { readTrainings, type Training } from '../../bench/study-table.ts';
import { projectRoot, shippedTablesFolder } from '../../src/paths.ts';
import type { LeaderboardRow } from '../../src/storage/leaderboard.ts';
import { Store } from '../../src/storage/store.ts';
import { Ladder } from '../../src/study/ladder.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Tables of whole studies of the quickstart as it is, with the seeds of the studies. */
const studies = new Map([
  ['seed-1', 1],
  ...readdirSync(shippedTablesFolder).flatMap((file): [string, number][] => {
    const seed = Number(/^quickstart-(\d+)\.csv$/.exec(file)?.[1] ?? 0);
    return seed >= firstFreshSeed ? [[String(seed), seed]] : [];
  }),
]);
const docs = readFileSync(join(projectRoot, 'docs', 'rediscovery.md'), 'utf8');

async function replayed(context: TestContext, seed: number, trainings: readonly Training[]) {
  const store = Store.open(join(temporaryFolder(context), 'replayed.db'));
  context.after(() => store.close());
  const plan = quickstartPlan(seed);
  const name = await instantStudy(store, 'replayed', plan, new StoredTrainings(trainings));
  return readRediscovery(store, name, trainings, new Ladder(plan.config.rungs).height - 1);
}

/** The first table of docs/rediscovery.md after it names a table of trainings. */
function described(table: string): readonly string[] {
  const rest = docs.slice(docs.indexOf(`quickstart-${table}.csv`));
  const rows = rest.split('\n').slice(rest.split('\n').findIndex((line) => line.startsWith('|')) + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) => row.replace(/`, [^|]*\|/, '` |'))
    .toSorted();
}

function rowText({
  expression,
  lead,
  leadLow,
  leadHigh,
  verdict,
  recommended,
  group,
}: LeaderboardRow): string {
  const [mean, low, high] = [lead, leadLow, leadHigh].map((one) =>
    (one ?? Number.NaN).toFixed(3).replace('-', '−'),
  );
  const said = `${verdict}${recommended ? ', recommended' : ''}`;
  return `| \`${expression}\` | ${mean?.startsWith('−') ? '' : '+'}${mean} (${low} to ${high}) | ${said} | ${group} |`;
}

suite('stored trainings', () => {
  for (const [table, seed] of studies) {
    test(`of seed ${seed} come to what docs/rediscovery.md says`, async (context) => {
      const { finals } = await replayed(context, seed, readTrainings(table));
      const judged = finals.filter(({ expression }) => expression !== 'max(x, 0)');
      assert.deepEqual(judged.map(rowText).toSorted(), described(table));
    });
  }

  test('are missed by name where the ladder asks for others', async (context) => {
    const without = readTrainings('seed-1').filter(({ rung }) => rung !== '2');
    await assert.rejects(
      replayed(context, 1, without),
      /^Error: no training is stored of .+ on preact8-cifar10, 2400 steps, seed \d+$/,
    );
  });
});
