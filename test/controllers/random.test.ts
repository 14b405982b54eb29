import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyedPermutation } from '../../src/controllers/permutation.ts';
import { random } from '../../src/controllers/random.ts';
import { indexOfTokens, loadSearchSpace } from '../../src/search-space/search-space.ts';

const space = loadSearchSpace('small');
const size = Number(space.size);

function drawn(seed: number, batches: readonly number[]): number[] {
  const controller = random.create(space, seed, {});
  return batches.flatMap((count) =>
    controller.ask(count).map((tokens) => Number(indexOfTokens(space, tokens))),
  );
}

test('every sequence is drawn once, in the order of the permutation of the seed', () => {
  const indexAt = keyedPermutation(space.size, 4);
  const order = Array.from({ length: size }, (_, position) => Number(indexAt(BigInt(position))));
  assert.deepEqual(drawn(4, [size + 10]), order);
  assert.equal(new Set(order).size, size);
  assert.notDeepEqual(drawn(5, [size]), order);
});

test('how many are asked for at a time changes nothing', () => {
  assert.deepEqual(drawn(4, [1, 7, 2, 30]), drawn(4, [40]));
});

test('the state is the seed and how many were drawn: restored, it goes on there', () => {
  const controller = random.create(space, 4, {});
  controller.ask(3);
  assert.deepEqual(controller.save(), { seed: 4, position: '3' });
  const rest = random.restore(space, controller.save()).ask(2);
  assert.deepEqual(
    rest.map((tokens) => Number(indexOfTokens(space, tokens))),
    drawn(4, [5]).slice(3),
  );
  assert.throws(() => random.restore(space, { seed: 4, position: 'x' }));
});
