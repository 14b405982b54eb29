import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ChildSteps } from '../../src/evaluation/blocks.ts';
import { againstTheFirst } from '../../src/evaluation/contest.ts';
import {
  type ContestKind,
  contestPlan,
  createContest,
  earlierComparisons,
} from '../../src/evaluation/contest-study.ts';
import { chosenFunctions } from '../../src/evaluation/functions.ts';
import { type ContestEnd, runContest } from '../../src/evaluation/run-contest.ts';
import { scoringOf } from '../../src/search/open-study.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { neverStop } from '../../src/search/stop.ts';
import { formulasPlan } from '../../src/search/study-plan.ts';
import { Store } from '../../src/storage/store.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';
import { type InstantOptions, instantRunner } from '../search/instant-runner.ts';
import { sampleStudy } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

const words = ['ReLU', 'GELU', 'x*sigmoid(x)', 'x*tanh(x)', 'max(x, sin(x))'];

const twoLengths: readonly ChildSteps[] = [
  { child: 'tiny-synthetic', steps: 10 },
  { child: 'tiny-synthetic', steps: 20 },
];

function planOf(
  workers: number,
  time: number | null = null,
  kind: ContestKind = 'confirm',
  children = twoLengths,
) {
  const read = readSettings(undefined, {
    whole: { controller: 'exhaustive', children: ['tiny-synthetic'], workers },
  });
  const { recipes } = formulasPlan(read, []).config;
  const functions = chosenFunctions(words, { database: '' });
  return contestPlan(kind, read, { functions, children, recipes, firstSeed: 4, time });
}

/** The losses that the functions have but for the luck of the seed, so that verdicts come in one by one. */
const losses: Readonly<Record<string, number>> = {
  'max(x, 0)': 1,
  '0.5*x*(1 + erf(x/sqrt(2)))': 0.9,
  'x*sigmoid(x)': 0.7,
  'x*tanh(x)': 2,
  'max(x, sin(x))': 1.06,
};

async function withLoss(request: TrialRequest, outcome: Promise<TrialOutcome>): Promise<TrialOutcome> {
  const ended = await outcome;
  if (ended.status !== 'complete') return ended;
  const luck = Math.exp(0.3 * ((ended.measures.validationAccuracy ?? 0) - 0.5));
  const validationLoss = (losses[request.expression] as number) * luck;
  return { ...ended, measures: { ...ended.measures, validationLoss } };
}

interface Sitting extends InstantOptions {
  readonly workers?: number;
  readonly time?: number | null;
  readonly mostBlocks?: number | null;
  /** Stops after this many trials. */
  readonly stopAfter?: number;
}

/** Begins a contest in a database, or goes on with it. */
async function sit(
  file: string,
  { workers = 2, time = null, mostBlocks = null, stopAfter, ...options }: Sitting,
): Promise<{
  end: ContestEnd;
  ran: TrialRequest[];
  /** How often the contest was asked who trains on. */
  asked: number;
}> {
  const store = Store.open(file);
  try {
    const plan = planOf(workers, time);
    const study = store.findStudy('contest')
      ? store.claimStudy('contest')
      : createContest(store, 'contest', plan);
    const stopping = new AbortController();
    const runner = instantRunner({
      ...options,
      before: async (request) => {
        await options.before?.(request);
        if (stopAfter !== undefined && runner.ran.length + 1 >= stopAfter) stopping.abort();
      },
    });
    const { config } = plan;
    let asked = 0;
    const end = await runContest({
      ...{ store, study, config, scoring: scoringOf(config), mostBlocks },
      runner: { run: (request, training) => withLoss(request, runner.run(request, training)) },
      contest: (competitors) => {
        asked += 1;
        return againstTheFirst(competitors);
      },
      stop: { ...neverStop, finish: stopping.signal },
      onEvent: () => undefined,
    });
    return { end, ran: runner.ran, asked };
  } finally {
    store.close();
  }
}

