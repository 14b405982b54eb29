// node check-tfjs.js FOLDER: the compiled files of FOLDER/tfjs: values and gradients; layers, saved and
// loaded.
import '@tensorflow/tfjs-node';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { isSubnormal, ProofReport } from './proof-report.ts';

type Module = Record<string, unknown>;
type Run = (...operands: tf.Tensor[]) => tf.Tensor;
type LayerType = new (options?: { channelAxis?: number }) => tf.layers.Layer;

const folder = process.argv[2] as string;
const report = new ProofReport(folder, 'tfjs', [
  { reason: 'TensorFlow takes subnormal numbers for 0', excuses: isSubnormal },
  { reason: 'tf.sign and tf.maximum of NaN are not NaN in TensorFlow', excuses: (_, x) => Number.isNaN(x) },
]);
for (const one of report.cases) {
  const url = pathToFileURL(join(folder, 'tfjs', `${one.name.toLowerCase()}.js`)).href;
  const module = (await import(url)) as Module;
  const run = module[one.name.toLowerCase()] as Run;
  for (const { x, parameters, outputs } of one.references) {
    const operands = [
      tf.tensor1d([...x]),
      ...Object.values(parameters).map((value) => tf.fill([x.length], value)),
    ];
    const given = tf.tidy(() => [run(...operands), ...gradients(run, operands)]);
    outputs.forEach((output, index) => {
      report.compare(one, x, output, (given[index] as tf.Tensor).dataSync());
    });
    tf.dispose([...operands, ...given]);
  }
  await checkLayer(one, module[one.name] as LayerType, run);
}
process.exitCode = report.finish() ? 0 : 1;

/** Zero where the function does not depend on an operand at all: tfjs throws there. */
function gradients(run: Run, operands: tf.Tensor[]): tf.Tensor[] {
  const touched = (...all: tf.Tensor[]) => {
    const zero = all.reduce<tf.Tensor>(
      (sum, one) =>
        tf.add(sum, tf.mul(tf.where(tf.isNaN(one), tf.zerosLike(one), tf.clipByValue(one, -1, 1)), 0)),
      tf.scalar(0),
    );
    return tf.sum(tf.add(run(...all), zero)) as tf.Scalar;
  };
  return tf.grads(touched)(operands);
}

async function checkLayer(one: ProofReport['cases'][number], Layer: LayerType, run: Run): Promise<void> {
  const count = Object.keys(one.references[0]?.parameters ?? {}).length;
  for (const channelAxis of count > 0 ? [1, -1] : [-1]) {
    const layer = count > 0 ? new Layer({ channelAxis }) : new Layer();
    const input = tf.input({ shape: [3, 3] });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    const weights = layer
      .getWeights()
      .map((weight) => tf.add(weight, tf.reshape([0, 0.25, -0.125], weight.shape)));
    layer.setWeights(weights);
    const x = tf.randomNormal([2, 3, 3], 0, 1, 'float32', 1);
    const values = (model.predict(x) as tf.Tensor).dataSync();
    const expected = run(x, ...weights.map((weight) => tf.broadcastTo(weight, x.shape))).dataSync();
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    const again = (loaded.predict(x) as tf.Tensor).dataSync();
    values.forEach((value, index) => {
      const exact = expected[index] as number;
      if (Math.abs(value - exact) > 1e-4 * Math.max(1, Math.abs(exact)))
        report.fail(one, `the layer has ${value}, the function ${exact}`);
      if (!Object.is(value, again[index]))
        report.fail(one, `it has ${value}, and ${again[index]} once saved and loaded`);
    });
  }
}
