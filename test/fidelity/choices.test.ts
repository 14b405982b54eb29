import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesOf } from '../../src/fidelity/choices.ts';

test('of few numbers all choices are taken', () => {
  assert.deepEqual(choicesOf(3, 2), [
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  assert.equal(choicesOf(9, 4).length, 126);
  assert.deepEqual(choicesOf(100, 100), [Array.from({ length: 100 }, (_, index) => index)]);
});

test('of many numbers some 200 different choices are taken, the same ones each time', () => {
  for (const [size, count] of [
    [10, 4],
    [100, 50],
  ] as const) {
    const choices = choicesOf(size, count);
    assert.equal(new Set(choices.map((choice) => choice.join())).size, 200);
    for (const choice of choices) {
      assert.equal(new Set(choice).size, count);
      assert.ok(choice.every((one, place) => one < size && one > (choice[place - 1] ?? -1)));
    }
    assert.deepEqual(choicesOf(size, count), choices);
  }
});
