import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { follow, newProgress } from '../../src/cli/progress.ts';
import { progressLines } from '../../src/cli/progress-lines.ts';
import { beginEvent, candidateEvent } from './study-events.ts';

const space = { width: 120, height: 30, colors: createColors(false) };

test('progress shows rate, time left, counts, the best finds and the target', () => {
  const progress = newProgress();
  follow(progress, beginEvent(), 1000);
  for (let number = 1; number <= 8; number++) {
    const seconds = number * 10;
    const event = candidateEvent(number, number / 100, { seconds, secondsLeft: (40 - number) * 10 });
    follow(progress, event, 1000 + seconds * 1000);
  }
  const lines = progressLines(progress, space, 81_000);
  const text = lines.join('\n');
  assert.match(text, /20% {2}1m 20s, 5m 20s left, 6\.0 candidates\/min/);
  assert.match(text, /10 proposed: 8 trained; 1 refused; 1 known; baselines to train: 9/);
  assert.match(text, /target x\*sigmoid\(beta\*x\): not found yet/);
  assert.deepEqual(
    lines.slice(-5).map((line) => line.trim().slice(0, 7)),
    ['+0.0800', '+0.0700', '+0.0600', '+0.0500', '+0.0400'],
  );
  const found = { id: 108, number: 8, expression: 'sigmoid(x)*x', match: 'equal-at-1' } as const;
  follow(progress, { event: 'target', ...found }, 82_000);
  assert.match(
    progressLines(progress, space, 82_000).join('\n'),
    /found as candidate 108, sigmoid\(x\)\*x \(equal where all parameters are 1\)/,
  );
  follow(progress, candidateEvent(9, 0, { seconds: 85, secondsLeft: 500 }), 85_000);
  assert.match(
    progressLines(progress, space, 85_000).join('\n'),
    /8m 20s left \(more than estimated before\)/,
  );
});

test('baselines are marks between the finds, at their ranks', () => {
  const progress = newProgress();
  follow(progress, beginEvent(), 0);
  for (const event of [
    candidateEvent(-1, 0),
    candidateEvent(-2, 0.08),
    candidateEvent(-3, 0.07),
    candidateEvent(1, 0.05),
    candidateEvent(2, -0.1),
    candidateEvent(-4, -0.2),
  ])
    follow(progress, event, 1);
  assert.deepEqual(progressLines(progress, space, 2).slice(-5), [
    '   score  function',
    ' +0.0800  -- Known2, Known3',
    ' +0.0500  sigmoid(x)*max(x, 1)  candidate 101',
    ' +0.0000  -- Known1',
    ' -0.1000  sigmoid(x)*max(x, 2)  candidate 102',
  ]);
});

test('progress shows what trains now, and no longer once it has ended', () => {
  const progress = newProgress();
  follow(progress, beginEvent(), 0);
  const running = { expression: 'tanh(x)', rung: 1, secondsLeft: null, child: 'mlp20-mnist', seed: 1 };
  const far = { step: 125, steps: 500, trainingLoss: 1.5 };
  follow(progress, { event: 'progress', candidate: 103, ...running, ...far }, 10);
  assert.match(progressLines(progress, space, 20).join('\n'), /25% {2}tanh\(x\) {2}on mlp20-mnist/);
  follow(progress, candidateEvent(3, 0.1), 30);
  assert.doesNotMatch(progressLines(progress, space, 40).join('\n'), /tanh/);
});

test('progress fits terminals of any size', () => {
  const progress = newProgress();
  follow(progress, beginEvent(), 0);
  for (let number = -1; number <= 8; number++)
    if (number !== 0) follow(progress, candidateEvent(number, number / 10), 5000);
  for (const width of [1, 2, 10, 40, 79, 300]) {
    for (const height of [1, 2, 3, 5, 9, 50]) {
      const lines = progressLines(progress, { ...space, width, height }, 6000);
      assert.ok(lines.length >= 1 && lines.length <= height, `${width}x${height}`);
      for (const line of lines)
        assert.ok(stripVTControlCharacters(line).length <= width, `${width}x${height}: ${line}`);
    }
  }
});
