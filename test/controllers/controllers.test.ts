import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controllerKind, controllerOptions } from '../../src/controllers/controllers.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { conformance } from './conformance.ts';

// One line a controller.
conformance('random', { exhausts: true });
conformance('exhaustive', { exhausts: true });
conformance('evolution', { exhausts: true });
conformance('rl');

const paper = loadSearchSpace('paper');

test('exhaustive goes in the order of enumeration, from start to before end', () => {
  const all = controllerKind('exhaustive').create(paper, 0, {}).ask(100);
  assert.deepEqual(
    all[0],
    paper.tokenCounts.map(() => 0),
  );
  const part = controllerKind('exhaustive').create(paper, 0, { start: 40, end: 60 });
  assert.deepEqual(part.ask(1000), all.slice(40, 60));
  assert.deepEqual(part.ask(1), []);
});

test('exhaustive with nothing between start and end is refused', () => {
  assert.throws(
    () => controllerKind('exhaustive').create(paper, 0, { start: 6250 }),
    (error) => error instanceof ActivationSearchError && /0 to 6249/.test(error.hint ?? ''),
  );
});

test('random proposes differently for different seeds', () => {
  const sequences = [1, 2, 3].map((seed) => String(controllerKind('random').create(paper, seed, {}).ask(20)));
  assert.equal(new Set(sequences).size, 3);
});

test('random draws every first proposal about equally often', () => {
  const small = loadSearchSpace('small');
  const counts = new Map<number, number>();
  const position = small.tokenCounts.findIndex((count) => count > 1);
  const draws = 4000;
  for (let seed = 0; seed < draws; seed++) {
    const [tokens] = controllerKind('random').create(small, seed, {}).ask(1);
    const token = tokens?.[position] as number;
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const expected = draws / (small.tokenCounts[position] as number);
  for (const count of counts.values()) assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected));
});

test('random never repeats itself and keeps a small state in a space of trillions of sequences', () => {
  const huge = loadSearchSpace('paper', { units: 3 });
  const controller = controllerKind('random').create(huge, 1, {});
  const seen = new Set(controller.ask(2000).map(String));
  assert.equal(seen.size, 2000);
  assert.ok(JSON.stringify(controller.save()).length < 100);
});

test('an unknown controller and an unknown option name the nearest known one', () => {
  assert.throws(() => controllerKind('randon'), /unknown controller "randon"/);
  assert.throws(
    () => controllerOptions('exhaustive', { strat: 1 }),
    (error) => error instanceof ActivationSearchError && /"start"/.test(error.hint ?? ''),
  );
  assert.throws(() => controllerOptions('exhaustive', { start: -1 }), /start/);
  assert.throws(() => controllerOptions('random', { start: 1 }), /no option "start"/);
});
