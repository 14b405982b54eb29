import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { toQueue } from '../../src/queue/queue-messages.ts';
import { decode, decoded, encode } from '../../src/queue/wire.ts';
import { tinyRequest } from '../trial/requests.ts';

test('numbers keep their bits: not finite ones and negative zeros too', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (numbers) => {
      assert.deepEqual(decode(z.any(), encode({ numbers })), { numbers });
    }),
  );
  assert.ok(Object.is(decode(z.any(), encode(-0)), -0));
});

test('control characters of a message cannot reach a terminal; line ends can', () => {
  const text = decode(z.string(), encode('red \x1b[31m\x07 \u009b2J \u202e gnp.exe\nnext\tline'));
  assert.equal(text, 'red ?[31m? ?2J ? gnp.exe\nnext\tline');
});

test('what does not fit the schema is refused in words, or passed over', () => {
  const schema = z.strictObject({ step: z.number() });
  assert.throws(() => decode(schema, '{"step":"one"}'), /expected number/);
  assert.equal(decoded(schema, '{"step":1,"more":1}'), undefined);
  assert.equal(decoded(schema, 'no JSON'), undefined);
});

test('a trial has the id of all that decides its outcome, and of nothing else', () => {
  const id = toQueue(tinyRequest()).id;
  assert.equal(toQueue(tinyRequest({ id: 7, earlyStop: null })).id, id);
  const others = [{ seed: 2 }, { steps: 61 }, { rung: 2 }, { expression: 'sin(x)' }, { timeLimit: 1 }];
  for (const other of others) assert.notEqual(toQueue(tinyRequest(other)).id, id);
});

test('the paths of checkpoints stay on their machine', () => {
  const checkpoint = {
    from: { file: '/home/a/b/1-net-1-60.checkpoint', step: 60 },
    to: '../x/1-net-1-90.checkpoint',
  };
  assert.deepEqual(JSON.parse(toQueue(tinyRequest({ checkpoint })).body).checkpoint, {
    from: { name: '1-net-1-60.checkpoint', step: 60 },
    to: '1-net-1-90.checkpoint',
  });
});
