import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../src/random.ts';
import { type Competitor, type Judged, judgeAll, usualJudge } from '../../src/ranking/verdicts.ts';

/** Functions whose results on a block are their mean, what is common to the block, and noise. */
function competitors(means: readonly number[], blocks: number, random: Random, noise = 0.01): Competitor[] {
  const common = Array.from({ length: blocks }, () => 0.1 * random.normal());
  return means.map((mean, id) => ({
    id,
    complexity: 3 + id,
    blocks: new Map(common.map((shared, block) => [block, mean + shared + noise * random.normal()])),
  }));
}

function judged(all: readonly Competitor[], options = usualJudge): readonly Judged[] {
  return judgeAll(all, all[0] as Competitor, options);
}

suite('verdicts', () => {
  test('tell functions ahead of the reference from those behind it and those equal to it', () => {
    const all = competitors([0, 0.05, -0.05, 0.0001], 12, Random.fromSeed(1), 0.002);
    assert.deepEqual(
      judged(all).map(({ verdict }) => verdict),
      ['equal', 'ahead', 'behind', 'equal'],
    );
  });

  test('are undecided below five shared blocks, however large the difference', () => {
    const all = competitors([0, 1], 4, Random.fromSeed(2));
    assert.deepEqual(
      judged(all).map(({ verdict, blocks }) => [verdict, blocks]),
      [
        ['equal', 4],
        ['undecided', 4],
      ],
    );
  });

  test('count blocks on which a function failed, and put it behind', () => {
    const [reference, good, bad] = competitors([0, 0.05, 0.05], 8, Random.fromSeed(3)) as Competitor[];
    const failed: Competitor = {
      ...(bad as Competitor),
      blocks: new Map([...(bad as Competitor).blocks, [2, null]]),
    };
    const [, second, third] = judged([reference as Competitor, good as Competitor, failed]);
    assert.deepEqual([second?.verdict, second?.failed], ['ahead', 0]);
    assert.deepEqual([third?.verdict, third?.failed, third?.group], ['behind', 1, 3]);
  });

  test('claim a lead that is not there in at most 5% of 400 races of eight equal functions, looked at 8 times', () => {
    const random = Random.fromSeed('equal functions');
    let wrong = 0;
    for (let race = 0; race < 400; race++) {
      const all = competitors(
        Array.from({ length: 8 }, () => 0),
        12,
        random,
      );
      const claimed = Array.from({ length: 8 }, (_, look) => all.map((one) => upTo(one, 5 + look))).some(
        (seen) => judged(seen).some(({ verdict }) => verdict === 'ahead'),
      );
      if (claimed) wrong++;
    }
    assert.ok(wrong <= 0.05 * 400, `${wrong} wrong`);
  });
});

suite('verdicts at planned looks', () => {
  const planned = { ...usualJudge, looks: 2 };
  const seenTwice = (all: readonly Competitor[]) =>
    [6, 8].map((blocks) =>
      judged(
        all.map((one) => upTo(one, blocks)),
        planned,
      ),
    );

  test('claim a lead that is not there in at most 5% of 400 races of eight equal functions', () => {
    const random = Random.fromSeed('equal functions, planned');
    const equal = Array.from({ length: 8 }, () => 0);
    let wrong = 0;
    for (let race = 0; race < 400; race++) {
      const looks = seenTwice(competitors(equal, 8, random));
      if (looks.some((rows) => rows.some(({ verdict }) => verdict === 'ahead'))) wrong++;
    }
    assert.ok(wrong <= 0.05 * 400, `${wrong} wrong`);
  });

  test('see a lead of three standard deviations in twice as many races as those that hold for any number of looks', () => {
    const random = Random.fromSeed('power, planned');
    const means = [0, 0.03, 0, 0, 0, 0, 0, 0];
    let [planning, anytime] = [0, 0];
    for (let race = 0; race < 200; race++) {
      const all = competitors(means, 6, random);
      if (judged(all, planned)[1]?.verdict === 'ahead') planning++;
      if (judged(all)[1]?.verdict === 'ahead') anytime++;
    }
    assert.ok(planning >= 2 * anytime && planning > 100, `${planning} and ${anytime} of 200`);
  });
});

suite('the leading group', () => {
  test('holds the best function in at least 95% of 200 races, and loses those far behind', () => {
    const random = Random.fromSeed('leaders');
    let [lost, kept] = [0, 0];
    for (let race = 0; race < 200; race++) {
      const rows = judged(competitors([0, 0.03, 0.029, -0.02], 10, random));
      if (rows[1]?.group !== 1) lost++;
      if (rows[3]?.group === 1) kept++;
    }
    assert.ok(lost <= 10, `${lost} lost`);
    assert.ok(kept <= 10, `${kept} kept`);
  });

  test('recommends the simplest of its functions that are ahead of the reference', () => {
    const rows = judged(competitors([0, 0.05, 0.0501, 0.01], 12, Random.fromSeed(4), 0.003));
    assert.deepEqual(
      rows.map(({ group, recommended }) => [group, recommended]),
      [
        [3, false],
        [1, true],
        [1, false],
        [2, false],
      ],
    );
  });

  test('recommends of equally simple functions the cheapest to train, unless it is worse by more than the margin', () => {
    const alike = (lead: number) => {
      const [reference, ...others] = competitors([0, 0.05 + lead, 0.05], 12, Random.fromSeed(8), 0.004);
      const [dear, cheap] = ['max(x, sin(x))', 'x*sigmoid(x)'].map(
        (expression, index): Competitor => ({ ...(others[index] as Competitor), complexity: 4, expression }),
      );
      const rows = judged([reference, dear, cheap] as Competitor[]);
      return rows.flatMap(({ recommended }, index) => (recommended ? [index] : []));
    };
    assert.deepEqual(alike(0.002), [2]);
    assert.deepEqual(alike(0.008), [1]);
    assert.deepEqual(alike(-0.002), [2]);
  });

  test('keeps a simple function that a relative is certainly ahead of, by less than the margin', () => {
    const relatives = (lead: number) =>
      judged(competitors([0, 0.05, 0.05 + lead], 12, Random.fromSeed(6), 0.0004)).map(
        ({ group, recommended }) => [group, recommended],
      );
    assert.deepEqual(relatives(0.003), [
      [2, false],
      [1, true],
      [1, false],
    ]);
    assert.deepEqual(relatives(0.007), [
      [3, false],
      [2, false],
      [1, true],
    ]);
  });

  test('does not hold the reference if one of its functions is ahead of it, by however little', () => {
    const rows = judged(competitors([0, 0.003], 12, Random.fromSeed(7), 0.0004));
    assert.deepEqual(
      rows.map(({ verdict, group }) => [verdict, group]),
      [
        ['equal', 2],
        ['ahead', 1],
      ],
    );
  });

  test('recommends nothing where nothing is ahead of the reference', () => {
    const rows = judged(competitors([0, 0, 0], 6, Random.fromSeed(5)));
    assert.ok(rows.every(({ group, recommended }) => group === 1 && !recommended));
  });
});

function upTo(one: Competitor, blocks: number): Competitor {
  return { ...one, blocks: new Map([...one.blocks].slice(0, blocks)) };
}
