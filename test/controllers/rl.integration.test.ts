// Needs TensorFlow; takes some ten seconds.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Controller, Told } from '../../src/controllers/controller.ts';
import { controllerKind, controllerOptions } from '../../src/controllers/controllers.ts';
import { Random } from '../../src/random.ts';
import type { Tokens } from '../../src/search-space/search-space.ts';
import { createSearchSpace, loadSearchSpace, type SearchSpace } from '../../src/search-space/search-space.ts';
import { pairedTest } from '../support/paired-test.ts';

const paper = loadSearchSpace('paper');
const small = loadSearchSpace('small');

suite('controller rl', () => {
  test('finds a planted optimum of two units, whose tokens pay one by one', () => {
    const space = loadSearchSpace('small', { units: 2 });
    const planted = space.tokenCounts.map((count, position) => (7 * position + 3) % count);
    const reward = (tokens: Tokens): number =>
      tokens.filter((token, position) => token === planted[position]).length / planted.length;
    for (const seed of [1, 2, 3]) {
      const proposed = search(create('rl', space, seed), 40, reward).map(({ tokens }) => String(tokens));
      assert.ok(proposed.includes(String(planted)), `seed ${seed}`);
    }
  });

  test('the best of 480 in a table with structure is better than that of random search, p < 0.01', () => {
    const table = structuredTable(paper);
    const best = (name: 'random' | 'rl', seed: number): number =>
      Math.max(...search(create(name, paper, seed), 15, table).map(({ reward }) => reward ?? -1));
    const seeds = [...Array(20).keys()];
    const [own, others] = (['rl', 'random'] as const).map((name) => seeds.map((seed) => best(name, seed)));
    const { difference, pValue } = pairedTest(own as number[], others as number[]);
    assert.ok(difference > 0 && pValue < 0.01, `better by ${difference}, p = ${pValue}`);
  });

  test('what it proposes last is better than what it proposes first, with scores and with ranks of several rungs', () => {
    const table = structuredTable(paper);
    for (const reward of ['score', 'rank']) {
      const options = { reward };
      const results = search(create('rl', paper, 4, options), 25, table, reward === 'rank');
      const values = results.map(({ tokens }) => table(tokens) ?? -1);
      const [first, last] = [values.slice(0, 160), values.slice(-160)];
      assert.ok(average(last) > average(first) + 0.5, `${reward}: ${average(first)} to ${average(last)}`);
    }
  });

  test('proposes nothing twice while it can help it', () => {
    const results = search(create('rl', paper, 6), 8, structuredTable(paper));
    assert.equal(new Set(results.map(({ tokens }) => String(tokens))).size, results.length);
    const repeating = search(create('rl', small, 6, { redraws: 0 }), 6, () => 0);
    assert.ok(new Set(repeating.map(({ tokens }) => String(tokens))).size < repeating.length);
  });

  test('its first proposals are even: tokens of a position are equally likely before any result', () => {
    const counts = new Float64Array(paper.tokenCounts[2] as number);
    const draws = 4000;
    for (const tokens of create('rl', paper, 5, { redraws: 0 }).ask(draws)) {
      const token = tokens[2] as number;
      counts[token] = (counts[token] as number) + 1;
    }
    const expected = draws / counts.length;
    assert.ok(counts.every((count) => Math.abs(count - expected) < 5 * Math.sqrt(expected)));
  });

  test('its state is the same, bit for bit, however often it is saved and restored on the way', () => {
    const table = structuredTable(paper);
    const whole = create('rl', paper, 9);
    let restored = create('rl', paper, 9);
    search(whole, 6, table);
    for (let batch = 0; batch < 6; batch++) {
      search(restored, 1, table);
      restored = controllerKind('rl').restore(paper, JSON.parse(JSON.stringify(restored.save())));
    }
    assert.deepEqual(restored.save(), whole.save());
  });

  test('ends once every sequence of a space was proposed', () => {
    const results = search(create('rl', small, 3, { redraws: 200 }), 12, () => 0);
    assert.equal(new Set(results.map(({ tokens }) => String(tokens))).size, Number(small.size));
    assert.ok(results.length < 12 * 32);
  });

  test('a space with nothing to decide has one proposal', () => {
    const { unary, binary, ...rest } = small;
    const single = createSearchSpace({ ...rest, unary: unary.slice(0, 1), binary: binary.slice(0, 1) });
    const controller = create('rl', single, 1);
    const results = search(controller, 2, () => 1);
    assert.deepEqual(new Set(results.map(({ tokens }) => String(tokens))), new Set(['0,0,0,0,0']));
    assert.deepEqual(controller.ask(1), []);
  });

  test('refuses to be told what it was not asked for', () => {
    const controller = create('rl', paper, 1);
    const [asked] = controller.ask(1);
    const other = (asked as Tokens).with(2, ((asked as Tokens)[2] as number) === 0 ? 1 : 0);
    assert.throws(() => controller.tell([{ tokens: other, reward: 1, rung: 1, origin: 'new' }]), /asked/);
  });
});

function create(
  name: 'random' | 'rl',
  space: SearchSpace,
  seed: number,
  options: Readonly<Record<string, unknown>> = {},
): Controller {
  return controllerKind(name).create(space, seed, controllerOptions(name, options));
}

/**
 * Batches of 32 asked and told; all results. With a ladder, the best quarter of a batch is told from rung 2,
 * on another scale.
 */
function search(
  controller: Controller,
  batches: number,
  table: (tokens: Tokens) => number | null,
  ladder = false,
): Told[] {
  return Array.from({ length: batches }, () => {
    const results = controller.ask(32).map((tokens): Told => {
      const reward = table(tokens);
      return { tokens, reward, rung: reward === null ? 0 : 1, origin: reward === null ? 'refused' : 'new' };
    });
    const bar = results.map(({ reward }) => reward ?? -9).sort((a, b) => b - a)[8] as number;
    const told = results.map((one) =>
      ladder && one.reward !== null && one.reward > bar
        ? { ...one, rung: 2, reward: one.reward / 50 - 3 }
        : one,
    );
    controller.tell(told);
    return told;
  }).flat();
}

/**
 * A made-up reward for each sequence: a worth of each token at its position, one of each pair of neighboring
 * tokens, and chance; a tenth is refused.
 */
function structuredTable(space: SearchSpace): (tokens: Tokens) => number | null {
  const draw = (...key: readonly (string | number)[]): number => Random.fromSeed('table', ...key).normal();
  const worth = new Map<string, number>();
  const of = (key: string): number => {
    const value = worth.get(key) ?? draw(space.name, key);
    worth.set(key, value);
    return value;
  };
  return (tokens) => {
    if (Random.fromSeed('refused', tokens.join()).uniform() < 0.1) return null;
    const single = tokens.map((token, position) => of(`${position} ${token}`));
    const pairs = tokens.slice(1).map((token, position) => of(`${position} ${tokens[position]} ${token}`));
    return (sum(single) + 0.7 * sum(pairs) + 0.5 * draw(tokens.join())) / tokens.length;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}
