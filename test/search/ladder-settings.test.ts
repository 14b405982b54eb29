import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { usualJudge } from '../../src/ranking/verdicts.ts';
import { children, rungs, seeds } from '../../src/search/ladder-settings.ts';

/** What a schema has against a value, in words; nothing if it takes it. */
function refusal(schema: typeof rungs | typeof children | typeof seeds, given: unknown): string | undefined {
  return schema.safeParse(given).error?.issues[0]?.message;
}

suite('settings of a ladder', () => {
  test('a child is a name, or an object that is judged later', () => {
    assert.deepEqual(children.parse(['a', { name: 'b', steps: 5 }]), [
      { name: 'a' },
      { name: 'b', steps: 5 },
    ]);
    assert.match(refusal(children, []) ?? '', /at least one child/);
    assert.match(refusal(children, Array(21).fill('a')) ?? '', /at most 20 children/);
    assert.match(refusal(children, 'a') ?? '', /a list of names, files and recipes/);
    assert.match(refusal(children, [5]) ?? '', /a child is a name/);
  });

  test('seeds are a number of them, or a list', () => {
    for (const given of [1, 1000, [0], [7, 2 ** 31 - 1]]) assert.deepEqual(seeds.parse(given), given);
    for (const given of [0, 1001, 1.5, [], [-1], [2 ** 31], '3'])
      assert.ok(refusal(seeds, given), String(given));
  });

  test('what a rule of a rung does not say has its usual value', () => {
    const [rung] = rungs.parse([
      { children: ['a'], race: {}, earlyStop: { chance: { after: 9 }, quantile: { after: 20 } } },
    ]);
    const { fewestBlocks: blocks, level, margin } = usualJudge;
    assert.deepEqual(rung?.race, { blocks, budget: 12, level, margin });
    assert.deepEqual(rung?.earlyStop, {
      chance: { after: 9, by: 0 },
      quantile: { after: 20, worst: 0.25, fewest: 10, tolerance: 0.02 },
    });
  });

  test('none and all of a batch are no share that goes on', () => {
    const withShare = (share: unknown): unknown => [{ children: ['a'], share }];
    assert.equal(rungs.parse(withShare(0.5))[0]?.share, 0.5);
    for (const share of [0, 1, -0.1, '0.5']) {
      assert.equal(refusal(rungs, withShare(share)), 'share is a number above 0 and below 1');
    }
  });

  test('numbers out of range and unknown keys are refused, a race with too few blocks among them', () => {
    const wrong: readonly Record<string, unknown>[] = [
      { steps: 0 },
      { finalists: 0 },
      { race: { blocks: 1 } },
      { race: { margin: 1.1 } },
      { earlyStop: { chance: { after: 0 } } },
      { earlyStop: { chance: { after: 1, by: 2.1 } } },
      { earlyStop: { quantile: { after: 1, tolerance: -0.1 } } },
      { shares: 0.5 },
    ];
    for (const rule of wrong) {
      assert.ok(refusal(rungs, [{ children: ['a'], ...rule }]), JSON.stringify(rule));
    }
    assert.match(refusal(rungs, []) ?? '', /at least one rung/);
    assert.match(refusal(rungs, Array(11).fill({ children: ['a'] })) ?? '', /at most 10 rungs/);
  });
});
