import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Told } from '../../src/controllers/controller.ts';
import { firstJudgeState, judge, judgeState, type RewardOptions } from '../../src/controllers/rl-rewards.ts';
import { Random } from '../../src/random.ts';

const options: RewardOptions = { reward: 'rank', window: 100, sharpness: 1, floor: -0.5, baselineDecay: 0.5 };
const byScore: RewardOptions = { ...options, reward: 'score' };

suite('rewards of controller rl', () => {
  test('advantages have a mean of 0 and a mean square of 1 in the first batch, whatever the scale of the scores', () => {
    for (const scale of [1e-3, 1, 1000]) {
      const { advantages } = judge(
        firstJudgeState,
        [1, 2, 4, 3].map((score) => scored(score * scale)),
        byScore,
      );
      assert.ok(Math.abs(mean([...advantages])) < 1e-12);
      assert.ok(Math.abs(mean([...advantages].map((value) => value ** 2)) - 1) < 1e-12);
    }
  });

  test('the baseline is the moving average of the rewards before the batch', () => {
    const first = judge(firstJudgeState, [scored(1), scored(3)], byScore);
    assert.equal(first.state.baseline, 2);
    const second = judge(first.state, [scored(6)], byScore);
    assert.ok((second.advantages[0] as number) > 0);
    assert.equal(second.state.baseline, 0.5 * 2 + 0.5 * 6);
    const third = judge(second.state, [scored(4)], byScore);
    assert.equal(third.advantages[0], 0);
  });

  test('the order of advantages is rung first, then reward, then failed and refused alike', () => {
    const results = [scored(0.9, 1), scored(0.2, 2), scored(0.3, 2), scored(0.1, 1), failed, refused];
    const advantages = [...judge(firstJudgeState, results, options).advantages];
    const order = [...advantages.keys()].sort(
      (a, b) => (advantages[b] as number) - (advantages[a] as number) || a - b,
    );
    assert.deepEqual(order, [2, 1, 0, 3, 4, 5]);
    assert.equal(advantages[4], advantages[5]);
  });

  test('ranks do not change where the scores of one rung are moved and stretched', () => {
    const random = Random.fromSeed('ranks');
    const results = Array.from({ length: 40 }, () => scored(random.normal(), 1 + random.index(3)));
    const stretched = results.map((one) => ({
      ...one,
      reward: one.rung === 2 ? Math.exp(3 * (one.reward as number)) - 50 : one.reward,
    }));
    assert.deepEqual(
      judge(firstJudgeState, stretched, options).advantages,
      judge(firstJudgeState, results, options).advantages,
    );
  });

  test('scores are ranks as soon as a second rung is met, whatever the numbers', () => {
    const before = judge(firstJudgeState, [scored(5), scored(4), scored(3)], byScore).state;
    const { advantages, state } = judge(before, [scored(0.1, 2), scored(5, 1), failed], byScore);
    assert.ok((advantages[0] as number) > (advantages[1] as number));
    assert.ok((advantages[1] as number) > (advantages[2] as number));
    const later = judge(state, [scored(9, 1), scored(0.2, 2)], byScore);
    assert.ok((later.advantages[1] as number) > (later.advantages[0] as number));
  });

  test('the floor is what the refused and failed get where scores are the rewards', () => {
    const { state } = judge(firstJudgeState, [refused, failed], { ...byScore, floor: -7 });
    assert.equal(state.baseline, -7);
    assert.deepEqual([...judge(state, [scored(-7)], { ...byScore, floor: -7 }).advantages], [0]);
  });

  test('equal results count half, so that a batch of equals is average', () => {
    const { state } = judge(firstJudgeState, [scored(1), scored(1), scored(1)], options);
    assert.equal(state.baseline, 0.5);
  });

  test('ranks are among the latest results only', () => {
    let state = firstJudgeState;
    for (let batch = 0; batch < 5; batch++) {
      state = judge(state, [scored(batch), scored(batch + 0.5)], { ...options, window: 6 }).state;
    }
    assert.deepEqual(
      state.window.map(({ reward }) => reward),
      [2, 2.5, 3, 3.5, 4, 4.5],
    );
  });

  test('batches of nothing but failures teach nothing and break nothing', () => {
    const { advantages, state } = judge(firstJudgeState, [refused, failed, refused], options);
    assert.deepEqual([...advantages], [0, 0, 0]);
    const next = judge(state, [scored(1)], options);
    assert.ok(next.advantages.every(Number.isFinite));
  });

  test('its state goes through JSON unchanged', () => {
    const { state } = judge(firstJudgeState, [scored(0.1), failed, refused, scored(1 / 3, 2)], options);
    assert.deepEqual(judgeState.parse(JSON.parse(JSON.stringify(state))), state);
  });
});

const failed: Told = { tokens: [0], reward: null, rung: 1, origin: 'new' };
const refused: Told = { tokens: [0], reward: null, rung: 0, origin: 'refused' };

function scored(reward: number, rung = 1): Told {
  return { tokens: [0], reward, rung, origin: 'new' };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
