// Starts the program of children in JavaScript, which loads TensorFlow. About 10 s.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { activationLayer } from '../../src/activation/activation-layer.ts';
import { silentLogger } from '../../src/logger.ts';
import { tfjs } from '../../src/tensorflow.ts';
import { WorkerPool } from '../../src/trial/pool.ts';
import type { TrialRequest } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyRequest } from './requests.ts';

const formula = 'x*tanh(softplus(beta*x))';

/** A child that trains nothing: it reports the function's values, and the mode of matrix products. */
const probe = `export function probe({ tf, activation }) {
  const x = tf.linspace(-4, 4, 501).expandDims(1);
  const fast = process.env.TF_SET_ONEDNN_FPMATH_MODE === 'BF16';
  const values = [...activation().apply(x).dataSync()];
  return { metrics: { mode: fast ? 2 : 1 }, learned: { values: [values] } };
}
`;

test('a module computes as the study says: its activations, and the precision of the rest', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(`${folder}/probe.mjs`, probe);
  const pool = new WorkerPool({ workers: 1, logger: silentLogger });
  context.after(() => pool.kill());
  const run = async (settings: Pick<TrialRequest, 'activation' | 'precision'>) => {
    const outcome = await pool.run(
      tinyRequest({
        expression: formula,
        child: 'probe',
        recipe: {
          summary: '',
          module: 'probe.mjs',
          function: 'probe',
          steps: 1,
          options: {},
          env: {},
          tolerance: 0,
          silence: 60,
          metric: { name: 'mode', goal: 'minimize' },
          folder,
        },
        ...settings,
      }),
    );
    assert(outcome.status === 'complete', 'reason' in outcome ? outcome.reason : '');
    const { metric, learned } = outcome.measures;
    return { metric, values: learned.values?.[0], arithmetic: outcome.arithmetic };
  };
  const tf = tfjs();
  const expected = (backend: TrialRequest['activation']) => {
    const x = tf.linspace(-4, 4, 501).expandDims(1);
    return [...(activationLayer(formula, { backend }).apply(x) as typeof x).dataSync()];
  };
  const composed = await run({ activation: 'composed', precision: 'float32' });
  const fused = await run({ activation: 'fused', precision: 'fast' });
  assert.deepEqual([composed.metric, fused.metric], [1, 2]);
  assert.deepEqual(composed.values, expected('composed'));
  assert.deepEqual(fused.values, expected('fused'));
  assert.notDeepEqual(composed.values, fused.values, 'the last bits differ, so that the test can fail');
  assert.ok('command' in fused.arithmetic);
  const { activation, precision } = fused.arithmetic.command;
  assert.deepEqual([activation, precision], ['fused', 'fast']);
});
