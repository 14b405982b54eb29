import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedReference, selfAgreement } from '../../src/fidelity/reference.ts';

test("the published means are those of the paper's tables", () => {
  const { functions } = publishedReference('cifar10');
  assert.equal(functions.length, 16);
  const value = (name: string) => functions.find((one) => one.name === name)?.value.toFixed(2);
  // (93.8 + 95.3 + 94.8) / 3 and (94.7 + 95.5 + 94.8) / 3
  assert.deepEqual([value('ReLU'), value('Swish-1')], ['94.63', '95.00']);
  assert.equal(publishedReference('cifar100').functions[0]?.value.toFixed(2), '78.57');
});

test("the paper's networks predict each other by no more than this", () => {
  const reference = publishedReference('cifar10');
  const own = selfAgreement(reference);
  assert.deepEqual(
    own.map(({ all }) => all.tau.toFixed(2)),
    ['0.61', '0.63', '0.63'],
  );
  assert.deepEqual(selfAgreement({ ...reference, judges: reference.judges.slice(0, 1) }), []);
});
