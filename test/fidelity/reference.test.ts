import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { worst } from '../../src/fidelity/agreement.ts';
import {
  openReference,
  placesAmong,
  publishedReference,
  selfAgreement,
} from '../../src/fidelity/reference.ts';
import { readTrainings } from '../../src/fidelity/trainings.ts';
import { shippedTablesFolder } from '../../src/paths.ts';

test("the published means are those of the paper's tables", () => {
  const { functions } = publishedReference('cifar10');
  assert.equal(functions.length, 16);
  const value = (name: string) => functions.find((one) => one.name === name)?.value.toFixed(2);
  // (93.8 + 95.3 + 94.8) / 3 and (94.7 + 95.5 + 94.8) / 3
  assert.deepEqual([value('ReLU'), value('Swish-1')], ['94.63', '95.00']);
  assert.equal(publishedReference('cifar100').functions[0]?.value.toFixed(2), '78.57');
});

test("the paper's networks predict each other by no more than this", () => {
  const { networks, seeds } = publishedReference('cifar10');
  const own = selfAgreement(networks);
  assert.deepEqual(
    own.map(({ all }) => all.tau.toFixed(2)),
    ['0.61', '0.63', '0.63'],
  );
  assert.deepEqual(selfAgreement(networks.slice(0, 1)), []);
  assert.deepEqual(seeds, []);
});

test('a function that failed on several networks is the worst by all of them together', () => {
  const [own] = selfAgreement([
    [3, 2, 1, worst],
    [6, 4, 2, worst],
    [3, 4, 1, worst],
  ]);
  assert.equal(own?.all.tau, 1);
});

test("the long trainings that ship are of the paper's functions, with three seeds on two networks", () => {
  const gold = openReference('gold');
  const placeOf = placesAmong(openReference('cifar10').functions);
  const trainings = readTrainings(join(shippedTablesFolder, 'gold.csv'));
  const places = [...new Set(trainings.map((training) => placeOf(training.function) as number))];
  assert.deepEqual(
    places.sort((a, b) => a - b),
    Array.from({ length: 16 }, (_, place) => place),
  );
  assert.deepEqual([gold.networks.length, gold.seeds.length], [2, 3]);
});
