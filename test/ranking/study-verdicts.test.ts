import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { Random } from '../../src/random.ts';
import { confidenceSequence } from '../../src/ranking/anytime.ts';
import { mean } from '../../src/ranking/comparisons.ts';
import { plannedInterval } from '../../src/ranking/planned-looks.ts';
import type { ScoredTrial } from '../../src/ranking/scored-trials.ts';
import { type Entrant, StudyJudge } from '../../src/ranking/study-verdicts.ts';
import { type Competitor, judgeAll, usualJudge } from '../../src/ranking/verdicts.ts';
import { storedCandidate } from '../../src/study/candidate.ts';
import { sampleCandidate } from '../storage/samples.ts';

const children = ['a', 'b'];
const keys = [1, 2, 3, 4].flatMap((seed) => children.map((child) => ({ child, seed, steps: 10 })));
const options = { validationImages: { a: 100, b: 100 } };
const judge = new StudyJudge(keys, usualJudge, options);

/** A candidate whose loss on each block is e to the power of minus its lead and the block's own noise. */
function entrant(
  number: number,
  lead: number,
  changes: (index: number) => Partial<ScoredTrial> = () => ({}),
): Entrant {
  const place = { id: 10 + number, studyId: 1, batch: Math.max(0, number), sameAs: null };
  const trials = keys.map((key, index): ScoredTrial => {
    const noise =
      0.1 * Random.fromSeed('block', index).normal() + 0.001 * Random.fromSeed(number, index).normal();
    const common = { status: 'complete', reason: null, weightsHash: null, validationAccuracy: 0.5 } as const;
    return { ...key, ...common, validationLoss: Math.exp(noise - lead), ...changes(index) };
  });
  return { candidate: storedCandidate(sampleCandidate(number), place), trials };
}

suite('the judge of a study', () => {
  test('says who is ahead, by how much, and recommends a proposal, never a baseline', () => {
    const { verdicts, concordance, seedCorrelation } = judge.judge([
      entrant(-1, 0),
      entrant(-2, 0.1),
      entrant(1, 0.1),
      entrant(2, -0.05),
    ]);
    assert.deepEqual(
      verdicts.map(({ verdict, group, blocks, recommended }) => [verdict, group, blocks, recommended]),
      [
        ['equal', 2, 8, false],
        ['ahead', 1, 8, false],
        ['ahead', 1, 8, true],
        ['behind', 3, 8, false],
      ],
    );
    const given = new StudyJudge(keys, usualJudge, { ...options, recommendsBaselines: true });
    const entrants = [entrant(-1, 0), entrant(-2, 0.101), entrant(1, 0.1)];
    assert.deepEqual(
      given.judge(entrants).verdicts.map(({ recommended }) => recommended),
      [false, true, false],
      'where functions were given, one with a name may be recommended too',
    );
    const [, , best] = verdicts;
    assert.ok(Math.abs((best?.lead ?? 0) - 0.1) < 0.002);
    assert.ok((best?.leadLow ?? 0) > 0.09 && (best?.leadHigh ?? 1) < 0.11);
    assert.ok((concordance ?? 0) > 0.8 && (seedCorrelation ?? 0) > 0.9);
  });

  test('counts failed blocks; fewer blocks than a verdict needs give no group', () => {
    const failed = entrant(1, 0.1, (index) =>
      index === 2 ? { status: 'diverged', validationLoss: null } : {},
    );
    const [, one] = judge.judge([entrant(-1, 0), failed]).verdicts;
    assert.deepEqual([one?.verdict, one?.blocks, one?.failedBlocks], ['behind', 8, 1]);
    const few = [entrant(-1, 0), entrant(1, 0.1)].map(({ candidate, trials }) => ({
      candidate,
      trials: trials.slice(0, 4),
    }));
    assert.deepEqual(
      judge
        .judge(few)
        .verdicts.map(({ verdict, group, blocks, recommended }) => [verdict, group, blocks, recommended]),
      [
        ['equal', null, 4, false],
        ['undecided', null, 4, false],
      ],
    );
  });

  test('says nothing of how children agree where one of them has no block that all functions share', () => {
    const only = (number: number, child: string): Entrant => {
      const { candidate, trials } = entrant(number, 0.1);
      return { candidate, trials: trials.filter((trial) => trial.child !== 'b' || trial.child === child) };
    };
    const { concordance } = judge.judge([entrant(-1, 0), only(1, 'a'), only(2, 'b')]);
    assert.equal(concordance, null);
  });

  test('lets those run on about whom something is open', () => {
    const open = judge.undecided([entrant(-1, 0), entrant(1, 0.1), entrant(2, 0.0998), entrant(3, -0.1)]);
    assert.deepEqual([...open], []);
    const few = [entrant(-1, 0), entrant(1, 0.003), entrant(3, -0.1)].map(({ candidate, trials }) => ({
      candidate,
      trials: trials.slice(0, 5),
    }));
    assert.ok(!judge.undecided(few).has(13));
  });
});

/** Real trainings: the logarithm of the validation loss of 22 functions with two seeds on two children. */
const trainings = readFileSync(join(projectRoot, 'test', 'ranking', 'assets', 'trainings.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [, child = '', name = '', seed = '', loss = ''] =
      /^([^,]+),("[^"]*"|[^,]*),(\d+),([\d.]+)$/.exec(line) ?? [];
    return { child, name: name.replaceAll('"', ''), seed, value: -Math.log(Number(loss)) };
  });

