import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Controller } from '../../src/controllers/controller.ts';
import { controllerOptions } from '../../src/controllers/controllers.ts';
import { exhaustive } from '../../src/controllers/exhaustive.ts';
import { indexOfTokens, loadSearchSpace } from '../../src/search-space/search-space.ts';

const space = loadSearchSpace('small');

function over(options: { start?: number; end?: number }): Controller {
  return exhaustive.create(space, 1, controllerOptions('exhaustive', options));
}

function numbers(controller: Controller, count: number): number[] {
  return controller.ask(count).map((tokens) => Number(indexOfTokens(space, tokens)));
}

test('sequences come in the order of their numbers, from start to before end, and then none', () => {
  const controller = over({ start: 5, end: 10 });
  assert.deepEqual(numbers(controller, 3), [5, 6, 7]);
  assert.deepEqual(numbers(controller, 3), [8, 9]);
  assert.deepEqual(numbers(controller, 3), []);
});

test('an end beyond the space is the end of the space', () => {
  const last = Number(space.size) - 1;
  assert.deepEqual(numbers(over({ start: last - 1, end: 10 ** 12 }), 9), [last - 1, last]);
});

test('a start that leaves nothing is refused, with the starts that are allowed', () => {
  assert.throws(() => over({ start: 4, end: 4 }), /start 4 leaves nothing to propose before 4/);
  const size = Number(space.size);
  assert.throws(() => over({ end: 0 }), /end/);
  assert.throws(() => over({ start: size }), { code: 'config', hint: new RegExp(`0 to ${size - 1}`) });
});

test('the state is the next number and the end: restored, it goes on there', () => {
  const controller = over({ start: 2, end: 6 });
  controller.ask(1);
  assert.deepEqual(controller.save(), { position: '3', end: '6' });
  assert.deepEqual(numbers(exhaustive.restore(space, controller.save()), 9), [3, 4, 5]);
  assert.throws(() => exhaustive.restore(space, { position: '-1', end: '6' }));
});
