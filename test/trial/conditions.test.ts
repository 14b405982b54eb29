import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conditions } from '../../src/trial/conditions.ts';

test('a condition that holds is waited for no longer, one that does not until a change', async () => {
  const conditions = new Conditions();
  await conditions.when(() => true);
  let count = 0;
  const waited = conditions.when(() => count === 1).then(() => 'waited');
  count = 1;
  conditions.changed();
  assert.equal(await waited, 'waited');
});

test('who waits is asked at changes only, not whenever another one comes to wait', async () => {
  const conditions = new Conditions();
  let looks = 0;
  let open = false;
  const all = Array.from({ length: 100 }, () =>
    conditions.when(() => {
      looks++;
      return open;
    }),
  );
  assert.equal(looks, 100);
  open = true;
  conditions.changed();
  await Promise.all(all);
  conditions.changed();
  assert.equal(looks, 200);
});
