import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Controller, Told } from '../../src/controllers/controller.ts';
import { controllerKind, controllerOptions } from '../../src/controllers/controllers.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { deriveSeed } from '../../src/random.ts';
import type { Tokens } from '../../src/search-space/search-space.ts';
import { loadSearchSpace, neighbors, type SearchSpace } from '../../src/search-space/search-space.ts';
import { pairedTest } from '../support/paired-test.ts';
import { life } from './conformance.ts';

const paper = loadSearchSpace('paper');
const small = loadSearchSpace('small');

type Options = Readonly<Record<string, unknown>>;

function create(
  name: 'evolution' | 'random',
  space: SearchSpace,
  seed: number,
  options: Options = {},
): Controller {
  return controllerKind(name).create(space, seed, controllerOptions(name, options));
}

const restore = (space: SearchSpace, controller: Controller): Controller =>
  controllerKind('evolution').restore(space, JSON.parse(JSON.stringify(controller.save())));

const complete = (tokens: Tokens, reward: number, rung = 1): Told => ({
  tokens,
  reward,
  rung,
  origin: 'new',
});
const failed = (tokens: Tokens): Told => ({ tokens, reward: null, rung: 1, origin: 'new' });
const refused = (tokens: Tokens): Told => ({ tokens, reward: null, rung: 0, origin: 'refused' });

const population = (controller: Controller): readonly Told[] =>
  controller.save().population as readonly Told[];

/** Asks one by one and tells what `rewardOf` gives; the rewards in the order asked. */
function rewards(
  controller: Controller,
  proposals: number,
  rewardOf: (tokens: Tokens) => number | null,
): number[] {
  const all: number[] = [];
  while (all.length < proposals) {
    const asked = controller.ask(8);
    const results = asked.map((tokens) => ({ ...failed(tokens), reward: rewardOf(tokens) }));
    all.push(...results.map(({ reward }) => reward ?? Number.NEGATIVE_INFINITY));
    controller.tell(results);
  }
  return all.slice(0, proposals);
}

const isNeighbor = (space: SearchSpace, of: Tokens, tokens: Tokens): boolean =>
  neighbors(space, of).some((neighbor) => String(neighbor) === String(tokens));

const mutantsOnly = { fresh: 0, swap: 0, exchange: 0, insert: 0, remove: 0 };

test('the oldest result leaves the population, whatever its reward', () => {
  const controller = create('evolution', paper, 1, { population: 3, sample: 2 });
  const asked = controller.ask(5);
  controller.tell(asked.map((tokens, index) => complete(tokens, 100 - index)));
  assert.deepEqual(
    population(controller).map(({ reward }) => reward),
    [98, 97, 96],
  );
  const [next] = controller.ask(1) as [Tokens];
  controller.tell([complete(next, -7)]);
  assert.deepEqual(
    population(controller).map(({ reward }) => reward),
    [97, 96, -7],
  );
});

test('known functions enter the population with their reward; refused and failed ones only where asked for', () => {
  for (const enter of [false, true]) {
    const controller = create('evolution', paper, 1, { population: 9, sample: 2, failed: enter });
    const [a, b, c, d] = controller.ask(4) as [Tokens, Tokens, Tokens, Tokens];
    controller.tell([complete(a, 1), { ...complete(b, 2), origin: 'known' }, failed(c), refused(d)]);
    const entered = population(controller).map(({ tokens }) => tokens);
    assert.deepEqual(entered, enter ? [a, b, c, d] : [a, b]);
  }
});

test('draws evenly until the population is full, and then mutates its members', () => {
  const controller = create('evolution', paper, 4, { ...mutantsOnly, population: 10, sample: 3 });
  const evenly = create('random', paper, 4);
  const first = controller.ask(10);
  assert.deepEqual(first, evenly.ask(10));
  controller.tell(
    first
      .slice(0, 9)
      .map((tokens) => complete(tokens, 0))
      .concat(failed(first[9] as Tokens)),
  );
  const [eleventh] = controller.ask(1) as [Tokens];
  assert.deepEqual([eleventh], evenly.ask(1));
  controller.tell([complete(eleventh, 0)]);
  const members = population(controller);
  for (const tokens of controller.ask(50)) {
    assert.ok(members.some((member) => isNeighbor(paper, member.tokens, tokens)));
  }
});

test('parents are of the population as of the last tell, whatever was asked since', () => {
  const controllers = [1, 2].map(() => create('evolution', paper, 6));
  const [one, other] = controllers as [Controller, Controller];
  for (const controller of controllers) life(controller, 5, 12);
  assert.equal(population(one).length, 30);
  assert.deepEqual([...one.ask(5), ...one.ask(7)], other.ask(12));
});

test('a result of a higher rung is the parent before one of a greater reward', () => {
  const controller = create('evolution', paper, 2, { ...mutantsOnly, population: 4, sample: 4 });
  const asked = controller.ask(4);
  controller.tell(asked.map((tokens, index) => complete(tokens, -index, index === 2 ? 2 : 1)));
  const children = controller.ask(60);
  const ofHighest = children.filter((tokens) => isNeighbor(paper, asked[2] as Tokens, tokens)).length;
  // 1 - (3/4)^4 = 0.68 of the tournaments have it.
  assert.ok(ofHighest > 30, `${ofHighest} of 60`);
});

