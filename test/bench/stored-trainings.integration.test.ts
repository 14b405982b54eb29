import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import {
  firstFreshSeed,
  foundOf,
  quickstartPlan,
  type Rediscovery,
  replayStudy,
} from '../../bench/rediscovery-study.ts';
import { readTrainings, type Training } from '../../bench/study-table.ts';
import { parse } from '../../src/expression/notation.ts';
import { complexity } from '../../src/expression/structure.ts';
import { readTrainings as readLongTrainings } from '../../src/fidelity/trainings.ts';
import { projectRoot, shippedTablesFolder } from '../../src/paths.ts';
import { blocksOf } from '../../src/ranking/blocks.ts';
import { logOfLosses } from '../../src/ranking/scored-trials.ts';
import { type Competitor, type Judged, judgeAll, usualJudge } from '../../src/ranking/verdicts.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { type StudyPlan, searchPlan } from '../../src/search/study-plan.ts';
import type { LeaderboardRow } from '../../src/storage/leaderboard.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Studies of the quickstart as it is that have tables: with fresh seeds, by the kind of their proposals. */
const fresh = readdirSync(shippedTablesFolder).flatMap((file) => {
  const [, kind, digits] = /^quickstart-(random-)?(\d+)\.csv$/.exec(file) ?? [];
  const seed = Number(digits ?? 0);
  return seed < firstFreshSeed ? [] : [{ seed, controller: kind === undefined ? undefined : 'random' }];
});

async function replayed(
  context: TestContext,
  trainings: readonly Training[],
  plan: StudyPlan,
): Promise<Rediscovery> {
  const store = Store.open(join(temporaryFolder(context), 'replayed.db'));
  context.after(() => store.close());
  return replayStudy(store, 'replayed', plan, trainings);
}

/** The rows of the first table after a heading of a page. */
function tableUnder(heading: string, page = 'rediscovery.md'): readonly string[] {
  const docs = readFileSync(join(projectRoot, 'docs', page), 'utf8');
  const lines = docs.slice(docs.indexOf(`\n${heading}\n`)).split('\n');
  const rows = lines.slice(lines.findIndex((line) => line.startsWith('|')) + 2);
  return rows.slice(
    0,
    rows.findIndex((line) => !line.startsWith('|')),
  );
}

function leadText({ lead, leadLow, leadHigh }: LeaderboardRow): string {
  return intervalText(lead ?? Number.NaN, leadLow ?? Number.NaN, leadHigh ?? Number.NaN);
}

function intervalText(mean: number, ...ends: readonly [low: number, high: number]): string {
  const [low, high] = ends.map((one) => one.toFixed(3).replace('-', '−'));
  return `${signed(mean)} (${low} to ${high})`;
}

function signed(value: number): string {
  const text = value.toFixed(3).replace('-', '−');
  return text.startsWith('−') ? text : `+${text}`;
}

/** What the race judged against ReLU, as the pages have it, in any order. */
function judgedTexts({ finals }: Rediscovery): readonly string[] {
  return finals
    .filter(({ expression }) => expression !== 'max(x, 0)')
    .map(judgedText)
    .toSorted();
}