/** What is stored of the contest but for times. */
function kept(file: string): unknown {
  const store = Store.open(file, { readonly: true });
  try {
    const rows = store
      .leaderboard('contest')
      .map(({ id, score, low, trials }) => ({ id, score, low, trials }));
    const { rows: trials } = store.query(
      'SELECT candidate, child, seed, steps, validation_loss FROM trials ORDER BY 1, 2, 3, 4',
    );
    return { rows, trials: [...trials] };
  } finally {
    store.close();
  }
}

function databaseFile(context: TestContext): string {
  return join(temporaryFolder(context), 'test.db');
}

test('every function gets five blocks, then those that are not decided', async (context) => {
  const file = databaseFile(context);
  const { end, ran, asked } = await sit(file, {});
  assert.equal(end, 'decided');
  assert.equal(asked, new Set(ran.map(({ seed }) => seed)).size + 1, 'once before each seed, and at the end');
  for (let seed = 4; seed < 7; seed++) {
    assert.equal(ran.filter((request) => request.seed === seed).length, 2 * words.length);
  }
  const later = ran.filter(({ seed }) => seed >= 7).map(({ expression }) => expression);
  assert.ok(later.length > 0 && !later.includes('x*tanh(x)'));
});

test('stopped again and again, with any number of workers, a contest ends as in one sitting', async (context) => {
  const [whole, halted] = [databaseFile(context), databaseFile(context)];
  assert.equal((await sit(whole, { workers: 1 })).end, 'decided');
  const ends: ContestEnd[] = [];
  for (let sitting = 0; ends.at(-1) !== 'decided' && sitting < 50; sitting++) {
    ends.push((await sit(halted, { workers: 1 + (sitting % 3), stopAfter: 7 + sitting })).end);
  }
  assert.ok(ends.length > 3);
  assert.deepEqual(kept(halted), kept(whole));
});

test('a function that fails leaves at once', async (context) => {
  const file = databaseFile(context);
  const diverges = ({ expression, seed, steps }: TrialRequest): boolean =>
    expression === 'x*tanh(x)' && seed === 5 && steps === 10;
  const { ran } = await sit(file, { diverges, workers: 1 });
  const own = ran.filter(({ expression }) => expression === 'x*tanh(x)');
  assert.deepEqual(
    own.map(({ seed, steps }) => [seed, steps]),
    [
      [4, 10],
      [4, 20],
      [5, 10],
    ],
  );
});

test('time ends a contest between two seeds, and more of it goes on', async (context) => {
  const file = databaseFile(context);
  const none = await sit(file, { time: 0 });
  assert.deepEqual([none.end, none.ran.length], ['time', 0]);
  const more = await sit(file, { time: 1000 });
  assert.notEqual(more.end, 'time');
  assert.equal(more.ran[0]?.seed, 4);
});

test('a contest trains whole seeds, and no more blocks than it may', async (context) => {
  for (const [mostBlocks, seeds] of [
    [5, [4, 5]],
    [2, [4]],
    [1, []],
  ] as const) {
    const { end, ran } = await sit(databaseFile(context), { mostBlocks });
    assert.equal(end, 'blocks');
    assert.deepEqual([...new Set(ran.map(({ seed }) => seed))], seeds, `${mostBlocks} blocks`);
  }
});

test('earlier comparisons are found beside one that this version cannot read', (context) => {
  const store = Store.open(join(temporaryFolder(context), 'a.db'));
  const unreadable = { space: { formulas: [], contest: 'compare' }, config: { old: true } };
  store.createStudy(sampleStudy('compare', unreadable));
  const children = [{ child: 'tiny-synthetic', steps: 10 }];
  const plan = planOf(1, null, 'compare', children);
  createContest(store, 'compare-2', plan);
  assert.deepEqual(earlierComparisons(store, children, plan.config.recipes), ['compare-2']);
  store.close();
});