test('never proposes the same sequence twice, and goes on with fresh ones where a neighborhood is used up', () => {
  const space = loadSearchSpace('small', { units: 2 });
  const controller = create('evolution', space, 3, { population: 2, sample: 2, fresh: 0 });
  const seen = new Set<string>();
  for (let batch = 0; batch < 8; batch++) {
    const asked = controller.ask(50);
    assert.equal(asked.length, 50);
    for (const tokens of asked) seen.add(String(tokens));
    // Only the first two ever complete: all children are of these.
    controller.tell(
      asked.map((tokens, index) => (batch === 0 && index < 2 ? complete(tokens, 1) : failed(tokens))),
    );
  }
  assert.equal(seen.size, 400);
});

test('25 proposals, a stop and 25 more are the 50 of one go, population, set and generator included', () => {
  const options = { population: 8, sample: 4 };
  for (const batch of [1, 5, 25]) {
    const whole = create('evolution', paper, 9, options);
    const proposed = life(whole, 50 / batch, batch);
    const first = create('evolution', paper, 9, options);
    const before = life(first, 25 / batch, batch);
    const second = restore(paper, first);
    assert.deepEqual([...before, ...life(second, 25 / batch, batch)], proposed);
    assert.deepEqual(second.save(), whole.save());
  }
});

test('keeps 10,000 proposals of a space of trillions in less than 100 kB', () => {
  const huge = loadSearchSpace('paper', { units: 3 });
  const controller = create('evolution', huge, 1);
  const seen = new Set(life(controller, 100, 100).flat().map(String));
  assert.equal(seen.size, 10_000);
  assert.ok(JSON.stringify(controller.save()).length < 100_000);
});

test('finds a planted optimum in one sequence of 46,656 within 1,000 proposals, seed after seed', () => {
  const space = loadSearchSpace('small', { units: 2 });
  for (let seed = 0; seed < 20; seed++) {
    const planted = space.tokenCounts.map((count, position) => (deriveSeed(seed, position) >>> 0) % count);
    planted[5] = 1;
    const agreement = (tokens: Tokens): number =>
      tokens.filter((token, position) => token === planted[position]).length;
    const found = rewards(create('evolution', space, seed), 1000, agreement);
    assert.equal(Math.max(...found), planted.length, `seed ${seed}`);
  }
});

test('is better than random on a toy table: mean best reward of 150 proposals over 40 seeds, p < 0.01', () => {
  const unit = (...parts: (string | number)[]): number => (deriveSeed(...parts) >>> 0) / 2 ** 32;
  const bests = (name: 'evolution' | 'random'): number[] =>
    Array.from({ length: 40 }, (_, seed) => {
      // Every primitive has a worth of its own, every pair one together; a fifth fails; and there is noise.
      const rewardOf = ([, , first, second, binary]: Tokens): number | null => {
        const key = `${first} ${second} ${binary}`;
        if (unit('fails', seed, key) < 0.2) return null;
        const alone = unit('u', seed, first as number) + unit('v', seed, second as number);
        const pairs = unit('f', seed, `${first} ${binary}`) + unit('s', seed, `${second} ${binary}`);
        return alone + pairs + unit('b', seed, binary as number) + 0.5 * unit('noise', seed, key);
      };
      return Math.max(...rewards(create(name, paper, seed), 150, rewardOf));
    });
  const { difference, pValue } = pairedTest(bests('evolution'), bests('random'));
  assert.ok(difference > 0 && pValue < 0.01, `difference ${difference}, p ${pValue}`);
});

test('a sample larger than the population and no mutation of tokens are refused', () => {
  assert.throws(
    () => create('evolution', small, 1, { population: 4, sample: 5 }),
    (error) => error instanceof ActivationSearchError && /sample 5/.test(error.message),
  );
  assert.throws(() => create('evolution', small, 1, { token: 0 }), /token/);
  assert.throws(() => create('evolution', small, 1, { population: 1 }), /population/);
  assert.throws(() => create('evolution', small, 1, { populaton: 10 }), /no option "populaton"/);
});

test('with the options for 100 candidates, most of them are mutants and not random search’s', () => {
  const { options, batch = 0 } = controllerKind('evolution').forBudget?.(100, {}) ?? { options: {} };
  const controller = create('evolution', paper, 1, options);
  const drawn = new Set(create('random', paper, 1).ask(100).map(String));
  const asked: Tokens[] = [];
  // As in a study: a batch is asked for while the one before is still being trained. One in three fails.
  let training: readonly Tokens[] = [];
  while (asked.length < 100) {
    const next = controller.ask(batch);
    controller.tell(
      training.map((tokens, index) => ({
        ...complete(tokens, index),
        ...(index % 3 === 0 ? { reward: null } : {}),
      })),
    );
    training = next;
    asked.push(...next);
  }
  const mutants = asked.slice(0, 100).filter((tokens) => !drawn.has(String(tokens)));
  assert.ok(mutants.length > 50, `${mutants.length} mutants`);
});
