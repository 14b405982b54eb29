import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fusedAbsence } from '../../src/activation/usual-backend.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { liveTensors } from '../../src/tensorflow.ts';
import { trainedPreactivations } from '../../src/trial/preactivations.ts';
import { tinyRequest } from './requests.ts';

test('what each layer gives to the function is the same for both ways to compute it', async (t) => {
  if (fusedAbsence() !== undefined) return t.skip('there is no fused kernel');
  const trained = (activation: 'composed' | 'fused') =>
    trainedPreactivations(tinyRequest({ expression: 'x*sigmoid(beta*x)', steps: 10, activation }));
  const [composed, fused] = [await trained('composed'), await trained('fused')];
  assert.ok(composed.length > 1);
  assert.deepEqual(
    composed.map(({ length }) => length),
    fused.map(({ length }) => length),
  );
  for (const [place, values] of composed.entries()) {
    assert.equal(values.length % 500, 0, 'as many of each of 500 images');
    const most = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
    values.forEach((value, index) => {
      assert.ok(Math.abs(value - (fused[place]?.[index] ?? Number.NaN)) <= 1e-2 * most);
    });
  }
  const before = liveTensors();
  await trained('composed');
  assert.equal(liveTensors(), before);
});

test('a training that diverges again is refused in words', async () => {
  await assert.rejects(
    trainedPreactivations(tinyRequest({ expression: 'exp(exp(x^2))', steps: 10 })),
    (error) => error instanceof ActivationSearchError && /diverged this time/.test(error.message),
  );
});