/** The same as a page says it, which adds in words what a formula is. */
function saidTexts(rows: readonly string[]): readonly string[] {
  return rows.map((row) => row.replace(/`, [^|]*\|/, '` |')).toSorted();
}

/** A function of the race. */
function judgedText(row: LeaderboardRow): string {
  const verdict = `${row.verdict}${row.recommended ? ', recommended' : ''}`;
  return `| \`${row.expression}\` | ${leadText(row)} | ${verdict} | ${row.group} |`;
}

/** A study of a fresh seed, as docs/rediscovery.md has it. */
function studyText(seed: number, study: Rediscovery): string {
  const { recommended, baseline, finals } = study;
  const judged = finals.filter(({ expression }) => expression !== 'max(x, 0)');
  const ahead = judged.filter(({ verdict }) => verdict === 'ahead').length;
  const first = foundOf(study);
  const cells = [
    seed,
    first ? `\`${first.candidate.expression}\`, ${first.candidate.number}` : 'no',
    recommended ? `\`${recommended.row.expression}\`` : 'none',
    recommended ? leadText(recommended.row) : '',
    `${ahead} of ${judged.length}`,
    baseline ? leadText(baseline) : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What today's race says of those functions of an earlier one that are ahead of ReLU, without formulas. */
function aheadInRace(table: string): readonly string[] {
  const trainings = readTrainings(table).filter(({ rung }) => rung === '3');
  const trials = trainings.map((one) => ({
    ...one,
    seed: Number(one.seed),
    steps: Number(one.steps),
    validationAccuracy: Number(one.validation_accuracy),
    validationLoss: Number(one.validation_loss),
    meanTrainingLoss: Number(one.mean_training_loss),
  }));
  const relu = trials.filter(({ expression }) => expression === 'max(x, 0)');
  const options = { kind: 'losses', validationImages: {} } as const;
  const competitors = [...new Set(trials.map(({ expression }) => expression))].map((expression, id) => {
    const own = trials.filter((one) => one.expression === expression);
    const contender = { id, expression, complexity: complexity(parse(expression)) };
    return { ...blocksOf(contender, own, relu, relu, options), eligible: own[0]?.kind === 'proposed' };
  });
  const reference = competitors.find(({ expression }) => expression === 'max(x, 0)') as Competitor;
  return judgeAll(competitors, reference, { ...usualJudge, looks: 2 })
    .filter(({ verdict }) => verdict === 'ahead')
    .map(({ advantage: { mean, low, high }, recommended, group }: Judged) => {
      const verdict = `ahead${recommended ? ', recommended' : ''}`;
      return `| ${intervalText(mean, low, high)} | ${verdict} | ${group} |`;
    });
}

suite('stored trainings', () => {
  for (const { seed, controller } of fresh) {
    const table = `quickstart-${controller ? `${controller}-` : ''}${seed}`;
    test(`of ${table} come to what docs/rediscovery.md says`, async (context) => {
      const result = await replayed(context, readTrainings(table), quickstartPlan(seed, controller));
      const rows = tableUnder(controller ? '## Random proposals' : '## Fresh seeds');
      const said = rows.find((row) => row.startsWith(`| ${seed} |`));
      assert.equal(studyText(seed, result), said);
    });
  }

  test('of seed 1 come to what docs/rediscovery.md says', async (context) => {
    const result = await replayed(context, readTrainings('quickstart-seed-1'), quickstartPlan(1));
    const said = tableUnder('## Seed 1: what `npm start` does');
    assert.deepEqual(judgedTexts(result), saidTexts(said));
  });

  test('of the night come to what docs/overnight.md says', async (context) => {
    const settings = readSettings(join(projectRoot, 'runs', 'overnight.yaml'), {
      whole: { candidates: 3200 },
    });
    const result = await replayed(context, readTrainings('overnight'), searchPlan(settings));
    assert.equal(result.evaluated, 3200);
    assert.deepEqual(judgedTexts(result), saidTexts(tableUnder('## The race', 'overnight.md')));
  });

  test('of gold.csv come to what docs/overnight.md says of max(x, sin x)', () => {
    const gold = readLongTrainings(join(shippedTablesFolder, 'gold.csv'));
    const lossesOf = (formula: string, child: string): readonly number[] =>
      gold
        .filter((one) => one.function === formula && one.child === child)
        .toSorted((a, b) => a.seed - b.seed)
        .map((one) => logOfLosses(one.loss as number, (one.sumOfLosses as number) / one.steps));
    const leads = (of: string, over: string, child: string): string => {
      const other = lossesOf(over, child);
      return lossesOf(of, child)
        .map((losses, place) => signed((other[place] as number) - losses))
        .join(', ');
    };
    const mirrored = 'min(x, sin(x))';
    const rows = ['resnet20-16px-cifar10', 'wrn10-2-cifar10'].map((child) => {
      const swish = ['x*sigmoid(beta*x)', 'x*sigmoid(x)'].map((formula) => leads(formula, mirrored, child));
      return `| \`${child}\` | ${[...swish, leads(mirrored, 'max(x, 0)', child)].join(' | ')} |`;
    });
    assert.deepEqual(rows, tableUnder('## On networks that took no part', 'overnight.md'));
  });

  for (const [table, heading] of [
    ['quickstart-batches-of-16', '## The same ladder, with the best of each batch'],
    ['quickstart-batches-of-64', '## A whole study of the ladder before'],
  ] as const) {
    test(`of ${table} are judged in docs/rediscovery.md as they are today`, () => {
      const said = tableUnder(heading).map((row) => row.replace(/^\|[^|]*/, ''));
      assert.deepEqual(said.toSorted(), aheadInRace(table).toSorted());
    });
  }

  test('are missed by name where the ladder asks for others', async (context) => {
    const without = readTrainings('quickstart-seed-1').filter(({ rung }) => rung !== '2');
    await assert.rejects(
      replayed(context, without, quickstartPlan(1)),
      /^Error: no training is stored of .+ on preact8-cifar10, 2400 steps, seed \d+$/,
    );
  });
});