/** What is left of a function's result on a seed without what is the function's and what is the seed's. */
function residualsOf(child: string): {
  readonly means: ReadonlyMap<string, number>;
  readonly noise: readonly number[];
} {
  const own = trainings.filter((one) => one.child === child);
  const names = [...new Set(own.map(({ name }) => name))];
  const seeds = [...new Set(own.map(({ seed }) => seed))];
  const overall = mean(own.map(({ value }) => value));
  const of = (key: 'name' | 'seed', which: string): number =>
    mean(own.filter((one) => one[key] === which).map(({ value }) => value));
  // Two means are taken out of the noise, which makes it smaller.
  const lost = Math.sqrt((1 - 1 / seeds.length) * (1 - 1 / names.length));
  const noise = own.map(
    ({ name, seed, value }) => (value - of('name', name) - of('seed', seed) + overall) / lost,
  );
  return { means: new Map(names.map((name) => [name, of('name', name)])), noise };
}

/** A race resampled from real trainings: the functions' own means, and noise drawn from what was measured. */
function resampled(
  means: readonly number[],
  noise: readonly number[],
  blocks: number,
  random: Random,
): Competitor[] {
  const common = Array.from({ length: blocks }, () => 0.01 * random.normal());
  return means.map((own, id) => ({
    id,
    complexity: 3 + id,
    blocks: new Map(
      common.map((shared, block) => [block, own + shared + (noise[random.index(noise.length)] as number)]),
    ),
  }));
}

function upTo(one: Competitor, blocks: number): Competitor {
  return { ...one, blocks: new Map([...one.blocks].slice(0, blocks)) };
}

suite('verdicts with the noise of real trainings', () => {
  const looks = [5, 6, 7, 8];
  for (const [child, least] of [
    ['plain8-cifar10', 85],
    ['resnet8 on 8 x 8', 60],
  ] as const) {
    const { means, noise } = residualsOf(child);

    test(`${child}: at most 5% of 400 races of eight equal functions claim a lead at any of four looks`, () => {
      const random = Random.fromSeed('equal', child);
      let wrong = 0;
      for (let race = 0; race < 400; race++) {
        const all = resampled(
          Array.from({ length: 8 }, () => 0),
          noise,
          8,
          random,
        );
        const claims = looks.some((blocks) => {
          const seen = all.map((one) => upTo(one, blocks));
          return judgeAll(seen, seen[0] as Competitor).some(({ verdict }) => verdict === 'ahead');
        });
        if (claims) wrong++;
      }
      assert.ok(wrong <= 0.05 * 400, `${wrong} wrong`);
    });

    test(`${child}: the same at two planned looks`, () => {
      const random = Random.fromSeed('equal, planned', child);
      const equal = Array.from({ length: 8 }, () => 0);
      let wrong = 0;
      for (let race = 0; race < 400; race++) {
        const all = resampled(equal, noise, 8, random);
        const claims = [6, 8].some((blocks) => {
          const seen = all.map((one) => upTo(one, blocks));
          const judged = judgeAll(seen, seen[0] as Competitor, { ...usualJudge, looks: 2 });
          return judged.some(({ verdict }) => verdict === 'ahead');
        });
        if (claims) wrong++;
      }
      assert.ok(wrong <= 0.05 * 400, `${wrong} wrong`);
    });

    test(`${child}: Swish is ahead of ReLU after eight blocks in at least ${least} of 100 races of eight functions`, () => {
      const random = Random.fromSeed('power', child);
      const names = ['max(x, 0)', 'x*sigmoid(x)', 'x*sigmoid(beta*x)', 'max(x, 0.01*x)', 'softplus(x)'];
      const own = [...names, 'cos(x) - x', 'max(x, tanh(x))', '0.5*x*(1 + erf(x/sqrt(2)))'].map(
        (name) => means.get(name) as number,
      );
      let [ahead, leading] = [0, 0];
      for (let race = 0; race < 100; race++) {
        const all = resampled(own, noise, 8, random);
        const judged = judgeAll(all, all[0] as Competitor);
        if (judged[2]?.verdict === 'ahead') ahead++;
        if (judged[2]?.group === 1) leading++;
      }
      assert.ok(leading >= 95, `${leading} leading`);
      assert.ok(ahead >= least, `${ahead} ahead`);
    });
  }

  test('an interval of one planned look covers the mean in 93% to 97%', () => {
    const { noise } = residualsOf('plain8-cifar10');
    const random = Random.fromSeed('coverage, planned');
    const draw = (): number => noise[random.index(noise.length)] as number;
    for (const blocks of [5, 12]) {
      let covered = 0;
      for (let series = 0; series < 4000; series++) {
        const { low, high } = plannedInterval(
          Array.from({ length: blocks }, () => draw() - draw()),
          0.05,
          1,
        );
        if (low <= 0 && high >= 0) covered++;
      }
      assert.ok(covered >= 0.93 * 4000 && covered <= 0.97 * 4000, `${covered / 4000} at ${blocks} blocks`);
    }
  });

  test('a confidence sequence looked at once covers the mean in at least 97%, not 95%: the price of looking again', () => {
    const { noise } = residualsOf('plain8-cifar10');
    const random = Random.fromSeed('coverage');
    for (const blocks of [5, 12]) {
      let covered = 0;
      for (let series = 0; series < 2000; series++) {
        const draw = (): number => noise[random.index(noise.length)] as number;
        const { low, high } = confidenceSequence(
          Array.from({ length: blocks }, () => draw() - draw()),
          0.05,
        );
        if (low <= 0 && high >= 0) covered++;
      }
      assert.ok(covered >= 0.97 * 2000 && covered < 2000, `${covered / 2000} at ${blocks} blocks`);
    }
  });
});
